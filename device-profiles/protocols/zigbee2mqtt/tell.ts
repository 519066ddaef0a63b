import {
  type EventType,
  formatInstant,
  instant,
  parseInstant,
  type Quantity,
  type Reading,
  reading,
} from '@anju/contract'
import { decodeWith } from '../../src/decode-with.ts'
import type { PointReading, Protocol, ProtocolInput, Told } from '../../src/telling.ts'
import { actionIn, numberIn, type Properties, propertiesOf, readMessage, switchIn } from './payload.ts'

/** What properties usually mean, for a look without a profile. A profile decides for its own device. */
const NUMBERS: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['battery', 'battery', 'battery-level'],
  ['linkquality', 'link-quality', 'link-quality'],
  ['temperature', 'temperature', 'temperature'],
  ['humidity', 'humidity', 'relative-humidity'],
  ['power', 'active-power', 'active-power'],
  ['current', 'current', 'electric-current'],
  ['energy', 'active-energy', 'active-energy-import'],
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
/** Words of SOS buttons and keypads, and what fall radars call a fall. */
const PRESSES: ReadonlySet<string> = new Set(['emergency', 'sos', 'panic'])
const FALL_WORDS: Readonly<Record<string, 0 | 1>> = { normal: 0, none: 0, fall_alarm: 1, fall: 1, falling: 1 }
const LEVELS: readonly (readonly [Quantity, EventType])[] = [
  ['fall', 'fall-detected'],
  ['smoke', 'smoke'],
  ['gas', 'gas-leak'],
  ['carbon-monoxide', 'carbon-monoxide'],
  ['water-leak', 'water-leak'],
  ['tamper', 'tamper'],
]

export const zigbee2mqtt: Protocol = {
  name: 'zigbee2mqtt',
  read: (input) => {
    const attempt = decodeWith(tell, input)
    if (attempt.ok) return [attempt.value]
    return [{ is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }]
  },
}

function tell({ topic, bytes }: ProtocolInput): Told {
  const parts = topic.split('/')
  if (parts[1] === 'bridge') return tellBridge(parts.slice(2).join('/'), bytes)
  const message = readMessage(topic, bytes)
  switch (message.is) {
    case 'state':
      return tellState(parts.slice(1).join('/'), message.properties)
    case 'action':
      return told({ device: parts.slice(1, -1).join('/'), action: message.action }, [], pressOf(message.action))
    case 'availability':
      return told({ device: parts.slice(1, -1).join('/'), availability: message.online ? 'online' : 'offline' })
    case 'command':
      return told({ device: parts.slice(1, -1).join('/'), command: parts.at(-1), direction: 'command' })
  }
  return message satisfies never
}

const told = (frame: Told['frame'], readings: Told['readings'] = [], events: Told['events'] = []): Told => ({
  is: 'told',
  frame,
  readings,
  events,
})

function tellBridge(topic: string, bytes: Uint8Array): Told {
  const text = new TextDecoder().decode(bytes)
  if (topic === 'state') return told({ bridge: text.startsWith('{') ? propertiesOf(text).state : text })
  const properties = propertiesOf(text)
  const data = typeof properties.data === 'object' && properties.data !== null ? (properties.data as Properties) : {}
  return told({ bridgeEvent: properties.type ?? null, device: data.friendly_name ?? data.ieee_address ?? null })
}

function tellState(device: string, properties: Properties): Told {
  const readings = readingsOf(properties)
  const action = actionIn(properties)
  const pressed = properties.sos === true || (action !== undefined && PRESSES.has(action))
  const raised = LEVELS.filter(([quantity]) =>
    readings.some((item) => item.quantity === quantity && item.reading.is === 'value' && item.reading.value === 1),
  ).map(([, event]) => event)
  const frame = {
    device,
    action: action ?? null,
    ...('last_seen' in properties ? { lastSeen: lastSeenOf(properties.last_seen) } : {}),
    ...('battery_low' in properties ? { batteryLow: properties.battery_low } : {}),
  }
  return told(frame, readings, pressed ? ['sos-pressed', ...raised] : raised)
}

const pressOf = (action: string): EventType[] => (PRESSES.has(action) ? ['sos-pressed'] : [])

function readingsOf(properties: Properties): PointReading[] {
  const readings: PointReading[] = []
  const add = (point: string, quantity: Quantity, says: Reading | undefined) => {
    if (says) readings.push({ point, quantity, reading: says })
  }
  for (const [key, point, quantity] of NUMBERS) add(point, quantity, numberIn(properties, key))
  for (const [key, point, quantity] of SWITCHES) add(point, quantity, switchIn(properties, key))
  // `illuminance` was a raw logarithm in versions that also sent `illuminance_lux`.
  add('illuminance', 'illuminance', numberIn(properties, 'illuminance_lux') ?? numberIn(properties, 'illuminance'))
  // Battery devices send millivolts, plugs volts of the mains.
  const inMillivolts = 'battery' in properties || Number(properties.voltage) > 1_000
  add(
    'voltage',
    inMillivolts ? 'battery-voltage' : 'electric-potential',
    numberIn(properties, 'voltage', inMillivolts ? 1_000 : 1),
  )
  const fall = FALL_WORDS[String(properties.fall_status ?? properties.fall_down_status)]
  if (fall !== undefined) add('fall', 'fall', reading(fall))
  return readings
}

/** RFC 3339 or epoch milliseconds, by a setting of the bridge; null when it is neither. */
function lastSeenOf(given: unknown): string | null {
  if (typeof given === 'number' && Math.abs(given) < 8.64e15) return formatInstant(instant(given))
  if (typeof given !== 'string') return null
  const attempt = decodeWith(parseInstant, given)
  return attempt.ok ? formatInstant(attempt.value) : null
}
