import { absent, DomainError, type Reading, reading } from '@anju/contract'

/**
 * Payloads in JSON, with their limits. What a device may send is a few kilobytes and a few levels; anything larger is
 * refused before it is parsed, so that one bad device costs the gateway nothing.
 */
export type JsonObject = Readonly<Record<string, unknown>>

export const payloadBytesMax = 64 * 1024
const depthLevelsMax = 16
const textCharsMax = 256
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** @throws DomainError `payload-malformed` when it is too large or no UTF-8 */
export function textOf(payload: Uint8Array): string {
  if (payload.byteLength > payloadBytesMax)
    throw new DomainError('payload-malformed', `${payload.byteLength} bytes, at most ${payloadBytesMax}`)
  try {
    return utf8.decode(payload)
  } catch {
    throw new DomainError('payload-malformed', 'not UTF-8')
  }
}

/** @throws DomainError `payload-malformed` when it is no JSON object, or one nested too deep */
export function objectOf(payload: Uint8Array): JsonObject {
  const text = textOf(payload)
  if (levelsOf(text) > depthLevelsMax)
    throw new DomainError('payload-malformed', `nested deeper than ${depthLevelsMax} levels`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new DomainError('payload-malformed', 'not JSON', { text: text.slice(0, 80) })
  }
  if (!isObject(value)) throw new DomainError('payload-malformed', 'not a JSON object', { text: text.slice(0, 80) })
  return value
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENS: ReadonlySet<number> = new Set([0x7b, 0x5b])
const CLOSES: ReadonlySet<number> = new Set([0x7d, 0x5d])

/** Brackets inside strings do not nest. By character codes: this looks at every character of every message. */
function levelsOf(text: string): number {
  let deepest = 0
  let level = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === BACKSLASH) i++
      else if (code === QUOTE) quoted = false
    } else if (code === QUOTE) quoted = true
    else if (code < 0x5b) continue
    else if (OPENS.has(code)) deepest = Math.max(deepest, ++level)
    else if (CLOSES.has(code)) level--
  }
  return deepest
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object's own property: a key `constructor` in a payload is only a key. */
export const valueAt = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined

export function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = valueAt(object, key)
  return isObject(value) ? value : undefined
}

export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const value = valueAt(object, key)
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A text of sensible length; anything else is none. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = valueAt(object, key)
  return typeof value === 'string' && value.length <= textCharsMax ? value : undefined
}

/** A finite number; anything else is none. */
export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = valueAt(object, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Undefined when the message does not speak of it; `null` is not 0. `perUnit` of the device's unit make one of ours. */
export function numberReading(object: JsonObject, key: string, perUnit = 1): Reading | undefined {
  const given = valueAt(object, key)
  if (given === undefined) return undefined
  if (given === null) return absent('not-reported')
  return typeof given === 'number' ? reading(given / perUnit) : absent('invalid')
}

/** true/false, or 0/1 as some scripts write them. */
export function switchReading(object: JsonObject, key: string): Reading | undefined {
  const given = valueAt(object, key)
  if (given === undefined) return undefined
  if (given === null) return absent('not-reported')
  return typeof given === 'boolean' || given === 0 || given === 1 ? reading(given) : absent('invalid')
}
