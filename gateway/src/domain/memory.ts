import type { Instant, Monotonic } from '@anju/contract'
import { type Switch, stillChattering } from './chatter.ts'
import type { Oddity } from './oddities.ts'

/** What the gateway must remember of a device to judge what it says next. Stored together with the events it caused. */
export interface DeviceMemory {
  readonly commissionedAt: Instant
  readonly lastHeardAt: Instant | null
  /** How long the gateway has listened since without hearing it; time when the gateway was off does not count. */
  readonly unheardMs: number
  /** `device-silent` was raised and not returned. */
  readonly silent: boolean
  /** Level events that are raised now. */
  readonly raised: readonly string[]
  readonly counters: Readonly<Record<string, Counter>>
  readonly presses: Readonly<Record<string, Press>>
  /** Numbers whose growth is an event, as last heard. */
  readonly rises: Readonly<Record<string, number>>
  /** The newest message number, of a device that numbers its messages. */
  readonly sequence?: Sequence
  readonly oddities: readonly Oddity[]
  /** Raised life and hazard levels that have been told as raised ever since, without a silence in which they may have ended. */
  readonly confirmed: readonly string[]
  /** How its switches have turned lately; of the process that heard it, but for those that chatter. */
  readonly switches: Readonly<Record<string, Switch>>
}

export interface Counter {
  readonly last: number
  /** When that was; a gateway of an older version kept no time. */
  readonly at?: Instant
  /** No successor of `last`: a glitch, or the first word of a replaced meter. */
  readonly candidate?: number
}

export interface Sequence {
  readonly number: number
  readonly at: Instant
  /** Not newer than `number`: a replay, or the first word of a device that counts anew. */
  readonly candidate?: number
}

export interface Press {
  readonly at: Instant
  /** Of the process that heard it; useless after a restart, so not stored. */
  readonly mono?: Monotonic
  /** The newest packets that were presses: a sender that got no PUBACK sends them again. */
  readonly packets: readonly { readonly key: string; readonly at: Instant }[]
}

export const newMemory = (now: Instant): DeviceMemory => ({
  commissionedAt: now,
  lastHeardAt: null,
  unheardMs: 0,
  silent: false,
  raised: [],
  counters: {},
  presses: {},
  rises: {},
  oddities: [],
  confirmed: [],
  switches: {},
})

export function writeMemory(memory: DeviceMemory): string {
  const presses = Object.fromEntries(
    Object.entries(memory.presses).map(([type, { at, packets }]) => [type, { at, packets }]),
  )
  const chattering = Object.keys(memory.switches).filter((point) => memory.switches[point]?.chattering)
  return JSON.stringify({ ...memory, presses, confirmed: [], switches: chattering })
}

/** A memory of an older gateway may lack what a newer one knows. */
export function readMemory(text: string | undefined, now: Instant): DeviceMemory {
  if (text === undefined) return newMemory(now)
  const stored = JSON.parse(text) as Partial<Omit<DeviceMemory, 'switches'>> & { readonly switches?: readonly string[] }
  const switches = Object.fromEntries((stored.switches ?? []).map((point) => [point, stillChattering]))
  return { ...newMemory(now), ...stored, switches }
}

/** What must be on the disk with the message that changed it. Turns of switches and listening time are remembered now and then. */
const REMEMBERED = ['presses', 'rises', 'sequence', 'oddities'] as const

/** A counter that stands still needs no write: when it was last read is remembered with the listening time. */
const counted = (before: DeviceMemory, { counters }: DeviceMemory): boolean =>
  Object.entries(counters).some(([point, { last, candidate }]) => {
    const known = before.counters[point]
    return known?.last !== last || known.candidate !== candidate
  })

export const mustBeStored = (before: DeviceMemory, memory: DeviceMemory): boolean =>
  REMEMBERED.some((key) => memory[key] !== before[key]) || counted(before, memory)

/** What is told again after a silence may be another fall: the end of the first was said to nobody. */
export const unconfirmed = (memory: DeviceMemory): DeviceMemory => ({ ...memory, confirmed: [] })
