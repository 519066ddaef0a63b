import { objectOf, textAt, textOf } from '../../src/json-payload.ts'
import { refusal, tellOne, told } from '../../src/tell-one.ts'

const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/i
const stateCharsMax = 512

/**
 * `<node>/<component>/<object>/state` as plain text (a light's as JSON), and `<node>/status`. What an object measures only its configuration
 * knows, so there are no readings without a profile. States are retained by default: the first one after subscribing is old.
 */
export const esphome = tellOne('esphome', ({ topic, bytes }) => {
  const text = textOf(bytes).trim()
  const parts = topic.split('/')
  if (parts.at(-1) === 'status' && parts.length > 1) {
    if (text !== 'online' && text !== 'offline')
      throw refusal('not-this-protocol', 'status: neither online nor offline')
    return told({ node: parts.slice(0, -1).join('/'), availability: text })
  }
  const what = parts.at(-1)
  const [at, part] = placeOf(parts)
  if (at < 1 || (what !== 'state' && what !== 'command'))
    throw refusal('not-this-protocol', 'topic: neither …/<component>/<object>/state nor …/status')
  const [component = '', object] = parts.slice(at)
  const frame = { node: parts.slice(0, at).join('/'), component, object, ...(part === undefined ? {} : { part }) }
  if (what === 'command') return told({ ...frame, direction: 'command' })
  return told({ ...frame, state: stateOf(part === undefined ? component : 'part', text) })
})

/** Those with several states have them under a name each: `<component>/<object>/<part>/state`. */
const OF_PARTS: ReadonlySet<string> = new Set(['climate', 'cover', 'fan', 'light', 'valve', 'water_heater'])

/** Where the component stands, and which part of it this is. */
function placeOf(parts: readonly string[]): [at: number, part?: string] {
  const before = parts.length - 4
  return before >= 1 && OF_PARTS.has(parts[before] ?? '') ? [before, parts[before + 2] ?? ''] : [parts.length - 3]
}

/** `nan` and an empty state are no value: null. */
function stateOf(component: string, text: string): boolean | number | string | null {
  if (text.length > stateCharsMax) throw refusal('not-this-protocol', `state: longer than ${stateCharsMax} characters`)
  switch (component) {
    case 'binary_sensor':
    case 'switch':
    case 'fan':
      if (text === 'ON') return true
      if (text === 'OFF') return false
      throw refusal('not-this-protocol', 'state: neither ON nor OFF')
    case 'sensor':
    case 'number':
      if (NUMBER.test(text)) return Number(text)
      if (text === '' || /^(?:nan|[+-]?inf)$/i.test(text)) return null
      throw refusal('not-this-protocol', 'state: not a number')
    case 'light': {
      const state = text.startsWith('{') ? textAt(objectOf(new TextEncoder().encode(text)), 'state') : text
      return state === 'ON' ? true : state === 'OFF' ? false : null
    }
    // A position or a temperature, or the word for what it does.
    case 'part':
      return NUMBER.test(text) ? Number(text) : text === '' || /^nan$/i.test(text) ? null : text
    default:
      return text === '' ? null : text
  }
}
