import { type Instant, integerBetween, type Random, seededRandom } from '@anju/contract'
import { type LocalDate, wallClock } from '@anju/contract/zoned-time'
import { type Activity, type ActivityKind, seedOf } from './day.ts'

/** The home's load from `from` until the next step. Whole watts, so that energy adds up without dust. */
export interface LoadStep {
  readonly from: Instant
  readonly watts: number
  /** What still runs when nobody is at home: the fridge, the boiler, what stands by. */
  readonly unattendedWatts: number
}

interface Use {
  readonly from: number
  readonly to: number
  readonly watts: number
  /** Runs only because somebody is there. */
  readonly attended: boolean
}

const minute = 60_000
const standbyWatts = 14
const darkUntilMinute = 6 * 60 + 20
const darkFromMinute = 18 * 60

/** What the appliances of a home draw on a day with these activities. The steps begin at the day's first instant. */
export function loadOf(
  seed: number,
  date: LocalDate,
  timeZone: string,
  activities: readonly Activity[],
): readonly LoadStep[] {
  const start = activities[0]?.from
  const end = activities.at(-1)?.to
  if (start === undefined || end === undefined) return []
  const random = seededRandom(seedOf(seed, 'load', date))
  const uses = [
    { from: start, to: end, watts: standbyWatts, attended: false },
    ...fridge(random, start, end),
    ...boiler(random, activities),
    ...activities.flatMap((activity) => [...usesOf(random, activity, timeZone)]),
    ...laundry(random, activities),
  ]
  return sum(uses, start, end)
}

function* fridge(random: Random, start: number, end: number): Generator<Use> {
  let at = start + integerBetween(random, 0, 30) * minute
  while (at < end) {
    const to = at + integerBetween(random, 12, 17) * minute
    yield { from: at, to, watts: integerBetween(random, 88, 97), attended: false }
    at = to + integerBetween(random, 26, 36) * minute
  }
}

/** An 80 l storage heater: it heats up again after each wash, whether or not somebody stays at home. */
function* boiler(random: Random, activities: readonly Activity[]): Generator<Use> {
  for (const { kind, from, to } of activities)
    if (kind === 'washing')
      yield { from: from + 3 * minute, to: to + integerBetween(random, 8, 20) * minute, watts: 1_500, attended: false }
}

function* laundry(random: Random, activities: readonly Activity[]): Generator<Use> {
  const chores = activities.find(({ kind }) => kind === 'housework')
  if (chores && random.uniform() < 0.4)
    yield { from: chores.from, to: chores.from + 38 * minute, watts: 310, attended: false }
}

const attendedLoad: Readonly<Record<ActivityKind, number>> = {
  sleeping: 0,
  toilet: 22, // light and fan
  washing: 22,
  cooking: 165, // extractor hood
  eating: 0,
  resting: 6, // a radio
  'watching-tv': 92,
  housework: 0,
  out: 0,
}

function* usesOf(random: Random, { kind, room, from, to }: Activity, timeZone: string): Generator<Use> {
  if (attendedLoad[kind] > 0) yield { from, to, watts: attendedLoad[kind], attended: true }
  const clock = wallClock(from, timeZone).minute
  const dark = clock < darkUntilMinute || clock >= darkFromMinute
  if (dark && room !== 'out' && kind !== 'sleeping') yield { from, to, watts: 36, attended: true }
  if (kind === 'cooking') {
    yield { from: from + minute, to: from + 5 * minute, watts: 1_480, attended: true } // kettle
    if (clock > 9 * 60) {
      const cooked = from + integerBetween(random, 22, 28) * minute
      yield { from, to: cooked, watts: 520, attended: true } // rice cooker, then keeping warm
      yield { from: cooked, to: to + 20 * minute, watts: 38, attended: true }
    }
  }
  if (kind === 'watching-tv' && random.uniform() < 0.5)
    yield { from: from + 4 * minute, to: from + 7 * minute, watts: 1_480, attended: true } // tea
}

/** Adds up overlapping uses, cut to the day. */
function sum(uses: Iterable<Use>, start: Instant, end: Instant): LoadStep[] {
  const changes = new Map<number, { all: number; unattended: number }>([[start, { all: 0, unattended: 0 }]])
  const add = (at: number, watts: number, attended: boolean) => {
    const change = changes.get(at) ?? { all: 0, unattended: 0 }
    changes.set(at, {
      all: change.all + watts,
      unattended: change.unattended + (attended ? 0 : watts),
    })
  }
  for (const { from, to, watts, attended } of uses) {
    if (from >= end || to <= start || to <= from) continue
    add(Math.max(from, start), watts, attended)
    if (to < end) add(to, -watts, attended)
  }
  let watts = 0
  let unattendedWatts = 0
  return [...changes]
    .sort(([a], [b]) => a - b)
    .map(([at, change]) => {
      watts += change.all
      unattendedWatts += change.unattended
      return { from: at as Instant, watts, unattendedWatts }
    })
}
