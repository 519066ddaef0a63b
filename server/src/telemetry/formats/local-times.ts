import { offsetAt } from '@anju/contract/zoned-time'

/** Zones change their clocks at whole quarters of an hour: asking the calendar for each sample would take most of the time. */
const slotMs = 15 * 60_000

/** RFC 3339 with the home's distance from UTC. */
export function localTimes(timeZone: string): (at: number) => string {
  let slot = Number.NaN
  let offsetMs = 0
  let suffix = ''
  return (at) => {
    const wanted = Math.floor(at / slotMs)
    if (wanted !== slot) {
      slot = wanted
      offsetMs = Math.round(offsetAt(slot * slotMs, timeZone) / 60_000) * 60_000
      suffix = suffixOf(offsetMs / 60_000)
    }
    return `${new Date(at + offsetMs).toISOString().slice(0, -1)}${suffix}`
  }
}

function suffixOf(minutes: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}
