import { bcdLowFirst, hexLowFirst } from '../../src/byte-reader.ts'
import { timeOf } from './values.ts'

/** What an answer says that is no number: dates, status words, texts. */
type Word = (data: Uint8Array) => Record<string, unknown>

/** YYMMDD and the day of the week behind it, low byte first; null when there was no such day. */
function dateOf(bytes: Uint8Array): string | null {
  const day = timeOf(Uint8Array.of(0, 0, ...bytes.subarray(1, 4)))
  return bytes.byteLength < 4 || day === null ? null : day.slice(0, 10)
}
function clockOf(bytes: Uint8Array): string | null {
  const digits =
    bytes.byteLength < 3 || bcdLowFirst(bytes.subarray(0, 3)) === undefined ? '' : hexLowFirst(bytes.subarray(0, 3))
  return /^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : null
}
const digitsOf = (bytes: Uint8Array): string | null => (bcdLowFirst(bytes) === undefined ? null : hexLowFirst(bytes))

const date: Word = (data) => ({ date: dateOf(data), values: { date: digitsOf(data.subarray(0, 4)) } })
const time: Word = (data) => ({ time: clockOf(data), values: { time: digitsOf(data.subarray(0, 3)) } })
const dateTime: Word = (data) => {
  const [day, clock] = [dateOf(data.subarray(3, 7)), clockOf(data)]
  return { date: day, time: clock, timeLocal: day === null || clock === null ? null : `${day}T${clock}` }
}
const frozenAt: Word = (data) => ({ timeLocal: timeOf(data.subarray(0, 5)) })
/** Texts go backwards, and are filled with zeros or blanks. */
const text: Word = (data) => ({
  text: String.fromCharCode(...data.toReversed().filter((byte) => byte >= 0x20 && byte < 0x7f)).trim(),
})
/** Bits that differ by maker: hex, high byte first. */
const status =
  (bytes: number): Word =>
  (data) => {
    const words = Array.from({ length: Math.floor(data.byteLength / bytes) }, (_, i) =>
      hexLowFirst(data.subarray(i * bytes, (i + 1) * bytes)),
    )
    return { status: words[0] ?? null, statusWords: words }
  }

const hex2 = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase()
const TEXTS = [3, 4, 5, 6, 7, 8, 0x0b, 0x0c, 0x0d]

export const WORDS_2007: ReadonlyMap<string, Word> = new Map([
  ['04000101', date],
  ['04000102', time],
  ['0400010C', dateTime],
  ...[1, 2, 3, 4, 5, 6, 7, 0xff].map((word): [string, Word] => [`040005${hex2(word)}`, status(2)]),
  ...TEXTS.map((number): [string, Word] => [`040004${hex2(number)}`, text]),
  ...[1, 2, 3].map((number): [string, Word] => [`0480000${number}`, text]),
  ...Array.from({ length: 62 }, (_, day): [string, Word] => [`050600${hex2(day + 1)}`, frozenAt]),
])

export const WORDS_1997: ReadonlyMap<string, Word> = new Map([
  ['C010', date],
  ['C011', time],
  ['C020', status(1)],
  ['C021', status(1)],
])
