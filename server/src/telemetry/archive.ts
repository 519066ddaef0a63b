import type { Millis } from '@anju/contract'
import type { SeriesKey } from './store.ts'

/** A series' samples in order of time: row i is `value[i]`, or the reason `absent[i]` as in a batch, at `at[i]` (epoch ms). */
export interface SamplePage {
  readonly at: Float64Array
  readonly value: Float64Array
  readonly absent: Uint8Array
}
export const pageRowsMax = 10_000

/** What a store holds of a home. */
export interface Held {
  readonly series: number
  /** Each instant of a series counts once, however it is written down. */
  readonly samples: number
  /** Where it lies, and how many values that is there: a bucket of sums holds several of each step. */
  readonly buckets: readonly { readonly name: string; readonly values: number }[]
}
/** Epoch ms; `from` is in it, `to` is not. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** Everything a store has, series by series: what export, erasure and migration go through. Raw samples, never sums of them. */
export interface TelemetryArchive {
  /** Which store this is, wherever it is asked from: moves are kept under it, and certificates name it. */
  readonly id: string
  /**
   * How long after an erasure, and then after each look, it is to be looked for again: whoever had read it before may still
   * write it, or sums of it.
   */
  readonly looksAgainAfter: readonly Millis[]
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
   * Everything of a home, in every bucket, downsampled or not, but for what lies in `except`: a home may go on measuring
   * while it is erased. What is there must be counted before it is gone.
   * @throws DomainError `telemetry-unavailable`
   */
  held(home: string, except?: TimeRange): Promise<Held>
  /**
   * Erases what `held` counts, and asks afterwards whether it is gone. Done when it resolves; done twice is done once. An
   * aggregate goes with the instant at which it begins.
   * @throws DomainError `telemetry-unavailable`
   */
  erase(home: string, except?: TimeRange): Promise<void>
}

/** Earlier and later than any clock of a home says, also one that lies. */
export const always: TimeRange = { from: -8_640_000_000_000_000, to: 8_640_000_000_000_000 }

/** All of time but for a range of it. */
export const around = (except: TimeRange | undefined): readonly TimeRange[] =>
  except === undefined
    ? [always]
    : [
        { from: always.from, to: except.from },
        { from: except.to, to: always.to },
      ]

/** Counts by reading: page after page, so that neither we nor the store hold more than one. */
export async function counted(
  archive: Pick<TelemetryArchive, 'series' | 'samples'>,
  home: string,
  except: TimeRange | undefined,
): Promise<Pick<Held, 'series' | 'samples'>> {
  let series = 0
  let samples = 0
  for await (const key of archive.series(home)) {
    const before = samples
    for (const { from, to } of around(except))
      for await (const { at } of archive.samples(key, from, to)) samples += at.length
    if (samples > before) series++
  }
  return { series, samples }
}
