import type { SamplePage } from '../archive.ts'
import type { SeriesKey } from '../store.ts'

/** What a file is written from: a home's series, and their samples page by page. */
export interface Content {
  /** The kind of store that it is read from: there may be another one, from before a move. */
  readonly store: string
  readonly centre: string
  readonly home: string
  readonly timeZone: string
  readonly series: readonly SeriesKey[]
  samples(series: SeriesKey): AsyncIterable<SamplePage>
}

/** One way to write a home's telemetry down: pure, text in pieces, as long as somebody takes them. */
export interface Format {
  readonly contentType: string
  readonly extension: string
  textOf(content: Content): AsyncGenerator<string>
}

/** Rows whose text is made at once: a fraction of what a turn of the alarms' thread may take. */
const rowsAtOnce = 1_000

/** The rows of one series, and whether they are its first ones. */
export interface Piece extends SamplePage {
  readonly series: SeriesKey
  readonly isFirst: boolean
}

export async function* piecesOf(content: Content): AsyncGenerator<Piece> {
  for (const series of content.series) {
    let isFirst = true
    for await (const page of content.samples(series))
      for (let from = 0; from < page.at.length; from += rowsAtOnce) {
        const [at, value, absent] = [page.at, page.value, page.absent] as const
        const to = from + rowsAtOnce
        yield {
          series,
          isFirst,
          at: at.subarray(from, to),
          value: value.subarray(from, to),
          absent: absent.subarray(from, to),
        }
        isFirst = false
      }
  }
}
