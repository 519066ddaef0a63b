import { type Instant, integerBetween, type Random, seededRandom } from '@anju/contract'
import { instantAt, type LocalDate } from '@anju/contract/zoned-time'

/** Where the resident is; `out` is outside the home. */
export type Room = 'bedroom' | 'bathroom' | 'kitchen' | 'living' | 'out'
export type ActivityKind =
  | 'sleeping'
  | 'toilet'
  | 'washing'
  | 'cooking'
  | 'eating'
  | 'resting'
  | 'watching-tv'
  | 'housework'
  | 'out'

/** One thing after another: the activities of a day touch and cover it from local midnight to local midnight. */
export interface Activity {
  readonly from: Instant
  readonly to: Instant
  readonly kind: ActivityKind
  readonly room: Room
}

interface Draft {
  from: number
  to: number
  kind: ActivityKind
  room: Room
}

/** A 32-bit seed for one purpose of one day of one home: days differ, and the same day is always the same. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const char of parts.join('/')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

/**
 * The day of an old person who lives alone: a night with one or two ways to the toilet, three meals, a nap, the market in the
 * morning, often a walk in the afternoon, television in the evening.
 */
export function dayOf(seed: number, date: LocalDate, timeZone: string): readonly Activity[] {
  const random = seededRandom(seedOf(seed, 'day', date))
  const draft = skeleton(random)
  for (const minute of nightVisits(random)) visitToilet(draft, minute, integerBetween(random, 4, 8))
  for (const [low, high] of [
    [9 * 60, 10 * 60],
    [13 * 60 + 50, 14 * 60 + 40],
    [19 * 60 + 20, 20 * 60 + 20],
  ] as const)
    visitToilet(draft, integerBetween(random, low, high), integerBetween(random, 4, 9))
  return draft
    .map(({ from, to, kind, room }) => ({
      from: instantAt(date, from, timeZone),
      to: instantAt(date, to, timeZone),
      kind,
      room,
    }))
    .filter(({ from, to }) => to > from) // daylight saving may swallow what fell into the skipped hour
}

/** Minutes after midnight, in order and without holes. */
function skeleton(random: Random): Draft[] {
  const draft: Draft[] = []
  let at = 0
  const until = (to: number, kind: ActivityKind, room: Room) => {
    if (to > at) draft.push({ from: at, to, kind, room })
    at = Math.max(at, to)
  }
  const lasting = (low: number, high: number, kind: ActivityKind, room: Room) =>
    until(at + integerBetween(random, low, high), kind, room)

  until(integerBetween(random, 5 * 60 + 45, 6 * 60 + 35), 'sleeping', 'bedroom')
  lasting(14, 24, 'washing', 'bathroom')
  lasting(18, 28, 'cooking', 'kitchen')
  lasting(15, 25, 'eating', 'living')
  lasting(10, 30, 'housework', 'kitchen')
  until(integerBetween(random, 8 * 60 + 10, 8 * 60 + 50), 'resting', 'living')
  if (random.uniform() < 0.85) lasting(55, 110, 'out', 'out') // the market
  until(integerBetween(random, 10 * 60 + 50, 11 * 60 + 15), 'resting', 'living')
  lasting(30, 45, 'cooking', 'kitchen')
  lasting(25, 35, 'eating', 'living')
  lasting(8, 15, 'housework', 'kitchen')
  until(integerBetween(random, 12 * 60 + 45, 13 * 60), 'resting', 'living')
  lasting(50, 80, 'sleeping', 'bedroom')
  until(integerBetween(random, 14 * 60 + 45, 15 * 60 + 15), 'watching-tv', 'living')
  if (random.uniform() < 0.6) lasting(45, 95, 'out', 'out') // a walk, or mah-jong downstairs
  until(integerBetween(random, 17 * 60 + 10, 17 * 60 + 30), 'resting', 'living')
  lasting(30, 45, 'cooking', 'kitchen')
  lasting(25, 35, 'eating', 'living')
  lasting(10, 15, 'housework', 'kitchen')
  until(integerBetween(random, 20 * 60 + 35, 21 * 60), 'watching-tv', 'living')
  lasting(18, 28, 'washing', 'bathroom')
  lasting(15, 40, 'watching-tv', 'living')
  until(24 * 60, 'sleeping', 'bedroom')
  return draft
}

function nightVisits(random: Random): number[] {
  const first = integerBetween(random, 60, 170)
  return random.uniform() < 0.6 ? [first, integerBetween(random, 200, 290)] : [first]
}

/** Splits whatever is going on at `minute`; somebody who is out, or would still be in the bathroom at its end, does not go. */
function visitToilet(draft: Draft[], minute: number, lengthMin: number): void {
  const index = draft.findIndex(({ from, to }) => from < minute && minute + lengthMin < to)
  const during = draft[index]
  if (!during || during.room === 'out' || during.room === 'bathroom') return
  draft.splice(
    index,
    1,
    { ...during, to: minute },
    { from: minute, to: minute + lengthMin, kind: 'toilet', room: 'bathroom' },
    { ...during, from: minute + lengthMin },
  )
}
