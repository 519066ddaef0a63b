import type { Instant, Monotonic } from '@anju/contract'

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
}

export interface Counter {
  readonly last: number
  /** Lower than `last`: a glitch, or the first word of a replaced meter. */
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
})

export function writeMemory(memory: DeviceMemory): string {
  const presses = Object.fromEntries(
    Object.entries(memory.presses).map(([type, { at, packets }]) => [type, { at, packets }]),
  )
  return JSON.stringify({ ...memory, presses })
}

/** A memory of an older gateway may lack what a newer one knows. */
export const readMemory = (text: string | undefined, now: Instant): DeviceMemory =>
  text === undefined ? newMemory(now) : { ...newMemory(now), ...(JSON.parse(text) as Partial<DeviceMemory>) }
