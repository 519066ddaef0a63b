import { absent, type EventType, type Reading, reading } from '@anju/contract'
import { decimal } from '../../src/byte-reader.ts'
import type { PointReading } from '../../src/telling.ts'
import type { Telegram } from './telegram.ts'

/** What a telegram says when its device's equipment profile (EEP 2.6.8) is known. */
export interface Equipment {
  readonly readings: readonly PointReading[]
  readonly events: readonly EventType[]
  /** Words of the frame. */
  readonly words: Readonly<Record<string, unknown>>
}
type Read = (payload: Uint8Array, telegram: Telegram) => Equipment

const says = (...readings: PointReading[]): Equipment => ({ readings, events: [], words: {} })
const temperature = (value: Reading): PointReading => ({
  point: 'temperature',
  quantity: 'temperature',
  reading: value,
})

/** A5-02: DB1 from 255 at the lower end of the range down to 0 at the upper: nearer to hot, the smaller. */
const temperatureOf =
  (low: number, high: number): Read =>
  (payload) =>
    says(temperature(rounded(high - ((payload[2] ?? 0) / 255) * (high - low))))
/** To a hundredth: a step of the byte is 0.16 °C, and the double's dust is no digit. */
const rounded = (value: number): Reading => reading(Number(value.toFixed(2)))

const TEMPERATURES: readonly (readonly [type: string, low: number, high: number])[] = [
  ['01', -40, 0],
  ['02', -30, 10],
  ['03', -20, 20],
  ['04', -10, 30],
  ['05', 0, 40],
  ['06', 10, 50],
  ['07', 20, 60],
  ['08', 30, 70],
  ['09', 40, 80],
  ['0A', 50, 90],
  ['0B', 60, 100],
  ['10', -60, 20],
  ['11', -50, 30],
  ['12', -40, 40],
  ['13', -30, 50],
  ['14', -20, 60],
  ['15', -10, 70],
  ['16', 0, 80],
  ['17', 10, 90],
  ['18', 20, 100],
  ['19', 30, 110],
  ['1A', 40, 120],
  ['1B', 50, 130],
]

/** A5-04: DB2 humidity and DB1 temperature, 0 to 250 each; more is no value. */
const climateOf =
  (low: number, high: number): Read =>
  (payload) => {
    const [, humidity = 0, degrees = 0, flags = 0] = payload
    const hasTemperature = (flags & 0x02) !== 0
    return says(
      {
        point: 'humidity',
        quantity: 'relative-humidity',
        reading: humidity <= 250 ? reading(decimal(humidity * 4, -1)) : absent('invalid'),
      },
      temperature(
        !hasTemperature
          ? absent('not-supported')
          : degrees <= 250
            ? rounded(low + (degrees / 250) * (high - low))
            : absent('invalid'),
      ),
    )
  }

/** A5-07-01: DB1 over 127 is motion. */
const motion: Read = (payload) =>
  says({ point: 'motion', quantity: 'motion', reading: reading((payload[2] ?? 0) > 127) })

/** D5-00-01: bit 0 is 1 when the contact is closed. */
const contact: Read = (payload) =>
  says({ point: 'contact', quantity: 'contact', reading: reading(((payload[0] ?? 0) & 1) === 1) })

const ROCKERS = ['AI', 'AO', 'BI', 'BO'] as const
/** F6-02: the rocker in bits 5 to 7 while bit 4 (energy bow) says pressed. Letting go names no rocker. */
const rocker: Read = (payload, { status }) => {
  const byte = payload[0] ?? 0
  const pressed = (byte & 0x10) !== 0
  // Status bit 4 (NU) set: one or two known buttons; clear: how many are held, without their names.
  const named = (status & 0x10) !== 0 || (byte & 0xe0) <= 0x60
  return {
    readings: [],
    events: [],
    words: { pressed, button: pressed && named ? (ROCKERS[byte >> 5] ?? null) : null, second: (byte & 1) !== 0 },
  }
}

/** F6-05-01: 11 is water found, 00 is dry. */
const leak: Read = (payload) => {
  const byte = payload[0] ?? 0
  const wet = byte === 0x11 ? reading(1) : byte === 0x00 ? reading(0) : absent('invalid')
  return {
    readings: [{ point: 'water-leak', quantity: 'water-leak', reading: wet }],
    events: byte === 0x11 ? ['water-leak'] : [],
    words: {},
  }
}

/** F6-05-02: 10 is smoke, 00 none, 30 the cell runs low. */
const smoke: Read = (payload) => {
  const byte = payload[0] ?? 0
  const found = byte === 0x10 ? reading(1) : byte === 0x00 ? reading(0) : absent('invalid')
  return {
    readings: byte === 0x30 ? [] : [{ point: 'smoke', quantity: 'smoke', reading: found }],
    events: byte === 0x10 ? ['smoke'] : byte === 0x30 ? ['battery-low'] : [],
    words: {},
  }
}

/** D2-01 command 4, the actuator's status answer: what the output is, in per cent. Commands to it are never built. */
const actuator: Read = (payload) => {
  const [command = 0, channel = 0, output = 0] = payload
  if ((command & 0x0f) !== 0x04 || payload.byteLength !== 3) return { readings: [], events: [], words: {} }
  const percent = output & 0x7f
  return {
    readings: [],
    events: [],
    words: { channel: channel & 0x1f, outputPct: percent <= 100 ? percent : null },
  }
}

const PROFILES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...TEMPERATURES.map(([type, low, high]) => [`A5-02-${type}`, temperatureOf(low, high)] as const),
  ['A5-04-01', climateOf(0, 40)],
  ['A5-04-02', climateOf(-20, 60)],
  ['A5-07-01', motion],
  ['D5-00-01', contact],
  ['F6-02-01', rocker],
  ['F6-02-02', rocker],
  ['F6-05-01', leak],
  ['F6-05-02', smoke],
  ...['00', '01', '02', '03', '06', '07', '08', '09', '0A', '0B', '0C', '0E', '0F', '11', '12'].map(
    (type) => [`D2-01-${type}`, actuator] as const,
  ),
])

export const equipmentProfiles: readonly string[] = [...PROFILES.keys()]

/** Undefined when we do not know the profile. */
export const equipmentReader = (eep: string): Read | undefined => PROFILES.get(eep)

/** What RORGs with a single common reading say without a teach-in; A5 says nothing that could be guessed. */
export const ASSUMED: Readonly<Record<number, string>> = { 0xd5: 'D5-00-01', 0xf6: 'F6-02-02', 0xd2: 'D2-01-01' }
