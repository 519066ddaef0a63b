import { classOf, DomainError, type EventType, laneOf, type Quantity } from '@anju/contract'
import { type Entity, type Payload, readEntity } from '../../protocols/ha-discovery/tell.ts'
import { isObject, objectOf, textAt } from '../json-payload.ts'
import type { PayloadFile } from './schema.ts'

/** One announcement, as a client hears it under the discovery prefix. */
export interface Announcement {
  readonly topic: string
  readonly payload: Uint8Array
}
export interface Discovered {
  /** A profile for each topic that something announced speaks on. */
  readonly files: readonly PayloadFile[]
  /** Announcements that are no measurement of ours, and why. */
  readonly passedOver: readonly { readonly topic: string; readonly why: string }[]
}

interface Meaning {
  readonly point: string
  readonly quantity: Quantity
  readonly name: string
  /** Unit → what makes ours of the value `v`. */
  readonly units?: Readonly<Record<string, string>>
  /** On means 0: a door that is open has no contact. */
  readonly inverted?: true
  readonly event?: EventType
}
const same = 'v'
const SENSORS: Readonly<Record<string, Meaning>> = {
  temperature: {
    point: 'temperature',
    quantity: 'temperature',
    name: 'Temperature',
    units: { '°C': same, '°F': '(v - 32) / 1.8' },
  },
  humidity: { point: 'humidity', quantity: 'relative-humidity', name: 'Humidity', units: { '%': same } },
  battery: { point: 'battery', quantity: 'battery-level', name: 'Battery level', units: { '%': same } },
  illuminance: { point: 'illuminance', quantity: 'illuminance', name: 'Illuminance', units: { lx: same } },
  power: { point: 'active-power', quantity: 'active-power', name: 'Power', units: { W: same, kW: 'v * 1000' } },
  energy: { point: 'energy', quantity: 'active-energy-import', name: 'Energy', units: { kWh: same, Wh: 'v / 1000' } },
  voltage: { point: 'voltage', quantity: 'electric-potential', name: 'Voltage', units: { V: same, mV: 'v / 1000' } },
  current: { point: 'current', quantity: 'electric-current', name: 'Current', units: { A: same, mA: 'v / 1000' } },
  frequency: { point: 'frequency', quantity: 'frequency', name: 'Frequency', units: { Hz: same } },
  carbon_dioxide: { point: 'carbon-dioxide', quantity: 'carbon-dioxide', name: 'Carbon dioxide', units: { ppm: same } },
}
const SWITCHES: Readonly<Record<string, Meaning>> = {
  motion: { point: 'motion', quantity: 'motion', name: 'Motion' },
  occupancy: { point: 'presence', quantity: 'presence', name: 'Somebody is there' },
  presence: { point: 'presence', quantity: 'presence', name: 'Somebody is there' },
  door: { point: 'contact', quantity: 'contact', name: 'Contact', inverted: true },
  window: { point: 'contact', quantity: 'contact', name: 'Contact', inverted: true },
  opening: { point: 'contact', quantity: 'contact', name: 'Contact', inverted: true },
  smoke: { point: 'smoke', quantity: 'smoke', name: 'Smoke', event: 'smoke' },
  gas: { point: 'gas', quantity: 'gas', name: 'Gas', event: 'gas-leak' },
  carbon_monoxide: {
    point: 'carbon-monoxide',
    quantity: 'carbon-monoxide',
    name: 'Carbon monoxide',
    event: 'carbon-monoxide',
  },
  moisture: { point: 'water-leak', quantity: 'water-leak', name: 'Water', event: 'water-leak' },
  tamper: { point: 'tamper', quantity: 'tamper', name: 'Opened or moved', event: 'tamper' },
  battery: { point: 'battery-low', quantity: 'battery-low', name: 'Battery low', event: 'battery-low' },
}
/** An announcement says nothing of how often its device speaks: an hour, and three missed ones. */
const supervision = { reportEveryS: 3_600, lostAfterS: 14_400 }

/**
 * Profiles for what announces itself by Home Assistant's discovery: an installer's starting point, to be read before it is used.
 * Entities on one topic become one device. An announcement whose template is a program, or whose class is none of ours, is passed
 * over with its reason.
 */
export function profilesOfDiscovery(announcements: readonly Announcement[]): Discovered {
  const passedOver: { topic: string; why: string }[] = []
  const byTopic = new Map<string, { entity: Entity; meaning: Meaning; model: string }[]>()
  for (const { topic, payload } of announcements) {
    try {
      const config = objectOf(payload)
      const entity = readEntity(topic, config)
      const meaning = meaningOf(entity)
      const device = isObject(config.device) ? config.device : isObject(config.dev) ? config.dev : {}
      const model = textAt(device, 'model_id') ?? textAt(device, 'model') ?? textAt(device, 'mdl') ?? 'announced'
      byTopic.set(entity.stateTopic, [...(byTopic.get(entity.stateTopic) ?? []), { entity, meaning, model }])
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      passedOver.push({ topic, why: error.message })
    }
  }
  return { files: [...byTopic].map(([topic, found]) => fileOf(topic, found)), passedOver }
}

