import type { Quantity, Reading } from '@anju/contract'
import { numberIn, type Properties, switchIn } from './payload.ts'

interface Property {
  readonly key: string
  readonly as: 'number' | 'switch'
  readonly quantity: Quantity
  /** So many of the property make one of ours. */
  readonly perUnit?: number
}
const number = (key: string, quantity: Quantity, perUnit = 1): Property => ({ key, as: 'number', quantity, perUnit })
const flag = (key: string, quantity: Quantity): Property => ({ key, as: 'switch', quantity })

/** What the bridge's properties are with us, by our points; `tell` guesses, a profile chooses from here. */
export const PROPERTIES = {
  battery: number('battery', 'battery-level'),
  'link-quality': number('linkquality', 'link-quality'),
  temperature: number('temperature', 'temperature'),
  humidity: number('humidity', 'relative-humidity'),
  'active-power': number('power', 'active-power'),
  current: number('current', 'electric-current'),
  'active-energy': number('energy', 'active-energy-import'),
  'respiration-rate': number('breathing_rate', 'respiration-rate'),
  // Battery devices send millivolts, plugs volts of the mains: the device decides which of the two it has.
  'battery-voltage': number('voltage', 'battery-voltage', 1_000),
  voltage: number('voltage', 'electric-potential'),
  illuminance: number('illuminance', 'illuminance'),
  motion: flag('occupancy', 'motion'),
  presence: flag('presence', 'presence'),
  // True is closed: a magnet is in contact.
  contact: flag('contact', 'contact'),
  smoke: flag('smoke', 'smoke'),
  gas: flag('gas', 'gas'),
  'carbon-monoxide': flag('carbon_monoxide', 'carbon-monoxide'),
  'water-leak': flag('water_leak', 'water-leak'),
  tamper: flag('tamper', 'tamper'),
  'battery-low': flag('battery_low', 'battery-low'),
  test: flag('test', 'self-test'),
} as const satisfies Record<string, Property>
export type PropertyPoint = keyof typeof PROPERTIES

/** Undefined when the message does not speak of it. */
export function propertyIn(properties: Properties, point: PropertyPoint): Reading | undefined {
  const { key, as, perUnit }: Property = PROPERTIES[point]
  if (as === 'switch') return switchIn(properties, key)
  // Versions that also send `illuminance_lux` put a raw logarithm into `illuminance`.
  const lux = point === 'illuminance' ? numberIn(properties, 'illuminance_lux') : undefined
  return lux ?? numberIn(properties, key, perUnit)
}
