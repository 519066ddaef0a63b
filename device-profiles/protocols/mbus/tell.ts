import { absent, reading } from '@anju/contract'
import { hexLowFirst, hexOf } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { type PointReading, type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { isPlain, readAnswer, readingsOf, VARIABLE_DATA } from './answer.ts'
import { type FixedAnswer, readFixed } from './fixed-data.ts'
import { isAcknowledge, type MbusFrame, mbusFraming } from './framing.ts'
import type { MbusRecord } from './records.ts'

export const mbus: Protocol = {
  name: 'mbus',
  read: ({ bytes }) => {
    if (isAcknowledge(bytes)) return [words({ acknowledge: true, direction: 'response' })]
    return tellScanned(scanAll(mbusFraming, bytes), tell, `no M-Bus frame in ${bytes.length} bytes`)
  },
}

function tell(frame: MbusFrame): Telling {
  const attempt = decodeWith(tellFrame, frame)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

const ERRORS = [
  'Unspecified error',
  'Unimplemented CI-Field',
  'Buffer too long, truncated',
  'Too many records',
  'Premature end of record',
  "More than 10 DIFE's",
  "More than 10 VIFE's",
  'Reserved',
  'Application too busy for handling readout request',
  'Too many readouts',
] as const

export function tellFrame(frame: MbusFrame): Told {
  const head = { control: hex(frame.control), address: frame.address }
  if (frame.is === 'short') return words({ ...head, direction: 'request' })
  const ci = hex(frame.ci)
  // Bit 6 is set from master to meter, and clear in every answer.
  if ((frame.control & 0x40) !== 0)
    return words({ ...head, ci, direction: 'request', command: 'send_user_data', neverSentByGateway: true })
  const answer = { ...head, ci, direction: 'response' }
  if (frame.ci === 0x70) {
    const code = frame.data[0] ?? 0
    return words({ ...answer, applicationError: ERRORS[code] ?? `error ${hex(code)}` })
  }
  if (frame.ci === 0x73) return tellFixed(answer, readFixed(frame.data))
  if (frame.ci !== VARIABLE_DATA) return words({ ...answer, unknown: true, data: hexOf(frame.data) })
  return tellAnswer(answer, frame.data)
}

/** EN 13757-3 table 3, in the words of the field. */
const MEDIA: Readonly<Record<number, string>> = {
  0x00: 'Other',
  0x01: 'Oil',
  0x02: 'Electricity',
  0x03: 'Gas',
  0x04: 'Heat: Outlet',
  0x05: 'Steam',
  0x06: 'Warm water (30-90°C)',
  0x07: 'Water',
  0x08: 'Heat Cost Allocator',
  0x09: 'Compressed Air',
  0x0a: 'Cooling load meter: Outlet',
  0x0b: 'Cooling load meter: Inlet',
  0x0c: 'Heat: Inlet',
  0x0d: 'Heat / Cooling load meter',
  0x0e: 'Bus/System',
  0x0f: 'Unknown Medium',
  0x10: 'Irrigation Water',
  0x11: 'Water Logger',
  0x12: 'Gas Logger',
  0x13: 'Gas Converter',
  0x14: 'Calorific value',
  0x15: 'Hot water (>90°C)',
  0x16: 'Cold water',
  0x17: 'Dual water',
  0x18: 'Pressure',
  0x19: 'A/D Converter',
  0x1a: 'Smoke Detector',
  0x1b: 'Ambient Sensor',
  0x1c: 'Gas Detector',
  0x20: 'Breaker: Electricity',
  0x21: 'Valve: Gas or Water',
}

function tellAnswer(answer: Record<string, unknown>, data: Uint8Array): Told {
  const { id, manufacturer, version, medium, accessNo, status, signature, encrypted, records } = readAnswer(data)
  const at = (quantity: string, storage: number) =>
    records.find((record) => record.quantity === quantity && record.storage === storage && isPlain(record))?.value
  const clock = at('Time point (date & time)', 0)
  return {
    is: 'told',
    frame: {
      ...answer,
      id: hexLowFirst(id),
      idPrinted: hexLowFirst(id).replace(/^0+(?=.)/, ''),
      manufacturer: makerOf(manufacturer),
      version,
      medium: MEDIA[medium] ?? `medium ${hex(medium)}`,
      accessNo,
      status: hex(status),
      signature: signature.toString(16).padStart(4, '0').toUpperCase(),
      ...(encrypted ? { encrypted: true } : {}),
      records: records.map(({ modified, ...record }) => (modified ? { ...record, modified } : record)),
      targetVolumeM3: at('Volume', 1) ?? null,
      targetDate: at('Time point (date)', 1) ?? null,
      timeLocal: typeof clock === 'string' ? clock.slice(0, 16) : null,
      totalEnergyKwh: energyKwh(records, 0),
      targetEnergyKwh: energyKwh(records, 1),
      powerKw: scaled(at('Power', 0), 1_000),
      onTimeH: scaled(at('On time', 0), 3_600),
      operatingTimeH: scaled(at('Operating time', 0), 3_600),
      volumeFlowM3h: at('Volume flow', 0) ?? null,
    },
    readings: readingsOf(records, medium),
    events: [],
  }
}

const scaled = (value: MbusRecord['value'] | undefined, divisor: number): number | null =>
  typeof value === 'number' ? value / divisor : null

function energyKwh(records: readonly MbusRecord[], storage: number): number | null {
  const found = records.find(
    (record) => record.quantity === 'Energy' && record.storage === storage && record.tariff === 0 && isPlain(record),
  )
  return scaled(found?.value, found?.unit === 'J' ? 3_600_000 : 1_000)
}

/** The first counter, when it is of now, is the meter's total. */
function tellFixed(answer: Record<string, unknown>, { id, accessNo, status, medium, counters }: FixedAnswer): Told {
  const [first] = counters
  const total = first.value === null ? absent('invalid') : reading(first.value * first.factor)
  const energy = total.is === 'value' ? reading(total.value / 1_000) : total
  const now = first.function === 'Actual value'
  const electric = medium === 'Electricity'
  const readings: PointReading[] = []
  if (now && first.quantity === 'Volume')
    readings.push({
      point: 'volume',
      quantity: medium.startsWith('Gas') ? 'gas-volume' : 'water-volume',
      reading: total,
    })
  if (now && first.quantity === 'Energy')
    readings.push({
      point: electric ? 'active-energy' : 'heat-energy',
      quantity: electric ? 'active-energy-import' : 'heat-energy',
      reading: energy,
    })
  return {
    is: 'told',
    frame: {
      ...answer,
      id,
      idPrinted: id.replace(/^0+(?=.)/, ''),
      medium,
      accessNo,
      status: hex(status),
      records: counters.map(({ index, quantity, unit, value, function: kind }) => ({
        index,
        quantity,
        unit,
        value,
        function: kind,
      })),
    },
    readings,
    events: [],
  }
}

/** Three letters in 15 bits. */
const makerOf = (code: number): string =>
  String.fromCharCode(...[10, 5, 0].map((shift) => ((code >> shift) & 0x1f) + 0x40))

const words = (frame: Record<string, unknown>): Told => ({ is: 'told', frame, readings: [], events: [] })
const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
