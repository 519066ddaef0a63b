import { absent, type Reading, reading } from '@anju/contract'
import { ByteReader, bcdLowFirst, decimal } from '../../src/byte-reader.ts'

/** CJ/T 188-2004 table 3: unit code → what one digit's last place is worth, in our unit. */
const UNITS: Readonly<
  Record<
    number,
    { readonly of: 'volume' | 'energy' | 'power' | 'flow'; readonly exponent: number; readonly divisor?: number }
  >
> = {
  0x2c: { of: 'volume', exponent: -2 }, // m³
  0x29: { of: 'volume', exponent: -5 }, // L
  0x05: { of: 'energy', exponent: -2 }, // kWh
  0x08: { of: 'energy', exponent: 1 }, // MWh
  0x11: { of: 'energy', exponent: 1, divisor: 3.6 }, // GJ
  0x17: { of: 'power', exponent: -2 }, // kW
  0x35: { of: 'flow', exponent: -4 }, // m³/h
  0x32: { of: 'flow', exponent: -7 }, // L/h
}

export interface MeterValues {
  /** m³. */
  readonly volume: Reading
  /** m³ at the last settlement; water and gas. */
  readonly settlement?: Reading
  readonly heat?: {
    readonly energyKwh: Reading
    readonly supplyC: Reading
    readonly returnC: Reading
    readonly hours: Reading
    readonly unitBeforeValue: boolean
  }
  /** The meter's own clock, without zone; null when it makes no sense. A meter's clock is an attribute, never a time of ours. */
  readonly timeLocal: string | null
  /** Two bytes whose bits every maker arranges otherwise: hex, as sent. */
  readonly status: string
}

type Kind = 'volume' | 'energy' | 'power' | 'flow'

/** Water and gas, 19 bytes behind the identifier. @throws DomainError `frame-malformed` when too short. */
export function volumeValues(data: Uint8Array): MeterValues {
  const input = new ByteReader(data)
  const volume = withUnit(input.bytes(5), 'volume', false)
  const settlement = withUnit(input.bytes(5), 'volume', false)
  return { volume, settlement, ...clockAndStatus(input) }
}

/** Heat and cold, 43 bytes behind the identifier. @throws DomainError `frame-malformed` when too short. */
export function heatValues(data: Uint8Array): MeterValues {
  const input = new ByteReader(data)
  const fields = [input.bytes(5), input.bytes(5), input.bytes(5), input.bytes(5), input.bytes(5)] as const
  const kinds: readonly Kind[] = ['energy', 'energy', 'power', 'flow', 'volume']
  // One maker puts the unit before the value. Only one of the two readings has a legal unit in all five fields.
  const legal = (at: number): boolean => fields.every((field, i) => UNITS[field[at] ?? 0]?.of === kinds[i])
  const unitBeforeValue = legal(0) && !legal(4)
  const known = unitBeforeValue || legal(4)
  const value = (index: 1 | 4, kind: Kind) =>
    known ? withUnit(fields[index], kind, unitBeforeValue) : absent('invalid')
  const supplyC = bcd(input.bytes(3), -2)
  const returnC = bcd(input.bytes(3), -2)
  const hours = bcd(input.bytes(3), 0)
  return {
    volume: value(4, 'volume'),
    heat: { energyKwh: value(1, 'energy'), supplyC, returnC, hours, unitBeforeValue },
    ...clockAndStatus(input),
  }
}

function withUnit(field: Uint8Array, kind: Kind, unitBeforeValue: boolean): Reading {
  const unit = UNITS[field[unitBeforeValue ? 0 : 4] ?? 0]
  const value = unitBeforeValue ? field.subarray(1) : field.subarray(0, 4)
  // FF in every byte is the meter's way to say that it keeps no such register.
  if (value.every((byte) => byte === 0xff)) return absent('not-supported')
  if (unit?.of !== kind) return absent('invalid')
  const scaled = bcd(value, unit.exponent)
  return scaled.is === 'value' && unit.divisor ? reading(scaled.value / unit.divisor) : scaled
}

function bcd(bytes: Uint8Array, exponent: number): Reading {
  const digits = bcdLowFirst(bytes)
  return digits === undefined ? absent('invalid') : reading(decimal(digits, exponent))
}

function clockAndStatus(input: ByteReader): { timeLocal: string | null; status: string } {
  const timeLocal = clockOf(input.bytes(7))
  const status = [...input.bytes(2)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
  return { timeLocal, status }
}

/** `ss mm hh DD MM YY YY`, low first; null for zeros, FF and dates that never were. */
function clockOf(bytes: Uint8Array): string | null {
  const part = (at: number, length: number) => bcdLowFirst(bytes.subarray(at, at + length))
  const [second, minute, hour, day, month, year] = [
    part(0, 1),
    part(1, 1),
    part(2, 1),
    part(3, 1),
    part(4, 1),
    part(5, 2),
  ]
  if (second === undefined || minute === undefined || hour === undefined) return null
  if (day === undefined || month === undefined || year === undefined) return null
  const text = `${four(year)}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`
  const asUtc = new Date(`${text}.000Z`)
  return !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(text) ? text : null
}
const two = (value: number): string => String(value).padStart(2, '0')
const four = (value: number): string => String(value).padStart(4, '0')
