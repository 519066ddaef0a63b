import { absent, type Quantity, type Reading, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import type { PointReading } from '../../src/telling.ts'
import { type MbusRecord, readRecords } from './records.ts'

/** A variable answer (CI 72; EN 13757-3 §5): who the meter is, and what it says. */
export interface VariableAnswer {
  /** Packed digits, low byte first. */
  readonly id: Uint8Array
  readonly manufacturer: number
  readonly version: number
  readonly medium: number
  readonly accessNo: number
  readonly status: number
  readonly signature: number
  readonly encrypted: boolean
  /** None when they are encrypted. */
  readonly records: readonly MbusRecord[]
}

/** Its control information. */
export const VARIABLE_DATA = 0x72
/** EN 13757-7 §7.6: DES and AES in their variants; 0 is none, 31 is what FFFF looks like. */
const ENCRYPTED_MODES = new Set([2, 3, 4, 5, 7, 8, 9, 10, 13])

/** @throws DomainError `frame-malformed` when the head or a record is cut off, or a record endless or of a reserved form. */
export function readAnswer(data: Uint8Array): VariableAnswer {
  const input = new ByteReader(data)
  const id = input.bytes(4)
  const manufacturer = input.u16le()
  const version = input.u8()
  const medium = input.u8()
  const accessNo = input.u8()
  const status = input.u8()
  const signature = input.u16le()
  // Encrypted records would be misread byte for byte. The mode is in five bits; meters without any put what they like there.
  const encrypted = ENCRYPTED_MODES.has((signature >> 8) & 0x1f)
  const records = encrypted ? [] : readRecords(input)
  return { id, manufacturer, version, medium, accessNo, status, signature, encrypted, records }
}

/** A value of now, of the whole meter, with nothing that changes its meaning. */
export const isPlain = ({ function: kind, device, modified }: MbusRecord): boolean =>
  kind === 'Instantaneous value' && device === 0 && !modified

/** The first of a kind is the meter's; a second one is of a phase or an input that its maker numbers in his own way. */
export function readingsOf(records: readonly MbusRecord[], medium: number): readonly PointReading[] {
  const found: PointReading[] = []
  for (const record of records) {
    if (!isPlain(record) || record.storage !== 0) continue
    const row = pointOf(record, medium)
    if (!row || found.some(({ point }) => point === row.point)) continue
    found.push({ point: row.point, quantity: row.quantity, reading: readingOf(record, row.divisor) })
  }
  return found
}

interface Row {
  readonly point: string
  readonly quantity: Quantity
  readonly divisor: number
}
const ELECTRICITY = 0x02
const GAS = 0x03

/** A record that its maker names himself (`quantity` of his own, unit "-") is none of these. */
function pointOf({ quantity, unit, tariff }: MbusRecord, medium: number): Row | undefined {
  const electric = medium === ELECTRICITY
  switch (quantity) {
    case 'Energy':
      if (unit === 'Wh' && electric) return row(perTariff('active-energy', tariff), 'active-energy-import', 1_000)
      if (unit === 'Wh') return row(perTariff('heat-energy', tariff), 'heat-energy', 1_000)
      return unit === 'J' && !electric ? row(perTariff('heat-energy', tariff), 'heat-energy', 3_600_000) : undefined
    case 'Volume':
      if (unit !== 'm^3') return undefined
      return row(perTariff('volume', tariff), medium === GAS ? 'gas-volume' : 'water-volume')
    case 'Power':
      return unit === 'W' && electric ? row('active-power', 'active-power') : undefined
    case 'Voltage':
      return unit === 'V' ? row('voltage', 'electric-potential') : undefined
    case 'Current':
      return unit === 'A' ? row('current', 'electric-current') : undefined
    case 'Flow temperature':
      return unit === '°C' ? row('supply-temperature', 'temperature') : undefined
    case 'Return temperature':
      return unit === '°C' ? row('return-temperature', 'temperature') : undefined
    case 'External temperature':
      return unit === '°C' ? row('external-temperature', 'temperature') : undefined
    default:
      return undefined
  }
}

const row = (point: string, quantity: Quantity, divisor = 1): Row => ({ point, quantity, divisor })
const perTariff = (point: string, tariff: number): string => (tariff > 0 ? `${point}-tariff-${tariff}` : point)

const readingOf = ({ value }: MbusRecord, divisor: number): Reading =>
  typeof value === 'number' ? reading(value / divisor) : absent('invalid')
