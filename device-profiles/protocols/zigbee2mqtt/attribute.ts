import { type Properties, textOf } from './payload.ts'
import { KNOWN } from './properties.ts'

const scalarCharsMax = 64

/** With `output: attribute` each property has a topic of its own and comes as plain text; undefined for every other message. */
export function attributeIn(topic: string, payload: Uint8Array): Properties | undefined {
  const parts = topic.split('/')
  const last = parts.at(-1) ?? ''
  if (!KNOWN.has(last) || parts.length < 3) return undefined
  const scalar = scalarOf(textOf(payload).trim())
  return scalar === undefined ? undefined : { [last]: scalar }
}

/** An object is a device's state, whatever the device is called. */
function scalarOf(text: string): string | number | boolean | null | undefined {
  if (text.startsWith('{') || text.startsWith('[') || text.length > scalarCharsMax) return undefined
  if (text === '' || text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : text
}
