import { invariant } from '@anju/contract'
import type { SamplePage, TelemetryArchive } from '../archive.ts'
import { mergedPages } from './merged.ts'
import type { Patience } from './patience.ts'
import { compareNames, type NamedSeries, nameOf, type SeriesName } from './series.ts'

/**
 * An archive that goes on where it was after a store was away. A walk over all homes takes hours: the list of series is asked
 * for again as well, and what was told already is passed over.
 */
export class SteadyArchive {
  readonly #archive: TelemetryArchive
  readonly #patience: Patience

  constructor(archive: TelemetryArchive, patience: Patience) {
    this.#archive = archive
    this.#patience = patience
  }

  /** In order, each name once, from the first one at or behind `from`. */
  async *series(from?: SeriesName): AsyncGenerator<NamedSeries> {
    const tries = this.#patience.tries()
    let told: SeriesName | undefined
    for (;;)
      try {
        let next: NamedSeries | undefined
        for await (const key of this.#archive.series()) {
          tries.worked()
          const order = next === undefined ? 1 : compareNames(key, next.name)
          // Two walks are laid side by side: one out of order would make differences where there are none.
          invariant(order >= 0, 'the archive’s series are not in order')
          if (order === 0 && next) {
            next = { name: next.name, keys: [...next.keys, key] }
            continue
          }
          if (next && isDue(next.name, from, told)) {
            told = next.name
            yield next
          }
          next = { name: nameOf(key), keys: [key] }
        }
        if (next && isDue(next.name, from, told)) yield next
        return
      } catch (error) {
        await tries.failed(error)
      }
  }

  /** In [from, to), ascending, each instant once. */
  async *samples({ keys }: NamedSeries, from: number, to: number): AsyncGenerator<SamplePage> {
    const tries = this.#patience.tries()
    let next = from
    while (next < to)
      try {
        for await (const page of this.#pages(keys, next, to)) {
          tries.worked()
          // An instant is in one page only, so what was not told begins right behind it.
          next = (page.at.at(-1) as number) + 1
          yield page
        }
        return
      } catch (error) {
        await tries.failed(error)
      }
  }

  #pages([first, ...others]: NamedSeries['keys'], from: number, to: number): AsyncIterable<SamplePage> {
    invariant(first, 'a series has a key')
    return others.length === 0
      ? this.#archive.samples(first, from, to)
      : mergedPages([first, ...others].map((key) => this.#archive.samples(key, from, to)))
  }
}

const isDue = (name: SeriesName, from: SeriesName | undefined, told: SeriesName | undefined): boolean =>
  (from === undefined || compareNames(name, from) >= 0) && (told === undefined || compareNames(name, told) > 0)
