import { DomainError } from '@anju/contract'
import { type Piece, pieceMs, pieceOf } from './pieces.ts'
import { type ActivityQuery, activityDaysMax, type HourActivity } from './questions.ts'
import { stepAt } from './steps.ts'

/**
 * How long a value is remembered to compare the next one with. A meter that tells its counter once an hour must be heard to
 * move; what changed over a longer silence changed at an hour that nobody knows.
 */
const rememberedMs = 5_400_000

/** @throws DomainError `range-too-long` */
export function checkedActivity({ from, to }: ActivityQuery): void {
  if (to - from > activityDaysMax * 86_400_000)
    throw new DomainError('range-too-long', `activity of more than ${activityDaysMax} days: ask for less`)
}

interface Counted {
  steps: number
  heard: number
  active: number
  samples: number
}

/** Pieces in the order of time, and only those with a value. */
export function activityOf(
  pieces: Iterable<Piece>,
  { from, to, hours, leastChange }: ActivityQuery,
): readonly HourActivity[] {
  const starts = hours.map(({ at }) => at)
  const counted = Array.from({ length: 24 }, (): Counted => ({ steps: 0, heard: 0, active: 0, samples: 0 }))
  const of = (at: number) => counted[hours[stepAt(starts, Math.max(at, from))]?.hour ?? -1]
  for (let at = pieceOf(from); at < to; at += pieceMs) {
    const hour = of(at)
    if (hour) hour.steps++
  }
  let before: Piece | undefined
  for (const piece of pieces) {
    const hour = of(piece.at)
    if (hour) {
      hour.heard++
      hour.samples += piece.count
      if (changed(before, piece) > leastChange) hour.active++
    }
    before = piece
  }
  return counted.map((each, hour) => ({ hour, ...each }))
}

/** By how much the values of a piece differ, the one before them among them. */
function changed(before: Piece | undefined, { at, min, max }: Piece): number {
  const known = before && at - before.at <= rememberedMs ? before.last : undefined
  return known === undefined ? max - min : Math.max(max, known) - Math.min(min, known)
}
