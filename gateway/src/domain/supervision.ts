import type { Instant, Millis } from '@anju/contract'
import type { DeviceMemory } from './memory.ts'

/** A tick that took longer was a process that stood still: it cannot hold against a device what it was not awake to hear. */
const tickMax = 5_000

export interface Watched {
  readonly memory: DeviceMemory
  /** What just became true. */
  readonly turned?: 'silent' | 'restored'
}

/** The gateway listened for `passed` and heard nothing of the device. */
export function unheard(memory: DeviceMemory, passed: Millis, lostAfter: Millis): Watched {
  const unheardMs = memory.unheardMs + Math.min(passed, tickMax)
  if (memory.silent || unheardMs < lostAfter) return { memory: { ...memory, unheardMs } }
  return { memory: { ...memory, unheardMs, silent: true }, turned: 'silent' }
}

export function heardFrom(memory: DeviceMemory, at: Instant): Watched {
  const heard = { ...memory, lastHeardAt: at, unheardMs: 0, silent: false }
  return memory.silent ? { memory: heard, turned: 'restored' } : { memory: heard }
}
