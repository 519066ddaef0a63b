import { DomainError, type ErrorCode, type Millis, millis } from '@anju/contract'
import type { Bucket } from '@anju/contract/api'
import type { Actor } from '../ports.ts'
import type { TelemetryQuestions } from './questions.ts'

/** One series of a home; the unit is part of it, because a mean over two units means nothing. */
export interface SeriesKey {
  readonly centre: string
  readonly home: string
  readonly placement: string
  readonly point: string
  readonly unit: string
}

/**
 * Samples as columns: row i is `value[i]`, or the reason `absent[i]` (its place in `ABSENCES`, from 1; 0 when there is a
 * value), of `series[seriesOf[i]]` at `at[i]` (epoch ms). Rows of one message are neighbours.
 */
export interface TelemetryBatch {
  /** Grows while the process lives; a number keeps its meaning. */
  readonly series: readonly SeriesKey[]
  readonly rows: number
  readonly seriesOf: Int32Array
  readonly at: Float64Array
  readonly value: Float64Array
  readonly absent: Uint8Array
  /** Row after the last one of each message. */
  readonly messageEnds: Int32Array
  readonly messages: number
}

export interface Refusal {
  readonly code: ErrorCode
  readonly why: string
}

export interface MeasurementQuery {
  readonly home: string
  readonly placement: string
  readonly point: string
  /** Epoch ms; `from` is in it, `to` is not. */
  readonly from: number
  readonly to: number
  /** The starts of the steps, ascending, the first at or before `from`; undefined for the raw samples. */
  readonly steps: readonly number[] | undefined
}
export interface MeasurementResult {
  /** Null when there is no such series. */
  readonly unit: string | null
  readonly buckets: readonly Bucket[]
}

/** At most so many steps or raw samples in one answer; more is `range-too-long`. */
export const bucketsMax = 2_000

/**
 * Where measurements live. Idempotent by (series, at): the same sample again is the same sample. Of two samples for one
 * instant the later value holds, and a value holds against any reason why there is none, whichever came first: what was
 * measured was measured, and messages that change places must not change what is known.
 */
export interface TelemetryStore extends TelemetryQuestions {
  /**
   * Durable when it resolves. A message that can never be stored is refused, by its number in the batch; the others are not
   * held up by it.
   * @throws DomainError `telemetry-unavailable`; then nothing may be receipted, and the batch may be written again, not before
   * what `retryAfterOf` says. `request-malformed` for a batch without messages.
   */
  write(batch: TelemetryBatch): Promise<ReadonlyMap<number, Refusal>>
  /**
   * Steps in order, every one of them, the empty ones with a reason; or the raw samples in order of time.
   * @throws DomainError `range-too-long`, `telemetry-unavailable`
   */
  query(actor: Actor, query: MeasurementQuery): Promise<MeasurementResult>
  /**
   * Resolves when it would take a batch now, as far as can be known without one; writes nothing.
   * @throws DomainError `telemetry-unavailable` with the reason: it is away, or our rights or its bucket are.
   */
  check(): Promise<void>
  close(): Promise<void>
}

/** How long a store that is unavailable asked to be left alone. */
export function retryAfterOf(error: unknown): Millis {
  const asked = error instanceof DomainError ? error.detail['retryAfter'] : undefined
  return millis(typeof asked === 'number' ? asked : 0)
}
