import { ABSENCES, invariant } from '@anju/contract'
import { pageRowsMax, type SamplePage } from '../archive.ts'
import { absenceNamed } from '../buckets.ts'
import type { SeriesKey } from '../store.ts'
import { PAGE } from './archive-flux.ts'
import { fieldOf, influxTimes, SAMPLE, TAGS } from './line-protocol.ts'
import type { InfluxWire } from './wire.ts'

/** Of values and of reasons each: together they are a page. */
const rowsEach = pageRowsMax / 2

interface Row {
  readonly isValue: boolean
  readonly at: number
  readonly text: string
}

/**
 * Pages by time, one question a page. Values and reasons are cut off after so many rows each, so a page ends where the first of
 * the two was cut: before that instant both are whole.
 */
export async function* pagesOf(
  wire: Pick<InfluxWire, 'records'>,
  series: SeriesKey,
  from: number,
  to: number,
): AsyncGenerator<SamplePage> {
  const end = Math.min(to, influxTimes.latest)
  const field = fieldOf(series.unit)
  if (field === undefined) return
  const tags = Object.fromEntries(TAGS.map((tag) => [tag, { text: series[tag] }]))
  const bindings = { ...tags, field: { text: field }, most: { integer: rowsEach } }
  for (let begin = Math.max(from, influxTimes.earliest); begin < end; ) {
    const range = { begin: { time: begin }, end: { time: end } }
    const rows = await wire.records(PAGE, { ...bindings, ...range }, pageRowsMax, rowOf)
    const whole = Math.min(...[true, false].map((isValue) => cutAt(rows.filter((row) => row.isValue === isValue))))
    const page = pageOf(rows.filter(({ at }) => at <= whole))
    if (page.at.length > 0) yield page
    begin = whole + 1
  }
}

const rowOf = (cells: (column: string) => string): Row => ({
  isValue: cells('result') === SAMPLE,
  at: Date.parse(cells('_time')),
  text: cells('_value'),
})

/** The last instant that is there for sure; of a part that was not cut that is any. */
const cutAt = (rows: readonly Row[]): number =>
  rows.length < rowsEach ? Number.POSITIVE_INFINITY : (rows.at(-1)?.at ?? Number.POSITIVE_INFINITY)

/** A value holds against a reason for the same instant. */
function pageOf(rows: readonly Row[]): SamplePage {
  const byInstant = new Map<number, Row>()
  for (const row of rows) if (row.isValue || !byInstant.has(row.at)) byInstant.set(row.at, row)
  const inOrder = [...byInstant.values()].sort((a, b) => a.at - b.at)
  return {
    at: Float64Array.from(inOrder, ({ at }) => at),
    value: Float64Array.from(inOrder, (row) => (row.isValue ? numberOf(row) : 0)),
    absent: Uint8Array.from(inOrder, ({ isValue, text }) => (isValue ? 0 : ABSENCES.indexOf(absenceNamed(text)) + 1)),
  }
}

function numberOf({ text }: Row): number {
  const number = Number(text)
  invariant(text !== '' && Number.isFinite(number), 'a value is no number')
  return number
}
