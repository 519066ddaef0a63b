import { type EventType, type Quantity, reading } from '@anju/contract'
import { Readings, raisedBy } from '../../src/tell-one.ts'
import type { PointReading } from '../../src/telling.ts'
import { FALL_KEYS, fallStageIn, isFallen } from './fall.ts'
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
/** Properties that say something here, for a bridge that publishes each under a topic of its own. */
export const KNOWN: ReadonlySet<string> = new Set([
  ...[...NUMBERS, ...SWITCHES, ...WORDED].map(([key]) => key),
  ...FALL_KEYS,
  'voltage',
  'illuminance',
  'illuminance_lux',
  'local_temperature',
  'battery_low',
  'breathing_rate',
  'fault',
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
  const stages = FALL_KEYS.flatMap((key) => fallStageIn(properties, key) ?? [])
  for (const stage of stages) readings.add('fall', 'fall', isFallen(stage))
  return {
    readings: readings.list,
    events: [...raisedBy(readings.list), ...(stages.includes('suspected') ? (['fall-suspected'] as const) : [])],
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
