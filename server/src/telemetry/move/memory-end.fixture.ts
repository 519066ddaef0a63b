import { type Millis, millis } from '@anju/contract'
import type { SamplePage, TelemetryArchive } from '../archive.ts'
import { nullStore } from '../null-store.ts'
import { refusalsOf } from '../refusals.ts'
import type { SeriesKey, TelemetryBatch, TelemetryStore } from '../store.ts'
import { type End, earliest, latest } from './end.ts'
import { compareNames } from './series.ts'

/** A value, or the place of a reason in the list of absences, from 1. */
export type Kept = { readonly value: number } | { readonly why: number }

/** A store in memory by the rules of both real ones; `before` is told of every step, and may throw or change something. */
export class MemoryEnd implements End {
  readonly id: string
  readonly data = new Map<string, { key: SeriesKey; samples: Map<number, Kept> }>()
  /** Rows that came in, again and again counted. */
  rowsWritten = 0
  stores = 0
  kept: Millis | undefined
  pageRows = 7
  before: (step: string) => void = () => undefined
  readonly #now: () => number

  constructor(id: string, now: () => number) {
    this.id = id
    this.#now = now
  }

  put(key: SeriesKey, at: number, kept: Kept): void {
    const name = JSON.stringify([key.home, key.placement, key.point, key.unit])
    let series = this.data.get(name)
    if (!series) {
      series = { key, samples: new Map() }
      this.data.set(name, series)
    }
    const before = series.samples.get(at)
    if ('value' in kept || !before || 'why' in before) series.samples.set(at, kept)
  }

  get samples(): Map<number, Kept>[] {
    return [...this.data.values()].map(({ samples }) => samples)
  }

  keptFor(): Promise<Millis | undefined> {
    this.before('keptFor')
    return Promise.resolve(this.kept)
  }

  judge() {
    return (batch: TelemetryBatch) => refusalsOf(batch, { earliest, latest })
  }

  open(): TelemetryStore {
    this.stores++
    return {
      ...nullStore(),
      write: async (batch) => {
        this.before('write')
        const refused = refusalsOf(batch, { earliest, latest })
        for (let row = 0; row < batch.rows; row++) {
          const at = batch.at[row] as number
          if (this.kept !== undefined && at < this.#now() - this.kept)
            refused.set(row, { code: 'message-malformed', why: 'outside retention policy' })
          if (refused.has(row)) continue
          const why = batch.absent[row] as number
          const kept = why === 0 ? { value: batch.value[row] as number } : { why }
          this.put(batch.series[batch.seriesOf[row] as number] as SeriesKey, at, kept)
          this.rowsWritten++
        }
        // Killed after it was stored and before anybody knows.
        this.before('written')
        return refused
      },
    }
  }

  readonly archive: TelemetryArchive = {
    id: 'memory',
    looksAgainAfter: [],
    series: () => this.#series(),
    samples: (key, from, to) => this.#pages(key, from, to),
    held: () => Promise.reject(new Error('nobody counts')),
    erase: () => Promise.reject(new Error('nobody erases')),
  }

  async *#series(): AsyncGenerator<SeriesKey> {
    for (const { key } of [...this.data.values()].sort((a, b) => compareNames(a.key, b.key))) {
      this.before('series')
      yield key
    }
  }

  async *#pages({ home, placement, point, unit }: SeriesKey, from: number, to: number): AsyncGenerator<SamplePage> {
    const found = this.data.get(JSON.stringify([home, placement, point, unit]))
    const rows = [...(found?.samples ?? [])].filter(([at]) => at >= from && at < to).sort(([a], [b]) => a - b)
    for (let row = 0; row < rows.length; row += this.pageRows) {
      this.before('page')
      const page = rows.slice(row, row + this.pageRows)
      yield {
        at: Float64Array.from(page, ([at]) => at),
        value: Float64Array.from(page, ([, kept]) => ('value' in kept ? kept.value : 0)),
        absent: Uint8Array.from(page, ([, kept]) => ('why' in kept ? kept.why : 0)),
      }
    }
  }
}

export const days = (count: number): Millis => millis(count * 86_400_000)
