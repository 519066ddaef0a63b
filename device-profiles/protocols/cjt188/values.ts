import { absent, type Reading, reading } from '@anju/contract'
import { ByteReader, bcdLowFirst, decimal } from '../../src/byte-reader.ts'

type Kind = 'volume' | 'energy' | 'power' | 'flow'
interface Unit {
  readonly of: Kind
  readonly exponent: number
  readonly divisor?: number
}
/** CJ/T 188-2004 table 3: unit code → what one digit's last place (of two decimals) is worth in m³, kWh, kW and m³/h. */
const UNITS: Readonly<Record<number, Unit>> = {
  0x29: { of: 'volume', exponent: -5 }, // L
  0x2c: { of: 'volume', exponent: -2 }, // m³
  0x02: { of: 'energy', exponent: -5 }, // Wh
  0x05: { of: 'energy', exponent: -2 }, // kWh
  0x08: { of: 'energy', exponent: 1 }, // MWh
  0x0a: { of: 'energy', exponent: 3 }, // 100 MWh
  0x01: { of: 'energy', exponent: -8, divisor: 3.6 }, // J
  0x0b: { of: 'energy', exponent: -5, divisor: 3.6 }, // kJ
  0x0e: { of: 'energy', exponent: -2, divisor: 3.6 }, // MJ
  0x11: { of: 'energy', exponent: 1, divisor: 3.6 }, // GJ
  0x13: { of: 'energy', exponent: 3, divisor: 3.6 }, // 100 GJ
  0x14: { of: 'power', exponent: -5 }, // W
  0x17: { of: 'power', exponent: -2 }, // kW
  0x1a: { of: 'power', exponent: 1 }, // MW
  0x40: { of: 'power', exponent: -8, divisor: 3.6 }, // J/h
  0x43: { of: 'power', exponent: -5, divisor: 3.6 }, // kJ/h
  0x46: { of: 'power', exponent: -2, divisor: 3.6 }, // MJ/h
  0x49: { of: 'power', exponent: 1, divisor: 3.6 }, // GJ/h
  0x50: { of: 'power', exponent: 3, divisor: 3.6 }, // 100 GJ/h
  0x32: { of: 'flow', exponent: -5 }, // L/h
  0x35: { of: 'flow', exponent: -2 }, // m³/h
}
const fieldBytes = 5

export interface MeterValues {
  /** m³, or kWh of an electricity meter. */
  readonly total: Reading
  /** The same at the last settlement; water, gas and electricity. */
  readonly settlement?: Reading
  readonly heat?: {
    readonly energyKwh: Reading
    readonly settlementKwh: Reading
    readonly powerKw: Reading
    readonly flowM3h: Reading
    readonly supplyC: Reading
    readonly returnC: Reading
    readonly hours: Reading
    readonly unitBeforeValue: boolean
  }
  /** The meter's own clock, without zone; null when it makes no sense. A meter's clock is an attribute, never a time of ours. */
  readonly timeLocal: string | null
  /** Two bytes whose bits every maker arranges otherwise: hex, as sent; null when the answer ends before them. */
  readonly status: string | null
}

/**
 * One maker puts the unit before the value. Only one of the two readings has a legal unit in all fields; undefined: neither.
 */
function unitPlace(fields: readonly Uint8Array[], kinds: readonly Kind[]): 0 | 4 | undefined {
  const legal = (at: 0 | 4) => fields.every((field, i) => UNITS[field[at] ?? 0]?.of === kinds[i])
  return ([4, 0] as const).find(legal)
}

/** Water, gas and electricity: total, settlement, clock, status. Some makers leave the end out. @throws DomainError when not even the total is whole. */
export function totalValues(data: Uint8Array, kind: 'volume' | 'energy'): MeterValues {
  const input = new ByteReader(data)
  const first = input.bytes(fieldBytes)
  const second = input.left >= fieldBytes ? input.bytes(fieldBytes) : undefined
  const before = unitPlace([first, ...(second ? [second] : [])], [kind, kind]) === 0
  const settlement = second ? { settlement: withUnit(second, kind, before) } : {}
  return { total: withUnit(first, kind, before), ...settlement, ...clockAndStatus(input) }
}

/** Heat and cold, 43 bytes behind the identifier. @throws DomainError `frame-malformed` when too short. */
export function heatValues(data: Uint8Array): MeterValues {
  const input = new ByteReader(data)
  const kinds = ['energy', 'energy', 'power', 'flow', 'volume'] as const
  const fields = kinds.map(() => input.bytes(fieldBytes))
  const place = unitPlace(fields, kinds)
  const [settlementKwh, energyKwh, powerKw, flowM3h, total] = fields.map((field, i) =>
    place === undefined ? absent('invalid') : withUnit(field, kinds[i] ?? 'volume', place === 0),
  ) as [Reading, Reading, Reading, Reading, Reading]
  const [supplyC, returnC, hours] = [bcd(input.bytes(3), -2), bcd(input.bytes(3), -2), bcd(input.bytes(3), 0)]
  return {
    total,
    heat: { energyKwh, settlementKwh, powerKw, flowM3h, supplyC, returnC, hours, unitBeforeValue: place === 0 },
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

function clockAndStatus(input: ByteReader): { timeLocal: string | null; status: string | null } {
  if (input.left < 9) return { timeLocal: null, status: null }
  const timeLocal = clockOf(input.bytes(7))
  const status = [...input.bytes(2)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
  return { timeLocal, status }
}

/**
 * `ss mm hh DD MM YY YY`, low first, or by some makers high first, as it is printed; null for zeros, FF and dates that never
 * were. Only one of the two is a time of this century.
 */
const clockOf = (bytes: Uint8Array): string | null => timeOf(bytes) ?? timeOf(bytes.toReversed())

function timeOf(bytes: Uint8Array): string | null {
  const digits = bcdLowFirst(bytes)
  const match = /^(20\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(String(digits ?? ''))
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const asUtc = new Date(`${text}.000Z`)
  return !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(text) ? text : null
}
