import type { Absence } from '@anju/contract'
import type { Actor } from '../ports.ts'

/** Epoch ms; `from` is in it, `to` is not. */
interface Range {
  readonly from: number
  readonly to: number
}
interface PointQuery extends Range {
  readonly home: string
  readonly placement: string
  readonly point: string
}

/** What a point said last: a value, or the reason why there is none. It is as old as `at` says and holds for no time after. */
export interface LatestPoint {
  readonly placement: string
  readonly point: string
  readonly unit: string
  readonly at: number
  readonly value: number | null
  readonly absent: Absence | null
}
/** A clock that lies must not be the last word for ever: the caller says from when on and until when a time is believed. */
export interface LatestQuery extends Range {
  readonly home: string
}

/** From when on the wall clock of the home shows an hour; the next one in order ends it. */
export interface LocalHour {
  readonly at: number
  /** 0–23. On a day on which the clocks change one of them is twice as long, or not there at all. */
  readonly hour: number
}
export interface ActivityQuery extends PointQuery {
  /** In order; the first begins at or before `from`. */
  readonly hours: readonly LocalHour[]
  /** What a value must differ by for somebody to have done something: more than a meter's own noise. */
  readonly leastChange: number
}
/**
 * What one hour of the day was like over all days of a range: whether somebody did something, as far as a point can tell. Who
 * looks at a home asks when there is usually life in it; how often a device reports says nothing of that (a meter reports all
 * night), so it is *changes* that count, in steps of five minutes. And no data is not zero: without a value in a step nobody
 * can tell. The routine is `active` of `heard`, never `active` of `steps`.
 */
export interface HourActivity {
  readonly hour: number
  /** Five minutes each; as many as the range has of that hour: the day that lacks it has none, the day that has it twice more. */
  readonly steps: number
  /** Of these, with a value: proof that the device was alive. */
  readonly heard: number
  /** Of these, with a change. */
  readonly active: number
  /** How many values it was. */
  readonly samples: number
}
export interface ActivityResult {
  /** Null when there is no such series. */
  readonly unit: string | null
  /** All 24, in order. */
  readonly hours: readonly HourActivity[]
}

export interface GapQuery extends PointQuery {
  readonly longerThanMs: number
}
/** No value from `from` (the one before it, or the range's beginning) until `to`; a reason fills no gap, it names it. */
export interface Gap extends Range {
  /** What was said last in it; null when nothing was said at all. */
  readonly why: Absence | null
}
export interface GapResult {
  /** Null when there is no such series; then all of the range is a gap. */
  readonly unit: string | null
  /** In order of time. */
  readonly gaps: readonly Gap[]
}

/** As many as one gateway may have series. */
export const latestPointsMax = 4_096
/** Four weeks of routine, and the days around them; less than the shortest time for which samples are kept by default. */
export const activityDaysMax = 35
export const gapDaysMax = 35
export const gapsMax = 200
export const gapLengthMsMin = 60_000

/** What is asked of measurements besides their values. The answers are the same from every store, to the last digit. */
export interface TelemetryQuestions {
  /**
   * In the order of placement and point; of a point whose unit changed, the one that spoke last.
   * @throws DomainError `range-too-long`, `telemetry-unavailable`
   */
  latest(actor: Actor, query: LatestQuery): Promise<readonly LatestPoint[]>
  /** @throws DomainError `range-too-long`, `telemetry-unavailable` */
  activity(actor: Actor, query: ActivityQuery): Promise<ActivityResult>
  /** @throws DomainError `request-malformed`, `range-too-long`, `telemetry-unavailable` */
  gaps(actor: Actor, query: GapQuery): Promise<GapResult>
}
