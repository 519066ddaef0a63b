import { DomainError } from '@anju/contract'
import { type ByteReader, bcdLowFirst } from '../../src/byte-reader.ts'
import {
  correctionOf,
  extendedInformation,
  largeInformation,
  plainText,
  primaryInformation,
  type ValueInformation,
} from './value-information.ts'

/** One data record of a variable answer (EN 13757-3 §6). */
export interface MbusRecord {
  readonly index: number
  readonly quantity: string
  readonly unit: string
  /** Number in `unit`, text, a date; null when it was sent and is no value. */
  readonly value: number | string | null
  readonly function: 'Instantaneous value' | 'Maximum value' | 'Minimum value' | 'Value during error state'
  readonly storage: number
  readonly tariff: number
  readonly device: number
  /** Further value information behind the first: the value is no plain one of its quantity. */
  readonly modified: boolean
}

const FUNCTIONS = ['Instantaneous value', 'Maximum value', 'Minimum value', 'Value during error state'] as const
/** EN 13757-3 §6.3: at most ten extensions each. */
const extensionsMax = 10
const FILLER = 0x2f

/** @throws DomainError `frame-malformed` when a record is cut off, endless or of a reserved form. */
export const readRecords = (input: ByteReader): readonly MbusRecord[] => readTelegram(input).records

export interface MbusTelegram {
  readonly records: readonly MbusRecord[]
  /** The meter has more to say, in a telegram of its own. */
  readonly moreFollows: boolean
}

/** @throws DomainError as `readRecords`. */
export function readTelegram(input: ByteReader): MbusTelegram {
  const records: MbusRecord[] = []
  while (input.left > 0) {
    const dif = input.u8()
    if (dif === FILLER) continue
    // 0F and 1F: all that follows is the maker's own.
    if (dif === 0x0f || dif === 0x1f) return { records, moreFollows: dif === 0x1f }
    if ((dif & 0x0f) === 0x0f) throw new DomainError('frame-malformed', `reserved data information ${hex(dif)}`)
    records.push(readRecord(input, dif, records.length))
  }
  return { records, moreFollows: false }
}

function readRecord(input: ByteReader, dif: number, index: number): MbusRecord {
  let storage = (dif >> 6) & 1
  let tariff = 0
  let device = 0
  for (const [i, dife] of extensions(input, dif).entries()) {
    // Plain arithmetic: ten extensions of four bits are more than a 32-bit shift holds.
    storage += (dife & 0x0f) * 2 ** (1 + i * 4)
    tariff += ((dife >> 4) & 3) * 4 ** i
    device += ((dife >> 6) & 1) * 2 ** i
  }
  const { information: plain, further } = readInformation(input)
  const corrections = further.map(correctionOf)
  const modified = corrections.includes(undefined)
  const information =
    plain && corrected(plain, modified ? 0 : corrections.reduce<number>((sum, one) => sum + (one ?? 0), 0))
  const value = readValue(input, dif & 0x0f, information)
  return {
    index,
    quantity: information?.name ?? 'Reserved',
    unit: information?.unit ?? '',
    value,
    function: FUNCTIONS[(dif >> 4) & 3] ?? 'Instantaneous value',
    storage,
    tariff,
    device,
    modified,
  }
}

/** The bytes that follow one whose top bit says so. */
function extensions(input: ByteReader, first: number): number[] {
  const found: number[] = []
  let last = first
  while ((last & 0x80) !== 0) {
    if (found.length === extensionsMax)
      throw new DomainError('frame-malformed', `more than ${extensionsMax} extensions`)
    last = input.u8()
    found.push(last)
  }
  return found
}

interface Information {
  readonly information: ValueInformation | undefined
  /** What stands behind it and may change its meaning. */
  readonly further: readonly number[]
}
function readInformation(input: ByteReader): Information {
  const vif = input.u8()
  if ((vif & 0x7f) === 0x7c) {
    const information = plainText(textOf(input.bytes(input.u8())).trim())
    return { information, further: extensions(input, vif) }
  }
  const found = extensions(input, vif)
  const [first = 0, ...more] = found
  if (vif === 0xfd) return { information: extendedInformation(first), further: more }
  if (vif === 0xfb) return { information: largeInformation(first), further: more }
  return { information: primaryInformation(vif), further: found }
}

const corrected = (plain: ValueInformation, exponent: number): ValueInformation =>
  exponent === 0 ? plain : { ...plain, scale: (digits, more) => plain.scale(digits, more + exponent) }

const INTEGER_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 6: 6, 7: 8 }
const BCD_BYTES: Readonly<Record<number, number>> = { 9: 1, 10: 2, 11: 3, 12: 4, 14: 6 }

