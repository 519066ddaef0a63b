import { absent, DomainError, type Reading, reading } from '@anju/contract'

/** What one zigbee2mqtt message about a device is; the last part of the topic tells them apart. */
export type Zigbee2MqttMessage =
  /** `<base>/<friendly name>`: the device's properties, often only those that changed. */
  | { readonly is: 'state'; readonly properties: Properties }
  /** `<base>/<friendly name>/action`: the press once more, as plain text. */
  | { readonly is: 'action'; readonly action: string }
  | { readonly is: 'availability'; readonly online: boolean }
  /** Commands to the device, which a broker also shows to us. */
  | { readonly is: 'command' }

export type Properties = Readonly<Record<string, unknown>>

/** The largest real messages (devices with many exposes) are some kilobytes. */
const payloadBytesMax = 64 * 1024
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * A friendly name may itself hold `/`, so only the end of the topic is looked at, and a JSON object is always a state: a
 * device called `hall/action` is still a device.
 * @throws DomainError `payload-malformed`
 */
export function readMessage(topic: string, payload: Uint8Array): Zigbee2MqttMessage {
  if (payload.byteLength > payloadBytesMax)
    throw new DomainError('payload-malformed', `${payload.byteLength} bytes, at most ${payloadBytesMax}`)
  const text = textOf(payload)
  const last = topic.slice(topic.lastIndexOf('/') + 1)
  if (last === 'set' || last === 'get' || topic.includes('/set/') || topic.includes('/get/')) return { is: 'command' }
  if (last === 'availability') return { is: 'availability', online: availabilityOf(text) }
  if (last === 'action' && !text.trimStart().startsWith('{')) return { is: 'action', action: text.trim() }
  return { is: 'state', properties: propertiesOf(text) }
}

export function textOf(payload: Uint8Array): string {
  try {
    return utf8.decode(payload)
  } catch {
    throw new DomainError('payload-malformed', 'not UTF-8')
  }
}

/** @throws DomainError `payload-malformed` */
export function propertiesOf(text: string): Properties {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new DomainError('payload-malformed', 'not JSON', { text: text.slice(0, 80) })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new DomainError('payload-malformed', 'not a JSON object', { text: text.slice(0, 80) })
  return value as Properties
}

/** Plain `online` before version 1.30, `{"state":"online"}` since. */
export function availabilityOf(text: string): boolean {
  const state = text.trimStart().startsWith('{') ? propertiesOf(text).state : text.trim()
  if (state === 'online') return true
  if (state === 'offline') return false
  throw new DomainError('payload-malformed', 'state: neither online nor offline')
}

const has = (properties: Properties, key: string): boolean => Object.hasOwn(properties, key)

/**
 * A number property. Undefined when the message does not speak of it; `null` (never reported yet, or the bridge restarted)
 * is not 0. Old versions send the battery as a string.
 */
export function numberIn(properties: Properties, key: string, perUnit = 1): Reading | undefined {
  if (!has(properties, key)) return undefined
  const given = properties[key]
  if (given === null) return absent('not-reported')
  if (typeof given === 'number') return reading(given / perUnit)
  if (typeof given === 'string' && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(given.trim()))
    return reading(Number(given) / perUnit)
  return absent('invalid')
}

/** A boolean property; `null` is unknown, not false. */
export function switchIn(properties: Properties, key: string): Reading | undefined {
  if (!has(properties, key)) return undefined
  const given = properties[key]
  if (given === null) return absent('not-reported')
  return typeof given === 'boolean' ? reading(given) : absent('invalid')
}

/**
 * The action this message announces; versions before 1.17 say `click` for some devices. Undefined for none: not there, `null` (a
 * re-announced device) or `""` (old versions send it right after the press, and it is no "all clear").
 * @throws DomainError `payload-malformed` when it is no text.
 */
export function actionIn({ action, click }: Properties): string | undefined {
  const given = action ?? (typeof click === 'string' ? click : undefined)
  if (given === undefined || given === null || given === '') return undefined
  if (typeof given !== 'string') throw new DomainError('payload-malformed', 'action: not a text')
  return given
}