/** @throws DomainError `frame-unknown` */
function meaningOf({ component, deviceClass = '', unit = '' }: Entity): Meaning {
  const table = component === 'sensor' ? SENSORS : SWITCHES
  const meaning = Object.hasOwn(table, deviceClass) ? table[deviceClass] : undefined
  if (!meaning) throw new DomainError('frame-unknown', `device_class ${deviceClass || '(none)'}: no quantity of ours`)
  if (meaning.units && !Object.hasOwn(meaning.units, unit))
    throw new DomainError(
      'frame-unknown',
      `unit_of_measurement ${unit || '(none)'}: not one of ${Object.keys(meaning.units).join(', ')}`,
    )
  return meaning
}

function fileOf(topic: string, found: readonly { entity: Entity; meaning: Meaning; model: string }[]): PayloadFile {
  const [first] = found.toSorted((a, b) => Number(isOfBattery(a.meaning)) - Number(isOfBattery(b.meaning)))
  const alarm = found.flatMap(({ meaning: { event } }) =>
    event && laneOf(classOf(event)) === 'life' ? [event] : [],
  )[0]
  const text = found.some(({ entity }) => entity.jsonPath.length === 0)
  const slug =
    topic
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'device'
  const measures = Object.fromEntries(
    found.map(({ entity, meaning }) => [
      meaning.point,
      { quantity: meaning.quantity, name: meaning.name, value: expressionOf(entity, meaning) },
    ]),
  )
  const events: PayloadFile['events'] = Object.fromEntries(
    found.flatMap(({ meaning: { event, point } }) => (event ? [[event, { from: 'level' as const, of: point }]] : [])),
  )
  if ('battery' in measures) events['battery-low'] = { from: 'below', of: 'battery', raiseAt: 15, clearAt: 25 }
  const samples = found.map(({ entity, meaning }) => ({ ...sampleOf(entity, meaning), entity, point: meaning.point }))
  return {
    driver: 'mqtt',
    id: `discovered/${slug}`,
    name: `Announced on ${topic}`,
    models: [...new Set(found.map(({ model }) => model))],
    topic,
    payload: text ? 'text' : 'json',
    supervision,
    measures,
    events,
    // What it is there for: an alarm before a reading, and its battery last.
    walkTest: { do: 'Use the device once, and see that it is told.', proves: alarm ?? first?.meaning.point ?? '' },
    wiring: [
      'Made from what the device announced of itself: compare each reading with the device before it is relied on.',
    ],
    examples: [
      {
        when: 'a message as announced',
        payload: text ? String(samples[0]?.said) : payloadOf(samples),
        reads: Object.fromEntries(samples.map(({ point, reads }) => [point, reads])),
      },
      { when: text ? 'no value' : 'cut off', payload: text ? '?' : '{"', fails: 'payload-malformed' },
    ],
  }
}

const isOfBattery = ({ point }: Meaning): boolean => point === 'battery' || point === 'battery-low'

function expressionOf({ jsonPath, payloadOn, payloadOff, unit = '', component }: Entity, meaning: Meaning): string {
  const path = jsonPath
    .map((step) => (typeof step === 'number' ? `[${step}]` : `\`${step}\``))
    .join('.')
    .replaceAll('.[', '[')
  const value = path === '' ? '$' : path
  if (component === 'sensor') {
    const number = path === '' ? '$number($)' : value
    const scale = meaning.units?.[unit] ?? same
    return scale === same ? number : scale.replace(/\bv\b/, number)
  }
  const [on, off] = meaning.inverted ? [0, 1] : [1, 0]
  const neither = path === '' ? "$error('neither on nor off')" : '"?"'
  return `${value} = ${JSON.stringify(payloadOn)} ? ${on} : ${value} = ${JSON.stringify(payloadOff)} ? ${off} : ${neither}`
}

/** Something the device could say, and what is read of it: the file's own proof. */
function sampleOf({ component, payloadOn, unit = '' }: Entity, meaning: Meaning): { said: Payload; reads: number } {
  if (component === 'binary_sensor') return { said: payloadOn ?? 'ON', reads: meaning.inverted ? 0 : 1 }
  const scale = meaning.units?.[unit] ?? same
  const reads = scale === same ? 20 : scale.startsWith('(') ? 20 : scale.includes('*') ? 20_000 : 0.02
  return { said: scale.startsWith('(') ? 68 : 20, reads }
}

function payloadOf(samples: readonly { readonly entity: Entity; readonly said: Payload }[]): Record<string, unknown> {
  const payload: Record<string, unknown> = {}
  for (const { entity, said } of samples) {
    let at = payload
    for (const step of entity.jsonPath.slice(0, -1)) {
      const inner = isObject(at[String(step)]) ? (at[String(step)] as Record<string, unknown>) : {}
      at[String(step)] = inner
      at = inner
    }
    at[String(entity.jsonPath.at(-1))] = said
  }
  return payload
}
