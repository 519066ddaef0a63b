import { between, type EventClass, type Instant, millis, minutes, seconds } from '@anju/contract'

/** The same thing happening again and again: one alarm, every occurrence counted. */
export interface Episode {
  readonly occurrences: number
  readonly firstAt: Instant
  readonly lastAt: Instant
  /** When the latest ones were heard, by the gateway's clock; at most one more than would be stuck, and none once it is. */
  readonly recentAt: readonly Instant[]
  /** When those who hold it were last alerted again; null before the first time. */
  readonly realertedAt: Instant | null
  /** More than 20 a minute: a button that hangs. Once marked it stays marked, and the alarm stays open. */
  readonly stuck: boolean
  /** Age of the first occurrence when it was received, by the gateway's own elapsed time. */
  readonly lateByMs: number
  /** Only as long as every occurrence was during a test. */
  readonly test: boolean
  /** Who heard the latest occurrence; null for an episode of an older version. */
  readonly heardBy: HeardBy | null
  /** Its further occurrences that came late; null while there was none. */
  readonly lateAgain: LateAgain | null
}

/** Each is counted, and shown as what it is: the one that came in last, when it was heard (by the centre's clock), and its age. */
export interface LateAgain {
  readonly times: number
  /** Those that were heard before somebody took the alarm and came in while it was in hand: they ring for nobody. */
  readonly quiet: number
  readonly heardAt: Instant
  readonly byMs: number
}

/** When a thing was heard, by the centre's own clock (gateways' clocks differ), and the gateways that did so far. */
export interface HeardBy {
  readonly at: Instant
  readonly gateways: readonly string[]
}

export interface Occurrence {
  readonly gateway: string
  readonly occurredAt: Instant
  readonly heardAt: Instant
  readonly elapsedMs: number
  readonly test: boolean
}

const realertEvery = seconds(10)
/** Two gateways that hear one radio message tell of it within this time of each other. */
const echoWithin = seconds(5)
const gatewaysOfOneMax = 8
const stuckAbovePerMinute = 20
/** Received more than this after it was heard: late, and shown so; never dropped, never as fresh. */
export const lateAfter = seconds(60)

export const isLate = (elapsedMs: number): boolean => elapsedMs > lateAfter

/** It came late, and was heard before `since`: what somebody did at that moment they did after it, whenever we learn of it. */
export const isBehind = (one: Pick<Occurrence, 'elapsedMs'>, now: Instant, since: Instant | null): boolean =>
  isLate(one.elapsedMs) && since !== null && heardAtCentre(one, now) <= since

export const begin = (first: Occurrence, now: Instant): Episode => ({
  occurrences: 1,
  firstAt: first.occurredAt,
  lastAt: first.occurredAt,
  recentAt: [first.heardAt],
  realertedAt: null,
  stuck: false,
  lateByMs: ageOf(first, now),
  test: first.test,
  heardBy: { at: heardAtCentre(first, now), gateways: [first.gateway] },
  lateAgain: null,
})

/** Nothing is older than time itself: what a broken gateway says beyond that must not be a date that nobody can write. */
export const ageOf = ({ elapsedMs }: Pick<Occurrence, 'elapsedMs'>, now: Instant): number => Math.min(elapsedMs, now)
const heardAtCentre = (one: Pick<Occurrence, 'elapsedMs'>, now: Instant): Instant => (now - ageOf(one, now)) as Instant

/**
 * The same occurrence, heard by one more gateway (C-15): it counts once and alerts once. A gateway that has told of it already
 * means another one, however soon it follows.
 */
export function isEcho({ heardBy }: Episode, next: Occurrence, now: Instant): boolean {
  if (heardBy === null || heardBy.gateways.includes(next.gateway)) return false
  return heardBy.gateways.length < gatewaysOfOneMax && Math.abs(heardAtCentre(next, now) - heardBy.at) <= echoWithin
}

/** Only who heard it becomes more. */
export const echoed = (episode: Episode, next: Occurrence): Episode => ({
  ...episode,
  test: episode.test && next.test,
  heardBy: episode.heardBy && { ...episode.heardBy, gateways: [...episode.heardBy.gateways, next.gateway] },
})

export interface Recurrence {
  readonly episode: Episode
  /** Whoever holds the alarm, or nobody yet, hears it again: at once the first time, then at most every 10 s. */
  readonly realert: boolean
  readonly becameStuck: boolean
}

/**
 * Once more. An occurrence that arrives out of order moves `firstAt` back, never `lastAt`.
 * `takenAt`: when whoever has it in hand took it; null while nobody has. What was pressed before then, and came late, is a part
 * of what they took: it must not ring as if it were pressed in this moment.
 */
export function recur(
  episode: Episode,
  next: Occurrence,
  eventClass: EventClass,
  now: Instant,
  takenAt: Instant | null,
): Recurrence {
  const recentAt = [...episode.recentAt, next.heardAt].slice(-(stuckAbovePerMinute + 1))
  const urgent = eventClass === 'life' || eventClass === 'hazard'
  const becameStuck = urgent && !episode.stuck && withinAMinute(recentAt)
  const stuck = episode.stuck || becameStuck
  const late = isLate(next.elapsedMs)
  const heardAt = heardAtCentre(next, now)
  const quiet = isBehind(next, now, takenAt)
  const realert = !quiet && (episode.realertedAt === null || between(episode.realertedAt, now) >= realertEvery)
  const before = episode.lateAgain ?? { times: 0, quiet: 0 }
  return {
    episode: {
      ...episode,
      occurrences: episode.occurrences + 1,
      firstAt: Math.min(episode.firstAt, next.occurredAt) as Instant,
      lastAt: Math.max(episode.lastAt, next.occurredAt) as Instant,
      recentAt: stuck ? [] : recentAt,
      realertedAt: realert ? now : episode.realertedAt,
      stuck,
      test: episode.test && next.test,
      heardBy: latest(episode.heardBy, { at: heardAt, gateways: [next.gateway] }),
      lateAgain: late
        ? { times: before.times + 1, quiet: before.quiet + Number(quiet), heardAt, byMs: ageOf(next, now) }
        : episode.lateAgain,
    },
    realert,
    becameStuck,
  }
}

const latest = (before: HeardBy | null, next: HeardBy): HeardBy =>
  before !== null && before.at > next.at ? before : next

function withinAMinute(recentAt: readonly Instant[]): boolean {
  if (recentAt.length <= stuckAbovePerMinute) return false
  return millis(Math.max(...recentAt) - Math.min(...recentAt)) < minutes(1)
}
