import { DomainError } from '@anju/contract'
import { isObject, type JsonObject, objectOf, textAt, textOf, valueAt } from '../../src/json-payload.ts'
import { refusal, tellOne, told } from '../../src/tell-one.ts'
import { pathOf } from './template.ts'

/** What we read of an entity's announcement; everything else in it is for another program. */
export interface Entity {
  readonly component: Component
  readonly node: string | undefined
  readonly object: string
  readonly uniqueId: string | undefined
  readonly stateTopic: string
  /** Where in the payload the value stands; empty for the payload itself. */
  readonly jsonPath: readonly (string | number)[]
  readonly deviceClass: string | undefined
  readonly unit: string | undefined
  readonly payloadOn: Payload | undefined
  readonly payloadOff: Payload | undefined
  readonly availability: readonly { readonly topic: string; readonly jsonPath: readonly (string | number)[] }[]
}
/** What stands for on and off: a text, or the value itself where the state is JSON. */
export type Payload = string | number | boolean

/** What only says something. A switch, a lock or a valve takes commands, and we send none. */
const COMPONENTS = ['sensor', 'binary_sensor'] as const
export type Component = (typeof COMPONENTS)[number]

const availabilityMax = 8

/** Abbreviated keys, which every producer may use (Home Assistant's MQTT discovery page). */
const SHORT = {
  state_topic: 'stat_t',
  unique_id: 'uniq_id',
  device_class: 'dev_cla',
  value_template: 'val_tpl',
  unit_of_measurement: 'unit_of_meas',
  payload_on: 'pl_on',
  payload_off: 'pl_off',
  availability: 'avty',
  availability_topic: 'avty_t',
  availability_template: 'avty_tpl',
  topic: 't',
} as const

export const haDiscovery = tellOne('ha-discovery', ({ topic, bytes }) => {
  const place = placeOf(topic)
  // An empty announcement takes the entity back.
  if (textOf(bytes).trim() === '') return told({ ...place, removed: true })
  return told({ ...readEntity(topic, objectOf(bytes)) })
})

/** @throws DomainError `frame-unknown`, `payload-malformed` */
export function readEntity(topic: string, config: JsonObject): Entity {
  const { component, node, object } = placeOf(topic)
  const known = COMPONENTS.find((one) => one === component)
  if (!known) throw refusal('not-this-protocol', `component ${component}: only ${COMPONENTS.join(' and ')} are read`)
  const base = textAt(config, '~')
  const stateTopic = topicIn(config, 'state_topic', base)
  if (stateTopic === undefined) throw new DomainError('payload-malformed', 'state_topic: not there')
  return {
    component: known,
    node,
    object,
    uniqueId: field(config, 'unique_id'),
    stateTopic,
    jsonPath: templateIn(config, 'value_template'),
    deviceClass: field(config, 'device_class'),
    unit: field(config, 'unit_of_measurement'),
    payloadOn: known === 'binary_sensor' ? (payloadIn(config, 'payload_on') ?? 'ON') : undefined,
    payloadOff: known === 'binary_sensor' ? (payloadIn(config, 'payload_off') ?? 'OFF') : undefined,
    availability: availabilityOf(config, base),
  }
}

/** `<prefix>/<component>/[<node>/]<object>/config` */
function placeOf(topic: string) {
  const [, component = '', node, object = ''] =
    /^(?:[^/]+\/)+?([a-z_]{1,32})\/(?:([A-Za-z0-9_-]{1,128})\/)?([A-Za-z0-9_-]{1,128})\/config$/.exec(topic) ?? []
  if (object === '') throw refusal('not-this-protocol', 'topic: not <prefix>/<component>/[<node>/]<object>/config')
  return { component, node, object }
}

/** @throws DomainError `payload-malformed` when it is there and no text */
function field(config: JsonObject, name: keyof typeof SHORT): string | undefined {
  const key = valueAt(config, name) === undefined ? SHORT[name] : name
  const value = valueAt(config, key)
  if (value === undefined || value === null) return undefined
  const text = textAt(config, key)
  if (text === undefined) throw new DomainError('payload-malformed', `${key}: not a text of sensible length`)
  return text
}

function payloadIn(config: JsonObject, name: 'payload_on' | 'payload_off'): Payload | undefined {
  const given = valueAt(config, name) ?? valueAt(config, SHORT[name])
  return typeof given === 'boolean' || typeof given === 'number' ? given : field(config, name)
}

/** `~` at either end stands for the base topic. A topic to listen to holds no wildcard: it would be somebody else's messages. */
function topicIn(config: JsonObject, name: 'state_topic' | 'availability_topic' | 'topic', base: string | undefined) {
  const given = field(config, name)
  if (given === undefined) return undefined
  const whole = given.startsWith('~') ? (base ?? '') + given.slice(1) : given.replace(/~$/, base ?? '~')
  if (whole === '' || /[+#\0]/.test(whole))
    throw new DomainError('payload-malformed', `${name}: empty, or with a wildcard`)
  return whole
}

function templateIn(config: JsonObject, name: 'value_template' | 'availability_template') {
  const template = field(config, name)
  return template === undefined ? [] : pathOf(template)
}

function availabilityOf(config: JsonObject, base: string | undefined): Entity['availability'] {
  const listed = valueAt(config, 'availability') ?? valueAt(config, SHORT.availability) ?? []
  if (!Array.isArray(listed) || listed.length > availabilityMax)
    throw new DomainError('payload-malformed', `availability: not a list of at most ${availabilityMax}`)
  const several = (listed as unknown[]).filter(isObject).map((one) => ({
    topic: topicIn(one, 'topic', base),
    jsonPath: templateIn(one, 'value_template'),
  }))
  const single = {
    topic: topicIn(config, 'availability_topic', base),
    jsonPath: templateIn(config, 'availability_template'),
  }
  return [...several, single].flatMap(({ topic, jsonPath }) => (topic === undefined ? [] : [{ topic, jsonPath }]))
}
