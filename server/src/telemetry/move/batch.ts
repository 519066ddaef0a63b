import type { SamplePage } from '../archive.ts'
import type { SeriesKey, TelemetryBatch } from '../store.ts'

/** Enough that a request costs little beside its rows, and that InfluxDB has its answer within a moment. */
export const batchRowsMax = 10_000
/** Stores remember every series they were told of: a city has a million, and a walk over all of them meets each one once. */
const dictionaryMax = 20_000

/**
 * Rows of as many series as fit. Each is a message of its own: a store refuses whole messages, and one sample that it cannot
 * take must not cost its neighbours.
 */
export class MoveBatch implements TelemetryBatch {
  readonly series: SeriesKey[] = []
  readonly seriesOf: Int32Array
  readonly at: Float64Array
  readonly value: Float64Array
  readonly absent: Uint8Array
  readonly messageEnds: Int32Array
  readonly #rowsMax: number
  rows = 0

  constructor(rowsMax = batchRowsMax) {
    this.#rowsMax = rowsMax
    this.seriesOf = new Int32Array(rowsMax)
    this.at = new Float64Array(rowsMax)
    this.value = new Float64Array(rowsMax)
    this.absent = new Uint8Array(rowsMax)
    this.messageEnds = Int32Array.from({ length: rowsMax }, (_, row) => row + 1)
  }

  get messages(): number {
    return this.rows
  }
  get isFull(): boolean {
    return this.rows === this.#rowsMax
  }

  /** Its dictionary is long enough: the next batch begins another one, and so does whoever was told of it. */
  get isWide(): boolean {
    return this.series.length >= dictionaryMax
  }

  /** Takes rows of a page from `row` on; answers the row it stopped at, which is the page's end unless the batch is full. */
  add(key: SeriesKey, page: SamplePage, row: number): number {
    if (this.series.at(-1) !== key) this.series.push(key)
    const end = Math.min(page.at.length, row + this.#rowsMax - this.rows)
    this.seriesOf.fill(this.series.length - 1, this.rows, this.rows + end - row)
    this.at.set(page.at.subarray(row, end), this.rows)
    this.value.set(page.value.subarray(row, end), this.rows)
    this.absent.set(page.absent.subarray(row, end), this.rows)
    this.rows += end - row
    return end
  }

  /** Takes out what `drops` says; answers how many rows that were. */
  drop(drops: (home: string, at: number) => boolean): number {
    let kept = 0
    for (let row = 0; row < this.rows; row++) {
      const series = this.seriesOf[row] as number
      const at = this.at[row] as number
      if (drops(this.series[series]?.home ?? '', at)) continue
      this.seriesOf[kept] = series
      this.at[kept] = at
      this.value[kept] = this.value[row] as number
      this.absent[kept] = this.absent[row] as number
      kept++
    }
    const dropped = this.rows - kept
    this.rows = kept
    return dropped
  }

  clear(): void {
    this.rows = 0
  }
}
