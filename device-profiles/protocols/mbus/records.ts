import { DomainError } from '@anju/contract'
import { type ByteReader, bcdLowFirst, decimal } from '../../src/byte-reader.ts'
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
  let last = dif
  for (let i = 0; (last & 0x80) !== 0; i++) {
    last = readExtension(input, i)
    // Plain arithmetic: ten extensions of four bits are more than a 32-bit shift holds.
    storage += (last & 0x0f) * 2 ** (1 + i * 4)
    tariff += ((last >> 4) & 3) * 4 ** i
    device += ((last >> 6) & 1) * 2 ** i
  }
  const { information, exponent, modified } = readInformation(input)
  const value = readValue(input, dif & 0x0f, information, modified ? 0 : exponent)
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

/** The byte that follows one whose top bit says so. */
function readExtension(input: ByteReader, before: number): number {
  if (before === extensionsMax) throw new DomainError('frame-malformed', `more than ${extensionsMax} extensions`)
  return input.u8()
}

interface Information {
  readonly information: ValueInformation | undefined
  /** What stands behind it: powers of ten that correct the value, or else what changes its meaning. */
  readonly exponent: number
  readonly modified: boolean
}
function readInformation(input: ByteReader): Information {
  const vif = input.u8()
  const isPlainText = (vif & 0x7f) === 0x7c
  let information = isPlainText ? plainText(textOf(input.bytes(input.u8())).trim()) : primaryInformation(vif)
  let exponent = 0
  let modified = false
  let last = vif
  for (let i = 0; (last & 0x80) !== 0; i++) {
    last = readExtension(input, i)
    if (i === 0 && vif === 0xfd) information = extendedInformation(last)
    else if (i === 0 && vif === 0xfb) information = largeInformation(last)
    else {
      const correction = correctionOf(last)
      exponent += correction ?? 0
      modified ||= correction === undefined
    }
  }
  return { information, exponent, modified }
}

const INTEGER_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 6: 6, 7: 8 }
const BCD_BYTES: Readonly<Record<number, number>> = { 9: 1, 10: 2, 11: 3, 12: 4, 14: 6 }

type Value = number | string | null

function readValue(
  input: ByteReader,
  type: number,
  information: ValueInformation | undefined,
  exponent: number,
): Value {
  const integerBytes = INTEGER_BYTES[type]
  if (integerBytes !== undefined) {
    if (information?.kind === 'date' || information?.kind === 'date-time')
      return timeOf(input.bytes(integerBytes), information.kind)
    return scaled(readInteger(input, integerBytes, information?.kind === 'number'), information, exponent)
  }
  const bcdBytes = BCD_BYTES[type]
  if (bcdBytes !== undefined) return scaled(signedBcd(input.bytes(bcdBytes)), information, exponent)
  if (type === 5) return scaled(input.f32le(), information, exponent)
  if (type === 13) return readVariable(input, information, exponent)
  return null
}

/** LVAR: its first byte says what follows (EN 13757-3 table 5). */
function readVariable(input: ByteReader, information: ValueInformation | undefined, exponent: number): Value {
  const length = input.u8()
  if (length <= 0xbf) return textOf(input.bytes(length))
  if (length <= 0xc9) return scaled(bcdLowFirst(input.bytes(length - 0xc0)) ?? null, information, exponent)
  if (length >= 0xd0 && length <= 0xd9) {
    const digits = bcdLowFirst(input.bytes(length - 0xd0))
    return scaled(digits === undefined ? null : -digits, information, exponent)
  }
  if (length >= 0xe0 && length <= 0xef) return hexText(input.bytes(length - 0xe0))
  if (length >= 0xf0 && length <= 0xf4) return hexText(input.bytes(4 * (length - 0xec)))
  if (length === 0xf5 || length === 0xf6) return hexText(input.bytes(length === 0xf5 ? 48 : 64))
  throw new DomainError('frame-malformed', `reserved variable length ${hex(length)}`)
}

const timeOf = (bytes: Uint8Array, kind: 'date' | 'date-time'): string | null =>
  bytes.byteLength === 2 ? dateOf(bytes) : kind === 'date' ? null : dateTimeOf(bytes)

/**
 * With a sign, low byte first. A `measured` 80 00 … is the standard's "no valid value": null; in flags and numbers it is a bit
 * like any other.
 */
function readInteger(input: ByteReader, bytes: number, measured: boolean): number | null {
  // Compared before it is a double, which takes others for it.
  const value = bytes === 8 ? input.i64le() : input.intLe(bytes)
  return measured && value === NO_VALUE[bytes] ? null : Number(value)
}
const NO_VALUE: Readonly<Record<number, number | bigint>> = {
  2: -(2 ** 15),
  3: -(2 ** 23),
  4: -(2 ** 31),
  6: -(2 ** 47),
  8: -(2n ** 63n),
}

const scaled = (digits: number | null, information: ValueInformation | undefined, exponent: number): number | null => {
  if (digits === null || !Number.isFinite(digits)) return null
  return information ? decimal(digits * information.factor, information.exponent + exponent) : digits
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
