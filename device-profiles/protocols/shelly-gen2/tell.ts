import { type EventType, formatInstant, instant } from '@anju/contract'
import {
  type JsonObject,
  numberAt,
  objectAt,
  objectOf,
  objectsAt,
  textAt,
  textOf,
  valueAt,
} from '../../src/json-payload.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'
import { readAnswer, readBlu, readComponent, readComponents, type Words } from './components.ts'

export const shellyGen2 = tellOne('shelly-gen2', ({ topic, bytes }) => {
  if (topic.endsWith('/online')) return tellOnline(topic, textOf(bytes).trim())
  const command = /^(.+)\/command(?:\/([a-z0-9_]+(?::\d+)?))?$/.exec(topic)
  if (command) return told({ device: command[1], component: command[2] ?? null, direction: 'command' })
  const payload = objectOf(bytes)
  const component = /^(.+)\/status\/([a-z0-9_]+(?::\d+)?)$/.exec(topic)
  if (component) return tellStatus(component[1] ?? '', component[2] ?? '', payload)
  if (valueAt(payload, 'BTHome_version') !== undefined) return tellBlu(payload)
  const info = objectAt(payload, 'info')
  if (info) return tellScript(info)
  return tellRpc(payload)
})

function tellOnline(topic: string, text: string): Told {
  if (text !== 'true' && text !== 'false') throw refusal('not-this-protocol', 'online: neither true nor false')
  return told({ device: topic.slice(0, -'/online'.length), availability: text === 'true' ? 'online' : 'offline' })
}

function tellStatus(device: string, component: string, status: JsonObject): Told {
  const readings = new Readings()
  const words: Words = {}
  readComponent(device, component, status, readings, words)
  return told({ device, component, ...words }, readings.list, raisedBy(readings.list))
}

/** A notification, the answer to a question, or somebody's command. */
function tellRpc(payload: JsonObject): Told {
  const method = textAt(payload, 'method')
  const device = textAt(payload, 'src')
  const params = objectAt(payload, 'params') ?? {}
  const result = objectAt(payload, 'result')
  if (device === undefined || (method === undefined && !result))
    throw refusal('not-this-protocol', 'neither a notification nor an answer of a Shelly')
  if (method !== undefined && !method.startsWith('Notify'))
    return told({ device, command: method, direction: 'command' })
  if (method === 'NotifyEvent') return tellEvents(device, params)
  const readings = new Readings()
  const words: Words = {}
  if (result) readAnswer(device, result, readings, words)
  else readComponents(device, params, readings, words)
  const frame = { device, method: method ?? null, ...words, time: timeOf(params) }
  return told(frame, readings.list, raisedBy(readings.list))
}

const PUSHES: Readonly<Record<string, string>> = {
  single_push: 'single',
  double_push: 'double',
  triple_push: 'triple',
  long_push: 'long',
  long_double_push: 'long_double',
  long_triple_push: 'long_triple',
  hold_press: 'hold',
}
/** What a detector declares: by its component and the word. */
const DECLARED: Readonly<Record<string, EventType>> = {
  'smoke alarm': 'smoke',
  'smoke alarm_test': 'test',
  'flood alarm': 'water-leak',
  'flood alarm_test': 'test',
  'flood cable_unplugged': 'device-fault',
}
const eventsMax = 32

/** btn_down and btn_up are the edges of a push that is told by itself; config_changed and the like are no push at all. */
function tellEvents(device: string, params: JsonObject): Told {
  const events = objectsAt(params, 'events')
    .slice(0, eventsMax)
    .map((one) => ({ component: textAt(one, 'component') ?? null, event: textAt(one, 'event') ?? null, one }))
  const push = events.find(({ event }) => event !== null && Object.hasOwn(PUSHES, event))
  const script = events.find(({ event }) => event === 'shelly-blu')
  if (script) return tellScript(script.one)
  const first = push ?? events[0]
  const declared = events.flatMap(({ component, event }) => {
    const name = `${component?.split(':')[0]} ${event}`
    return Object.hasOwn(DECLARED, name) ? (DECLARED[name] ?? []) : []
  })
  const frame = {
    device,
    component: first?.component ?? null,
    rawEvent: first?.event ?? null,
    action: push?.event ? PUSHES[push.event] : null,
    // A remote with several keys.
    key: first ? (numberAt(first.one, 'idx') ?? null) : null,
    events: events.map(({ component, event }) => ({ component, event })),
    time: timeOf(params),
  }
  return told(frame, [], [...new Set(declared)])
}

function tellScript(info: JsonObject): Told {
  const data = objectAt(info, 'data')
  if (textAt(info, 'event') !== 'shelly-blu' || !data)
    throw refusal('not-this-protocol', 'not the event of a BLU script')
  return tellBlu(data)
}

function tellBlu(data: JsonObject): Told {
  const readings = new Readings()
  const words: Words = {}
  readBlu(data, readings, words)
  return told(words, readings.list, raisedBy(readings.list))
}

/** Any later than the first Gen2 device; before that it is seconds since power-on, and the clock is not set. */
const CLOCK_SET_S = 1_500_000_000
const CLOCK_END_S = 8_000_000_000

/** When the device says this was; null while its clock is not set: then the time of arrival counts. */
function timeOf(params: JsonObject): string | null {
  const at = numberAt(params, 'ts')
  return at !== undefined && at > CLOCK_SET_S && at < CLOCK_END_S
    ? formatInstant(instant(Math.round(at * 1_000)))
    : null
}
