import { invariant } from '@anju/contract'
import type { SamplePage } from '../archive.ts'
import type { Refusal, SeriesKey, TelemetryStore } from '../store.ts'
import { batchRowsMax, MoveBatch } from './batch.ts'
import type { End } from './end.ts'
import type { Erased } from './erased.ts'
import type { Patience } from './patience.ts'

/** A sample the target does not take. */
export interface RefusedSample {
  readonly series: SeriesKey
  readonly at: number
  readonly refusal: Refusal
}

export interface Flushed {
  readonly written: number
  readonly refused: readonly RefusedSample[]
  /** Of a home whose measurements were erased. */
  readonly erased: number
}

/** Gathers rows and writes them by the way homes' samples go, so that what a home could not send cannot be moved, either. */
export class TargetWriter {
  readonly #target: Pick<End, 'open'>
  readonly #patience: Patience
  readonly #erased: Erased
  readonly #rowsMax: number
  #store: TelemetryStore | undefined
  #batch: MoveBatch

  constructor(target: Pick<End, 'open'>, patience: Patience, erased: Erased, rowsMax = batchRowsMax) {
    this.#rowsMax = rowsMax
    this.#batch = new MoveBatch(rowsMax)
    this.#target = target
    this.#patience = patience
    this.#erased = erased
  }

  get isFull(): boolean {
    return this.#batch.isFull
  }
  /** Instants of what was added since the last `flush`. */
  get gathered(): Float64Array {
    return this.#batch.at.subarray(0, this.#batch.rows)
  }

  /** Takes the page's rows from `row` on; answers where it stopped, which is the page's end unless it is full. */
  add(series: SeriesKey, page: SamplePage, row: number): number {
    return this.#batch.add(series, page, row)
  }

  /** Durable when it resolves. */
  async flush(): Promise<Flushed> {
    const batch = this.#batch
    const gathered = batch.rows
    const refused = await this.#patience.with(() => this.#write(batch))
    const erased = gathered - batch.rows
    const samples = [...refused].map(([row, refusal]): RefusedSample => {
      const series = batch.series[batch.seriesOf[row] as number]
      invariant(series, 'a row has a series')
      return { series, at: batch.at[row] as number, refusal }
    })
    batch.clear()
    if (batch.isWide) {
      await this.close()
      this.#batch = new MoveBatch(this.#rowsMax)
    }
    return { written: gathered - erased - samples.length, refused: samples, erased }
  }

  async #write(batch: MoveBatch): Promise<ReadonlyMap<number, Refusal>> {
    if (batch.rows === 0) return new Map()
    await this.#erased.refresh()
    if (!this.#erased.isEmpty) batch.drop((home, at) => this.#erased.has(home, at))
    if (batch.rows === 0) return new Map()
    this.#store ??= this.#target.open()
    return this.#store.write(batch)
  }

  async close(): Promise<void> {
    const store = this.#store
    this.#store = undefined
    await store?.close()
  }
}
