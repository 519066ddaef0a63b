import { type Millis, type Monotonic, millis, seconds } from '@anju/contract'
import { withIntervals } from '@anju/device-profiles/poll-intervals'
import type { Poll } from '@anju/device-profiles/profile'
import type { PolledWire } from '@anju/device-profiles/wire'
import { wireOf } from '@anju/device-profiles/wires'
import type { Device } from '../../ports.ts'

/** One question to one device, and when it is due again. */
export interface Ask extends Poll {
  readonly device: Device
  readonly wire: PolledWire
  readonly dueAt: Monotonic
}

/** Every question of every device of a line, all due at once: after a restart the page should not wait five minutes. */
export function pollPlan(devices: readonly Device[], now: Monotonic): readonly Ask[] {
  return devices.flatMap((device) => {
    const wire = wireOf(device.profile.driver)
    return wire?.is === 'polled' ? pollsOf(device).map((poll) => ({ ...poll, device, wire, dueAt: now })) : []
  })
}

function pollsOf({ profile, pollEveryS = {} }: Device): readonly Poll[] {
  const polls: readonly Poll[] = profile.polls ?? []
  return withIntervals(polls, pollEveryS)
}

/** The most overdue question. */
export const nextAsk = (plan: readonly Ask[]): Ask | undefined =>
  plan.reduce<Ask | undefined>((first, ask) => (!first || ask.dueAt < first.dueAt ? ask : first), undefined)

/** Asked now: due one period later, without catching up on the periods that were missed. */
export const asked = (plan: readonly Ask[], done: Ask, now: Monotonic): readonly Ask[] =>
  plan.map((ask) =>
    ask === done
      ? { ...ask, dueAt: (ask.dueAt + ask.every > now ? ask.dueAt + ask.every : now + ask.every) as Monotonic }
      : ask,
  )

/** How long the bus is mute at most while everybody is well; three times that, and the line itself is suspect. */
export function busQuietMaxOf(devices: readonly Device[]): Millis {
  const every = devices.flatMap(pollsOf).map((poll) => poll.every)
  return every.length === 0 ? quietMaxUnasked : millis(Math.max(seconds(30), 3 * Math.min(...every)))
}
/** Of a bus on which nothing is asked. */
const quietMaxUnasked = seconds(300)
