import { type EventType, formatInstant, instant, parseInstant } from '@anju/contract'
import { decodeWith } from '../../src/decode-with.ts'
import { isObject, textAt } from '../../src/json-payload.ts'
import type { Protocol, ProtocolInput, Told } from '../../src/telling.ts'
import { attributeIn } from './attribute.ts'
import { actionIn, availabilityOf, type Properties, propertiesOf, readMessage, textOf } from './payload.ts'
import { meaningOf } from './properties.ts'

/** Words of SOS buttons and keypads; a button of several keys names the key behind it. */
const PRESS = /^(?:emergency|sos|panic)(?:_[a-z0-9]{1,16})?$/
/** What the bridge itself publishes, under its base topic. */
const BRIDGE =
  /(?:^|\/)bridge\/(state|event|info|devices|groups|logging|log|health|definitions|extensions|converters|config|response\/.*|request\/.*)$/

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
  const ofBridge = BRIDGE.exec(topic)
  if (ofBridge) return tellBridge(ofBridge[1] ?? '', bytes)
  const attribute = attributeIn(topic, bytes)
  if (attribute) return tellState(parts.slice(1, -1).join('/'), attribute)
  const message = readMessage(topic, bytes)
  switch (message.is) {
    case 'state':
      return tellState(parts.slice(1).join('/'), message.properties)
    case 'action':
      return told({ device: parts.slice(1, -1).join('/'), action: message.action || null }, [], pressOf(message.action))
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
  if (topic === 'state') return told({ bridge: availabilityOf(textOf(bytes)) ? 'online' : 'offline' })
  if (topic.startsWith('request/')) return told({ bridge: topic, direction: 'command' })
  // Lists and settings of the bridge: long, and nothing that a device says.
  if (topic !== 'event') return told({ bridge: topic })
  const properties = propertiesOf(textOf(bytes))
  const data = isObject(properties.data) ? properties.data : {}
  return told({
    bridgeEvent: textAt(properties, 'type') ?? null,
    device: textAt(data, 'friendly_name') ?? textAt(data, 'ieee_address') ?? null,
    ieeeAddress: textAt(data, 'ieee_address') ?? null,
    interview: textAt(data, 'status') ?? null,
  })
}

function tellState(device: string, properties: Properties): Told {
  const { readings, events } = meaningOf(properties)
  const action = actionIn(properties)
  const pressed = properties.sos === true || (action !== undefined && PRESS.test(action))
  const frame = {
    device,
    action: action || null,
    ...('last_seen' in properties ? { lastSeen: lastSeenOf(properties.last_seen) } : {}),
    ...FLAGS.reduce(
      (told, [key, word]) => (key in properties ? { ...told, [word]: flagOf(properties[key]) } : told),
      {},
    ),
  }
  return told(frame, readings, pressed ? ['sos-pressed', ...events] : events)
}

const FLAGS = [
  ['battery_low', 'batteryLow'],
  ['test', 'test'],
  ['vibration', 'vibration'],
  ['trouble', 'trouble'],
] as const
const flagOf = (given: unknown): boolean | null => (typeof given === 'boolean' ? given : null)

const pressOf = (action: string): EventType[] => (PRESS.test(action) ? ['sos-pressed'] : [])

/** RFC 3339 or epoch milliseconds, by a setting of the bridge; null when it is neither. */
function lastSeenOf(given: unknown): string | null {
  if (typeof given === 'number' && Math.abs(given) < 8.64e15) return formatInstant(instant(given))
  if (typeof given !== 'string') return null
  const attempt = decodeWith(parseInstant, given)
  return attempt.ok ? formatInstant(attempt.value) : null
}
