import { COUNTER_UNITS, DomainError } from '@anju/contract'
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

/** Pieces in the order of time, and only those with a value; all of one unit. */
export function activityOf(
  pieces: Iterable<Piece>,
  unit: string | null,
  { from, to, hours, leastChange }: ActivityQuery,
): readonly HourActivity[] {
  const change = unit !== null && COUNTER_UNITS.has(unit) ? counted : changed
  const starts = hours.map(({ at }) => at)
  const ofHour = Array.from({ length: 24 }, (): Counted => ({ steps: 0, heard: 0, active: 0, samples: 0 }))
  const of = (at: number) => ofHour[hours[stepAt(starts, Math.max(at, from))]?.hour ?? -1]
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
      if (change(knownBefore(before, piece), piece) > leastChange) hour.active++
    }
    before = piece
  }
  return ofHour.map((each, hour) => ({ hour, ...each }))
}

const knownBefore = (before: Piece | undefined, { at }: Piece): number | undefined =>
  before && at - before.at <= rememberedMs ? before.last : undefined

/** By how much the values of a piece differ, the one before them among them. */
const changed = (known: number | undefined, { min, max }: Piece): number =>
  known === undefined ? max - min : Math.max(max, known) - Math.min(min, known)

/** What a counter counted in a piece. One that stands lower than before is another meter: nobody knows more than what that one counted. */
const counted = (known: number | undefined, { min, last }: Piece): number =>
  last - (known !== undefined && known <= last ? known : min)
