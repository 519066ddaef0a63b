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
}

export interface Occurrence {
  readonly occurredAt: Instant
  readonly heardAt: Instant
  readonly elapsedMs: number
  readonly test: boolean
}

const realertEvery = seconds(10)
const stuckAbovePerMinute = 20
/** Received more than this after it was heard: late, and shown so; never dropped, never as fresh. */
export const lateAfter = seconds(60)

export const isLate = (elapsedMs: number): boolean => elapsedMs > lateAfter

export const begin = (first: Occurrence): Episode => ({
  occurrences: 1,
  firstAt: first.occurredAt,
  lastAt: first.occurredAt,
  recentAt: [first.heardAt],
  realertedAt: null,
  stuck: false,
  lateByMs: first.elapsedMs,
  test: first.test,
})

export interface Recurrence {
  readonly episode: Episode
  /** Whoever holds the alarm, or nobody yet, hears it again: at once the first time, then at most every 10 s. */
  readonly realert: boolean
  readonly becameStuck: boolean
}

/** Once more. An occurrence that arrives out of order moves `firstAt` back, never `lastAt`. */
export function recur(episode: Episode, next: Occurrence, eventClass: EventClass, now: Instant): Recurrence {
  const recentAt = [...episode.recentAt, next.heardAt].slice(-(stuckAbovePerMinute + 1))
  const urgent = eventClass === 'life' || eventClass === 'hazard'
  const becameStuck = urgent && !episode.stuck && withinAMinute(recentAt)
  const stuck = episode.stuck || becameStuck
  const realert = episode.realertedAt === null || between(episode.realertedAt, now) >= realertEvery
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
    },
    realert,
    becameStuck,
  }
}

function withinAMinute(recentAt: readonly Instant[]): boolean {
  if (recentAt.length <= stuckAbovePerMinute) return false
  return millis(Math.max(...recentAt) - Math.min(...recentAt)) < minutes(1)
}
