import { formatInstant, type Instant } from '@anju/contract'

/** Whole years between a birth date (`YYYY-MM-DD`) and now, by the date in UTC. */
export function ageAt(bornOn: string | null, now: Instant): number | null {
  if (!bornOn) return null
  const today = formatInstant(now).slice(0, 10)
  const years = Number(today.slice(0, 4)) - Number(bornOn.slice(0, 4))
  return today.slice(5) >= bornOn.slice(5) ? years : years - 1
}

/** That there is something to know is no secret. */
export const masked = (text: string): string => (text === '' ? '' : '••••')

/** Enough to tell two hits apart, and not who they are: the first character, of a name in Latin letters of each word. */
export const maskedName = (name: string): string =>
  name.replaceAll(/\S+/gu, (word) => {
    const [first = '', ...rest] = word
    return first + '•'.repeat(rest.length)
  })

/** The street without its numbers. */
export const maskedAddress = (address: string): string => address.replaceAll(/\p{N}/gu, '•')
