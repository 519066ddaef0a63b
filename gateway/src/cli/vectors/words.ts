import { Printed } from './entry.ts'

// Each answers `same`, or what is different.

/** To half the last digit printed; the small rest is the double's own. */
export function near(value: number, { value: wanted, decimals }: Printed): string {
  const tolerance = 0.5 * 10 ** -decimals + Math.abs(wanted) * 1e-14
  return Math.abs(value - wanted) <= tolerance ? 'same' : `${value}, not ${wanted}`
}

export function compareWord(word: unknown, wanted: unknown, measured: boolean): string {
  if (wanted === null) return word === null || word === undefined ? 'same' : `${text(word)}, not null`
  if (wanted instanceof Printed) {
    if (typeof word !== 'number') return `${text(word)}, not ${wanted.value}`
    if (measured) return near(word, wanted)
    return word === wanted.value ? 'same' : `${word}, not ${wanted.value}`
  }
  if (Array.isArray(wanted)) {
    const same =
      Array.isArray(word) &&
      word.length === wanted.length &&
      wanted.every((one, i) => compareWord(word[i], one, measured) === 'same')
    return same ? 'same' : `${text(word)}, not ${text(wanted)}`
  }
  if (typeof wanted === 'object') {
    if (typeof word !== 'object' || word === null) return `${text(word)}, not ${text(wanted)}`
    const have = word as Readonly<Record<string, unknown>>
    const different = Object.entries(wanted).find(([key, one]) => compareWord(have[key], one, measured) !== 'same')
    return different ? `${different[0]}: ${text(have[different[0]])}, not ${text(different[1])}` : 'same'
  }
  // What a frame does not say of itself it is not: an answer without the flag is no wildcard.
  if (typeof wanted === 'boolean') return (word ?? false) === wanted ? 'same' : `${text(word)}, not ${wanted}`
  if (typeof wanted !== 'string') return 'unknown'
  return equalTexts(word, wanted) ? 'same' : `${text(word)}, not ${wanted}`
}

export const shifted = (word: unknown, exponent = 0): unknown =>
  typeof word === 'number' ? word * 10 ** exponent : word

/** A text of digits is a number when the vector has one there: codecs keep printed values as printed. */
export function compareParts(part: unknown, wanted: unknown): string {
  if (wanted instanceof Printed) {
    const value = typeof part === 'string' && part.trim() !== '' ? Number(part) : part
    return typeof value === 'number' ? near(value, wanted) : `${text(part)}, not ${wanted.value}`
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(part) || part.length !== wanted.length) return `${text(part)}, not ${text(wanted)}`
    return firstOther(wanted.map((one: unknown, i) => compareParts(part[i], one)))
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof part !== 'object' || part === null) return `${text(part)}, not ${text(wanted)}`
    const have = part as Record<string, unknown>
    return firstOther(
      Object.entries(wanted).map(([key, one]) => {
        const outcome = compareParts(Object.hasOwn(have, key) ? have[key] : undefined, one)
        return outcome === 'same' ? outcome : `${key}: ${outcome}`
      }),
    )
  }
  return compareWord(part, wanted, false)
}
export const firstOther = (outcomes: readonly string[]): string =>
  outcomes.find((outcome) => outcome !== 'same') ?? 'same'

/** Hex in either case; instants by the moment they name. */
function equalTexts(word: unknown, wanted: string): boolean {
  if (typeof word !== 'string') return false
  if (word.toUpperCase() === wanted.toUpperCase()) return true
  if (/^[0-9A-F]{2}(?: [0-9A-F]{2})+$/i.test(wanted))
    return word.toUpperCase() === wanted.replaceAll(' ', '').toUpperCase()
  return /^\d{4}-\d\d-\d\dT/.test(wanted) && wanted.endsWith('Z') && Date.parse(word) === Date.parse(wanted)
}

export const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing'
