import { absent, type EventType, type Quantity, type Reading, reading } from '@anju/contract'
import { Readings, raisedBy } from '../../src/tell-one.ts'
import type { PointReading } from '../../src/telling.ts'
import { numberIn, type Properties, switchIn } from './payload.ts'

/** What properties usually mean, for a look without a profile. A profile decides for its own device. */
const NUMBERS: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['battery', 'battery', 'battery-level'],
  ['linkquality', 'link-quality', 'link-quality'],
  ['temperature', 'temperature', 'temperature'],
  ['humidity', 'humidity', 'relative-humidity'],
  ['pressure', 'pressure', 'atmospheric-pressure'],
  ['co2', 'carbon-dioxide', 'carbon-dioxide'],
  ['soil_moisture', 'moisture', 'moisture'],
  ['power', 'active-power', 'active-power'],
  ['current', 'current', 'electric-current'],
  ['energy', 'active-energy', 'active-energy-import'],
  ['produced_energy', 'active-energy-reverse', 'active-energy-export'],
  ['power_factor', 'power-factor', 'power-factor'],
  ['ac_frequency', 'frequency', 'frequency'],
]
const SWITCHES: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['occupancy', 'occupancy', 'motion'],
  ['presence', 'presence', 'presence'],
  // True is closed: a magnet is in contact.
  ['contact', 'contact', 'contact'],
  ['smoke', 'smoke', 'smoke'],
  ['gas', 'gas', 'gas'],
  ['carbon_monoxide', 'carbon-monoxide', 'carbon-monoxide'],
  ['water_leak', 'water-leak', 'water-leak'],
  ['tamper', 'tamper', 'tamper'],
]
/** The same said in words, by devices that have no boolean for it. */
const WORDED: readonly (readonly [
  key: string,
  point: string,
  quantity: Quantity,
  words: Readonly<Record<string, 0 | 1>>,
])[] = [
  ['state', 'switch', 'switched-on', { ON: 1, OFF: 0 }],
  ['smoke_state', 'smoke', 'smoke', { alarm: 1, normal: 0 }],
  ['co_state', 'carbon-monoxide', 'carbon-monoxide', { alarm: 1, normal: 0 }],
  ['presence_state', 'presence', 'presence', { presence: 1, PRESENCE: 1, none: 0, NONE: 0 }],
]
/** Words of fall radars. A suspected fall is none yet: it starts the spoken prompt. */
const FALLS: Readonly<Record<string, Readonly<Record<string, 'over' | 'suspected' | 'fallen'>>>> = {
  fall_status: { normal: 'over', fall_warning: 'suspected', fall_alarm: 'fallen' },
  fall_down_status: { none: 'over', maybe_fall: 'suspected', fall: 'fallen' },
  // OWON's radar: the same property says where somebody is.
  status: {
    unoccupied: 'over',
    occupied: 'over',
    sitting: 'over',
    on_the_bed: 'over',
    low_posture: 'over',
    falling: 'fallen',
  },
}

/** Properties that say something here, for a bridge that publishes each under a topic of its own. */
export const KNOWN: ReadonlySet<string> = new Set([
  ...[...NUMBERS, ...SWITCHES, ...WORDED].map(([key]) => key),
  ...Object.keys(FALLS),
  'voltage',
  'illuminance',
  'illuminance_lux',
  'local_temperature',
  'battery_low',
  'last_seen',
  'sos',
  'test',
])

export interface Meaning {
  readonly readings: readonly PointReading[]
  readonly events: readonly EventType[]
}

export function meaningOf(properties: Properties): Meaning {
  const readings = new Readings()
  for (const [key, point, quantity] of NUMBERS) readings.add(point, quantity, numberIn(properties, key))
  for (const [key, point, quantity] of SWITCHES) readings.add(point, quantity, switchIn(properties, key))
  for (const [key, point, quantity, words] of WORDED) {
    const given = wordIn(properties, key)
    if (given !== undefined && Object.hasOwn(words, given)) readings.add(point, quantity, reading(words[given] ?? 0))
  }
  // A thermostat's own thermometer; what it is set to is no temperature.
  if (!Object.hasOwn(properties, 'temperature'))
    readings.add('temperature', 'temperature', numberIn(properties, 'local_temperature'))
  // `illuminance` was a raw logarithm in versions that also sent `illuminance_lux`.
  readings.add(
    'illuminance',
    'illuminance',
    numberIn(properties, 'illuminance_lux') ?? numberIn(properties, 'illuminance'),
  )
  readVoltage(properties, readings)
  const suspected = readFall(properties, readings)
  return {
    readings: readings.list,
    events: [...raisedBy(readings.list), ...(suspected ? (['fall-suspected'] as const) : [])],
  }
}

const wordIn = (properties: Properties, key: string): string | undefined => {
  const given = Object.hasOwn(properties, key) ? properties[key] : undefined
  return typeof given === 'string' ? given : undefined
}

/** No battery has more, and no mains less. */
const batteryVoltsMax = 60

/** Battery devices send millivolts, a few volts; plugs send volts of the mains. */
function readVoltage(properties: Properties, readings: Readings): void {
  const inMillivolts = Number(properties.voltage) > 1_000
  const ofBattery = inMillivolts || 'battery' in properties || Number(properties.voltage) < batteryVoltsMax
  const perUnit = ofBattery && !(Number(properties.voltage) < batteryVoltsMax) ? 1_000 : 1
  readings.add(
    'voltage',
    ofBattery ? 'battery-voltage' : 'electric-potential',
    numberIn(properties, 'voltage', perUnit),
  )
}

/** Whether a fall is suspected. A word that is not known is an answer that cannot be read. */
function readFall(properties: Properties, readings: Readings): boolean {
  let suspected = false
  for (const [key, stages] of Object.entries(FALLS)) {
    if (!Object.hasOwn(properties, key)) continue
    const word = wordIn(properties, key)
    const stage = word !== undefined && Object.hasOwn(stages, word) ? stages[word] : undefined
    // `status` is also a word of many devices that are no radar.
    if (stage === undefined && key === 'status') continue
    readings.add('fall', 'fall', stage ? reading(stage === 'fallen') : lacking(properties[key]))
    suspected ||= stage === 'suspected'
  }
  return suspected
}
const lacking = (given: unknown): Reading => absent(given === null ? 'not-reported' : 'invalid')
