import {
  between,
  elapsed,
  hours,
  type Instant,
  type Millis,
  type Monotonic,
  millis,
  plus,
  seconds,
} from '@anju/contract'

/** A clock that is set by less holds up nothing for longer than that. */
export const stepMin = seconds(2)
/** A clock that is set back by more was wrong by so much that nobody should go on by it: roster and quiet hours go by it, too. */
export const keptMax = hours(24)
/** Two clocks that are both right differ by a thousandth at most. */
const driftOf = (length: Millis): Millis => millis(length / 1_000)

/** One look at the database's clock, between two of our own that never jumps. */
export interface ClockLook {
  /** What the machine's clock says; never corrected by us. */
  readonly machine: Instant
  /** `app_now()`, which deadlines are judged by. */
  readonly now: Instant
  readonly askedAt: Monotonic
  readonly answeredAt: Monotonic
}

export type ClockStep =
  | { readonly step: 'none'; readonly by: Millis }
  /** `ahead`: by how much it is really later than the machine's clock says now. */
  | { readonly step: 'back'; readonly by: Millis; readonly ahead: Millis }
  | { readonly step: 'forward'; readonly by: Millis }

const none: ClockStep = { step: 'none', by: millis(0) }

/**
 * What the machine's clock did between two looks. Certain only: between two looks no less can have passed than from the one's answer to
 * the other's question, and no more than from the one's question to the other's answer. `seen`: the latest time that any server saw.
 */
export function stepBetween(before: ClockLook | undefined, after: ClockLook, seen: Instant): ClockStep {
  const { machine, now } = after
  const least = before ? elapsed(before.answeredAt, after.askedAt) : millis(0)
  const back = before ? between(machine, plus(before.machine, least)) : millis(0)
  if (before && back > stepMin + driftOf(least))
    return { step: 'back', by: back, ahead: between(machine, plus(before.now, least)) }
  const unseen = between(now, seen)
  if (unseen > stepMin) return { step: 'back', by: unseen, ahead: between(machine, seen) }
  if (!before) return none
  const most = elapsed(before.askedAt, after.answeredAt)
  const forward = between(plus(before.machine, most), machine)
  return forward > stepMin + driftOf(most) ? { step: 'forward', by: forward } : none
}
