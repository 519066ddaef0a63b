import { ABSENCE, SAMPLE } from '../influx/line-protocol.ts'
import type { InfluxWire } from '../influx/wire.ts'
import type { Slice } from './slices.ts'

type Asked = Pick<InfluxWire, 'records'>

const within = 'from(bucket: bucket) |> range(start: begin, stop: end)'
const FIRST = `${within} |> filter(fn: (r) => r._measurement == "${SAMPLE}" or r._measurement == "${ABSENCE}") |> first() |> keep(columns: ["_time"]) |> group() |> min(column: "_time")`

const rows = `rows = (measurement) => ${within} |> filter(fn: (r) => r._measurement == measurement)`
const one = (measurement: string, perSeries: string, all: string, name: string) =>
  `rows(measurement: "${measurement}") |> ${perSeries}() |> keep(columns: ["_value"]) |> group() |> ${all}() |> yield(name: "${name}")`
/** What there is of samples, and what sums of any length say there is. */
const OF_SAMPLES = [
  rows,
  one(SAMPLE, 'count', 'sum', 'samples'),
  one(ABSENCE, 'count', 'sum', 'reasons'),
  one(SAMPLE, 'min', 'min', 'min'),
  one(SAMPLE, 'max', 'max', 'max'),
].join('\n')
const OF_SUMS = [
  rows,
  one('count', 'sum', 'sum', 'samples'),
  one('absences', 'sum', 'sum', 'reasons'),
  one('min', 'min', 'min', 'min'),
  one('max', 'max', 'max', 'max'),
].join('\n')
const KEYS = ['samples', 'reasons', 'min', 'max'] as const

const boundTo = (bucket: string, { begin, end }: Slice) => ({
  bucket: { text: bucket },
  begin: { time: begin },
  end: { time: end },
})

/** The first instant of a sample or a reason; undefined when there is none. */
export async function firstInstant(wire: Asked, bucket: string, slice: Slice): Promise<number | undefined> {
  const [first] = await wire.records(FIRST, boundTo(bucket, slice), 10, (cells) => Date.parse(cells('_time')))
  return first
}

/** How the sums of a slice differ from what they were made of, in words; undefined when they do not. */
export async function compared(
  wire: Asked,
  slice: Slice,
  from: { readonly bucket: string; readonly isRaw: boolean },
  to: string,
): Promise<string | undefined> {
  const told = async (script: string, bucket: string) =>
    new Map(
      await wire.records(script, boundTo(bucket, slice), 100, (cells): [string, string] => [
        cells('result'),
        cells('_value'),
      ]),
    )
  const before = await told(from.isRaw ? OF_SAMPLES : OF_SUMS, from.bucket)
  const after = await told(OF_SUMS, to)
  const wrong = KEYS.filter((key) => before.get(key) !== after.get(key))
  return wrong.length === 0
    ? undefined
    : wrong
        .map((key) => `${key} ${before.get(key) ?? 'none'} in ${from.bucket}, ${after.get(key) ?? 'none'} in ${to}`)
        .join(', ')
}
