import { between, hours, type Instant, type Millis, millis, minutes, plus, seconds } from '@anju/contract'

/** At the latest, whatever a profile says. */
const lifeLostAfterMax = hours(24)
const otherLostAfterMax = hours(72)

/**
 * What a gateway hears of its devices is written down this often, not with every heartbeat; a deadline must grant what may
 * have been heard since.
 */
export const devicesNotedEvery = minutes(5)
export const deviceGrace = (devicesNotedEvery + minutes(1)) as Millis
/** After we, PostgreSQL or the broker were away: time for every gateway to say again what it hears. */
export const deviceRehearing = minutes(2)
/** What is behind a gateway that has not been heard for this long is judged when it is known what became of the gateway. */
export const gatewayFresh = seconds(45)

export interface Period {
  readonly life: boolean
  readonly lostAfterS: number
}

/**
 * How long a device may be silent. One of which nothing is known is taken for one that a life hangs on: to be wrong that way
 * costs a look at a door contact; to be wrong the other way leaves a dead button unnoticed for two days more.
 */
export function periodOf(said: {
  readonly life?: boolean | undefined
  readonly lostAfterS?: number | undefined
}): Period {
  const life = said.life ?? true
  const longestS = longestSilenceS(life)
  return { life, lostAfterS: Math.min(said.lostAfterS ?? longestS, longestS) }
}

export const longestSilenceS = (life: boolean): number => (life ? lifeLostAfterMax : otherLostAfterMax) / seconds(1)

/** The time of a device: it runs while somebody could hear it, and stands still while a line or its gateway is away. */
export interface Supervised {
  /** When it is silent; null while nobody could hear it, and while it is silent. */
  readonly dueAt: Instant | null
  /** What was left of its time when it could not be heard any more, since it last was heard; null: all of it. */
  readonly left: Millis | null
  readonly lostAfter: Millis
}
export type Interrupted = Pick<Supervised, 'dueAt' | 'left'>

/**
 * Nobody could hear it from `at` on: what is left of its time is kept. The first time since it was heard that is at least enough to be
 * heard again, and only the first time: a line that blinks must not go on giving it to a device that is dead. `at` is null where
 * nobody has ever heard its gateway.
 */
export function interrupted({ dueAt, left, lostAfter }: Supervised, at: Instant | null): Interrupted {
  if (dueAt === null) return { dueAt, left }
  if (at === null) return { dueAt: null, left: null }
  const least = left === null ? deviceRehearing : 0
  return { dueAt: null, left: millis(Math.min(allOf(lostAfter), Math.max(least, between(at, dueAt)))) }
}

/** It can be heard again from `now` on: its time goes on from where it stood. */
export const resumed = ({ left, lostAfter }: Supervised, now: Instant): Interrupted => ({
  dueAt: plus(now, left ?? allOf(lostAfter)),
  left,
})

const allOf = (lostAfter: Millis): Millis => millis(lostAfter + deviceGrace)
