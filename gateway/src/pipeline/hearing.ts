import {
  absent,
  classOf,
  definitionOf,
  type EventType,
  type Measurement,
  type Millis,
  type Monotonic,
  type Reading,
} from '@anju/contract'
import type { Decoded, EventRule } from '@anju/device-profiles/profile'
import { admit } from '../domain/admission.ts'
import { isCalm, isDueAgain, judgeTurn, turnsPerMinuteMax } from '../domain/chatter.ts'
import type { DeviceMemory } from '../domain/memory.ts'
import { noting } from '../domain/oddities.ts'
import { heardFrom, type Watched } from '../domain/supervision.ts'
import type { Delivery, Device, EventDraft, Heard } from '../ports.ts'
import { isSafety, judge } from './judge.ts'
import { measure } from './measure.ts'

export interface Arrived {
  readonly decoded: Decoded
  readonly heard: Heard
  readonly retained: boolean
  /** A sign of life of the device itself, not of its bridge or of a broker's memory. */
  readonly alive: boolean
  readonly delivery: Delivery | undefined
  readonly announcedAgo?: Millis | undefined
}

/** What one message leads to. Pure: the caller stores all of it together. */
export interface Hearing {
  readonly memory: DeviceMemory
  readonly events: readonly EventDraft[]
  readonly samples: readonly Measurement[]
}

/** From what a device says to what it means, and what must be remembered to understand the next thing it says. */
export function hearing(device: Device, before: DeviceMemory, arrived: Arrived): Hearing {
  const { decoded, heard, retained, delivery, announcedAgo } = arrived
  const admitted = admit(before, { named: decoded.events, sequence: decoded.sequence, heard, retained, announcedAgo })
  const doubts = admitted.doubted.map((of) => draft(device, 'cannot-tell', heard, { of, why: admitted.why }))
  if (!admitted.counts) return { memory: admitted.memory, events: doubts, samples: [] }

  const kept = retained ? fallsIn(device, decoded.readings) : []
  const readings = kept.length === 0 ? decoded.readings : without(decoded.readings, kept)
  const measured = measure(device.placement, device.profile.measures, readings, heard.at, before.counters)
  const watched: Watched = arrived.alive ? heardFrom(admitted.memory, heard.at) : { memory: admitted.memory }
  const steadied = steady(device, measured.samples, watched.memory, heard)
  const judged = judge(
    device,
    remembering(steadied.memory, 'counters', measured.counters),
    admitted.named,
    steadied.samples,
    heard,
    delivery,
  )
  const fallen = kept.filter((point) => isOne(decoded.readings[point]))
  const odd = [...measured.oddities, ...fallen.map((of) => ({ kind: 'fall-retained', of }) as const)]
  const oddities = odd.reduce((known, { kind, of }) => noting(known, kind, of, heard.at), judged.memory.oddities)
  return {
    memory: remembering(judged.memory, 'oddities', oddities),
    events: [
      ...doubts,
      ...levelEventsOf(device, fallen, isLife).map((of) =>
        draft(device, 'cannot-tell', heard, { of, why: 'fall-retained' }),
      ),
      ...judged.events,
      ...steadied.events,
      ...turnedEvents(device, watched, heard),
    ],
    samples: steadied.samples,
  }
}

/** A fall is a moment, though it is told as a state: one that a broker had kept neither begins nor ends now. */
const fallsIn = ({ profile }: Device, readings: Decoded['readings']): readonly string[] =>
  Object.keys(readings).filter((point) => profile.measures[point]?.quantity === 'fall')
const without = (readings: Decoded['readings'], points: readonly string[]): Decoded['readings'] =>
  Object.fromEntries(Object.entries(readings).filter(([point]) => !points.includes(point)))
/** The events that these switches raise, where `matters` says so. */
const levelEventsOf = (
  { profile }: Device,
  points: readonly string[],
  matters: (rule: EventRule) => boolean,
): readonly EventType[] =>
  (Object.entries(profile.events) as [EventType, EventRule][]).flatMap(([type, rule]) =>
    rule.from === 'level' && points.includes(rule.of) && matters(rule) ? [type] : [],
  )
const isLife = (rule: EventRule): boolean => rule.class === 'life'
const isOne = (given: Reading | undefined): boolean => given?.is === 'value' && given.value === 1

/** The same memory where there is nothing new: most messages change little of it. */
const remembering = <K extends keyof DeviceMemory>(
  memory: DeviceMemory,
  key: K,
  value: DeviceMemory[K],
): DeviceMemory => (memory[key] === value ? memory : { ...memory, [key]: value })

/** Takes out what chattering switches say: each is unknown from when it begins until it is calm. */
function steady(device: Device, samples: readonly Measurement[], before: DeviceMemory, heard: Heard): Hearing {
  let memory = before
  const events: EventDraft[] = []
  const kept = samples.map((sample): Measurement => {
    const { point, reading } = sample
    if (definitionOf(sample.quantity).kind !== 'switch' || reading.is !== 'value') return sample
    const { now, turn } = judgeTurn(memory.switches[point], reading.value, heard.mono)
    if (now !== memory.switches[point]) memory = { ...memory, switches: { ...memory.switches, [point]: now } }
    if (turn === 'calm') return sample
    if (turn === 'chattering') {
      const again = isDueAgain(now, heard.mono) ? levelEventsOf(device, [point], isSafety) : []
      if (again.length > 0)
        memory = { ...memory, switches: { ...memory.switches, [point]: { ...now, countedAt: heard.mono } } }
      for (const type of again) events.push(draft(device, type, heard, { point, why: 'chattering' }))
      return { ...sample, reading: absent('device-fault') }
    }
    memory = { ...memory, oddities: noting(memory.oddities, 'chattering', point, heard.at) }
    events.push(draft(device, 'chattering', heard, { point, turnsPerMinute: turnsPerMinuteMax }))
    // What it says now still counts (an alarm is raised by it); from the next word on it is unknown.
    return sample
  })
  return { memory, events, samples: kept }
}

/** Switches that have stood still for long enough are believed again: their event returns. */
export function calmed(device: Device, before: DeviceMemory, since: Monotonic, heard: Heard): Hearing | undefined {
  const calm = Object.entries(before.switches).filter(([, one]) => one.chattering && isCalm(one, since, heard.mono))
  if (calm.length === 0) return undefined
  const switches = { ...before.switches }
  for (const [point] of calm) delete switches[point]
  const readings = Object.fromEntries(
    calm.map(([point, { value }]) => [
      point,
      Number.isNaN(value) ? absent('not-reported') : ({ is: 'value', value } as const),
    ]),
  )
  const { samples } = measure(device.placement, device.profile.measures, readings, heard.at, {})
  const judged = judge(device, { ...before, switches }, [], samples, heard, undefined)
  const returned = calm.map(([point]) => ({
    ...draft(device, 'chattering', heard, { point }),
    phase: 'returned' as const,
  }))
  return { memory: judged.memory, events: [...judged.events, ...returned], samples }
}

/** Silence that began or ended. */
export function turnedEvents(device: Device, { turned }: Watched, heard: Heard): EventDraft[] {
  if (!turned) return []
  return [{ ...draft(device, 'device-silent', heard), phase: turned === 'silent' ? 'raised' : 'returned' }]
}

export const draft = (
  device: Device,
  type: EventType,
  heard: Heard,
  snapshot?: EventDraft['snapshot'],
): EventDraft => ({
  type,
  class: classOf(type),
  phase: 'raised',
  placement: device.placement,
  device: device.id,
  heard,
  ...(snapshot && { snapshot }),
})