function readValue(input: ByteReader, type: number, information: ValueInformation | undefined): number | string | null {
  const integerBytes = INTEGER_BYTES[type]
  if (integerBytes !== undefined) return ofInteger(input.bytes(integerBytes), information)
  const bcdBytes = BCD_BYTES[type]
  if (bcdBytes !== undefined) return scaled(signedBcd(input.bytes(bcdBytes)), information)
  if (type === 5) return scaled(input.f32le(), information)
  if (type === 13) return readVariable(input, information)
  return null
}

/** LVAR: its first byte says what follows (EN 13757-3 table 5). */
function readVariable(input: ByteReader, information: ValueInformation | undefined): number | string | null {
  const length = input.u8()
  if (length <= 0xbf) return textOf(input.bytes(length))
  if (length <= 0xc9) return scaled(bcdLowFirst(input.bytes(length - 0xc0)) ?? null, information)
  if (length >= 0xd0 && length <= 0xd9) {
    const digits = bcdLowFirst(input.bytes(length - 0xd0))
    return scaled(digits === undefined ? null : -digits, information)
  }
  if (length >= 0xe0 && length <= 0xef) return hexText(input.bytes(length - 0xe0))
  if (length >= 0xf0 && length <= 0xf4) return hexText(input.bytes(4 * (length - 0xec)))
  if (length === 0xf5 || length === 0xf6) return hexText(input.bytes(length === 0xf5 ? 48 : 64))
  throw new DomainError('frame-malformed', `reserved variable length ${hex(length)}`)
}

function ofInteger(bytes: Uint8Array, information: ValueInformation | undefined): number | string | null {
  if (information?.kind === 'date') return bytes.byteLength === 2 ? dateOf(bytes) : null
  if (information?.kind === 'date-time') return bytes.byteLength === 2 ? dateOf(bytes) : dateTimeOf(bytes)
  const top = bytes.at(-1) ?? 0
  let value = 0n
  for (let i = bytes.byteLength - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0)
  // A measured 80 00 … is the standard's "no valid value"; in flags and numbers it is a bit like any other.
  if (
    information?.kind === 'number' &&
    top === 0x80 &&
    bytes.byteLength > 1 &&
    bytes.subarray(0, -1).every((byte) => byte === 0)
  )
    return null
  return scaled(Number(BigInt.asIntN(bytes.byteLength * 8, value)), information)
}

const scaled = (digits: number | null, information: ValueInformation | undefined): number | null => {
  if (digits === null || !Number.isFinite(digits)) return null
  return information ? information.scale(digits, 0) : digits
}

/** Digits low byte first; F in the highest place is a minus. */
export function signedBcd(bytes: Uint8Array): number | null {
  const top = bytes.at(-1) ?? 0
  if (top >> 4 !== 0x0f) return bcdLowFirst(bytes) ?? null
  const digits = bcdLowFirst(Uint8Array.of(...bytes.subarray(0, -1), top & 0x0f))
  return digits === undefined ? null : -digits
}

/** Type G. 2000-00-00 is what meters send for "none yet"; it is told as sent and measured by nobody. */
const dateOf = (bytes: Uint8Array): string | null => dayOf(bytes, undefined)

/**
 * `hundreds`: type F says the century in two bits, 0 being what meters send that know only two digits. Those are
 * (EN 13757-3 annex A) of 1981 to 2080.
 */
function dayOf([low = 0, high = 0]: Uint8Array, hundreds = 0): string | null {
  if (low === 0xff && high === 0xff) return null
  const year = (low >> 5) | ((high & 0xf0) >> 1)
  // 127 is "every year": an appointment, and no date.
  if (year > 99) return null
  const century = hundreds > 0 ? 19 + hundreds : year > 80 ? 19 : 20
  return `${century}${two(year)}-${two(high & 0x0f)}-${two(low & 0x1f)}`
}

/** Type F (4 bytes) and type I (6 bytes): the meter's own clock, printed with a Z that it does not promise. */
function dateTimeOf(bytes: Uint8Array): string | null {
  const withSeconds = bytes.byteLength === 6
  if (bytes.byteLength !== 4 && !withSeconds) return null
  const [minute = 0, hour = 0, ...day] = withSeconds ? bytes.subarray(1) : bytes
  const invalid = (minute & 0x80) !== 0
  const date = dayOf(Uint8Array.from(day), withSeconds ? undefined : (hour >> 5) & 3)
  if (invalid || date === null) return null
  const second = withSeconds ? (bytes[0] ?? 0) & 0x3f : 0
  return `${date}T${two(hour & 0x1f)}:${two(minute & 0x3f)}:${two(second)}Z`
}

/** Texts are sent backwards. */
const textOf = (bytes: Uint8Array): string =>
  String.fromCharCode(...bytes.toReversed().map((byte) => (byte >= 0x20 && byte < 0x7f ? byte : 0x20)))
const hexText = (bytes: Uint8Array): string => Array.from(bytes.toReversed(), hex).join('')
const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
const two = (value: number): string => String(value).padStart(2, '0')
