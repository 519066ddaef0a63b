import { textOf } from '../../src/json-payload.ts'
import { refusal, tellOne, told } from '../../src/tell-one.ts'

const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/i
const stateCharsMax = 256

/**
 * `<node>/<component>/<object>/state` as plain text, and `<node>/status`. What an object measures only its configuration
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
  const [component, object, what] = parts.slice(-3)
  if (parts.length < 4 || (what !== 'state' && what !== 'command'))
    throw refusal('not-this-protocol', 'topic: neither …/<component>/<object>/state nor …/status')
  const frame = { node: parts.slice(0, -3).join('/'), component, object }
  if (what === 'command') return told({ ...frame, direction: 'command' })
  return told({ ...frame, state: stateOf(component ?? '', text) })
})

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
      if (text === '' || /^nan$/i.test(text)) return null
      throw refusal('not-this-protocol', 'state: not a number')
    default:
      return text === '' ? null : text
  }
}
