import type { SeriesKey } from './store.ts'

/** A series' samples in order of time: row i is `value[i]`, or the reason `absent[i]` as in a batch, at `at[i]` (epoch ms). */
export interface SamplePage {
  readonly at: Float64Array
  readonly value: Float64Array
  readonly absent: Uint8Array
}
export const pageRowsMax = 10_000

/** How much is gone: of the samples, each instant of a series counts once. */
export interface Erased {
  readonly series: number
  readonly samples: number
}

/** Everything a store has, series by series: what export, erasure and migration go through. Raw samples, never sums of them. */
export interface TelemetryArchive {
  /**
   * In the order of home, placement, point and unit by their characters, whichever store it is; of one home, or of all.
   * @throws DomainError `telemetry-unavailable`
   */
  series(home?: string): AsyncIterable<SeriesKey>
  /**
   * In [from, to), ascending; no page is empty, none has more than `pageRowsMax` rows, and an instant is in one page only.
   * @throws DomainError `telemetry-unavailable`
   */
  samples(series: SeriesKey, from: number, to: number): AsyncIterable<SamplePage>
  /**
   * Everything of a home, in every bucket, downsampled or not. Done when it resolves; done twice is done once.
   * @throws DomainError `telemetry-unavailable`
   */
  erase(home: string): Promise<Erased>
}
