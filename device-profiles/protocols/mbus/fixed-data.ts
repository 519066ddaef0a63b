import { ByteReader, hexLowFirst } from '../../src/byte-reader.ts'
import { signedBcd } from './records.ts'

/** One of the two counters of a fixed answer (CI 73; the M-Bus 4.8, §6.3): what older meters say instead of records. */
export interface FixedCounter {
  readonly index: 0 | 1
  readonly quantity: string
  /** As in the table, with its factor: `10 kWh`. */
  readonly unit: string
  readonly value: number | null
  readonly function: 'Actual value' | 'Stored value'
  /** In Wh, W, m³ …: the value times this. */
  readonly factor: number
}
export interface FixedAnswer {
  readonly id: string
  readonly accessNo: number
  readonly status: number
  readonly medium: string
  readonly counters: readonly [FixedCounter, FixedCounter]
}

const MEDIA = [
  'Other',
  'Oil',
  'Electricity',
  'Gas',
  'Heat',
  'Steam',
  'Hot Water',
  'Water',
  'H.C.A.',
  'Reserved',
] as const
const MEDIA_MODE_2 = ['Gas Mode 2', 'Heat Mode 2', 'Hot Water Mode 2', 'Water Mode 2', 'H.C.A. Mode 2'] as const

/** Three codes a unit, for 1, 10 and 100 of it, each unit a thousand times the last (table of physical units). */
const FAMILIES: readonly (readonly [from: number, quantity: string, units: readonly string[], factor: number])[] = [
  [0x02, 'Energy', ['Wh', 'kWh', 'MWh'], 1],
  [0x0b, 'Energy', ['kJ', 'MJ', 'GJ'], 1 / 3.6],
  [0x14, 'Power', ['W', 'kW', 'MW'], 1],
  [0x1d, 'Power', ['kJ/h', 'MJ/h', 'GJ/h'], 1 / 3.6],
  [0x26, 'Volume', ['ml', 'l', 'm^3'], 1e-6],
  [0x2f, 'Volume flow', ['ml/h', 'l/h', 'm^3/h'], 1e-6],
]
const TEMPERATURE = 0x38
const HEAT_COST = 0x39
const SAME_HISTORIC = 0x3e

interface Unit {
  readonly quantity: string
  readonly unit: string
  readonly factor: number
}
function unitOf(code: number): Unit {
  const family = FAMILIES.find(([from]) => code >= from && code < from + 9)
  if (family) {
    const [from, quantity, units, factor] = family
    const step = code - from
    const times = 10 ** (step % 3)
    const unit = units[Math.floor(step / 3)] ?? ''
    return { quantity, unit: times === 1 ? unit : `${times} ${unit}`, factor: factor * 10 ** step }
  }
  if (code === TEMPERATURE) return { quantity: 'Temperature', unit: '1e-3 °C', factor: 1e-3 }
  if (code === HEAT_COST) return { quantity: 'H.C.A.', unit: 'units for HCA', factor: 1 }
  return { quantity: 'Reserved', unit: 'reserved', factor: Number.NaN }
}

/** @throws DomainError `frame-malformed` when it has not its 16 bytes. */
export function readFixed(data: Uint8Array): FixedAnswer {
  const input = new ByteReader(data)
  const id = hexLowFirst(input.bytes(4))
  const accessNo = input.u8()
  const status = input.u8()
  const [first, second] = [input.u8(), input.u8()]
  const counters = [input.bytes(4), input.bytes(4)] as const
  input.end()
  const medium = (first >> 6) | ((second >> 6) << 2)
  const binary = (status & 0x80) !== 0
  const stored = (status & 0x40) !== 0
  const valueOf = (bytes: Uint8Array) => (binary ? new ByteReader(bytes).i32le() : signedBcd(bytes))
  const historic = (second & 0x3f) === SAME_HISTORIC
  const actual = stored ? 'Stored value' : 'Actual value'
  return {
    id,
    accessNo,
    status,
    medium: MEDIA[medium] ?? MEDIA_MODE_2[medium - MEDIA.length] ?? 'Reserved',
    counters: [
      { index: 0, ...unitOf(first & 0x3f), value: valueOf(counters[0]), function: actual },
      {
        index: 1,
        // The other counter of the same kind, at an earlier day.
        ...unitOf((historic ? first : second) & 0x3f),
        value: valueOf(counters[1]),
        function: historic ? 'Stored value' : actual,
      },
    ],
  }
}
