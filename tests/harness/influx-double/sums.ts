import type { DoubleBucket, FieldValue, StoredSeries } from './store.ts'

const pieceMs = 300_000
type Samples = readonly (readonly [at: number, value: FieldValue])[]

const piece = (at: number) => Math.floor(at / pieceMs) * pieceMs

/** What the tasks of `influx setup` write, of everything there is: five minutes of the samples, and days of those. */
export function sumUp(raw: DoubleBucket, fine: DoubleBucket, coarse: DoubleBucket, days: readonly number[]): void {
  const day = (at: number) => days.findLast((begin) => begin <= at) ?? Number.NaN
  for (const series of raw.series.values())
    for (const [at, samples] of stepsOf(series, piece)) {
      if (series.measurement === 'absence') {
        put(fine, series, 'absence', at, samples.at(-1)?.[1] ?? '')
        put(fine, series, 'absences', at, samples.length)
      } else for (const [name, value] of Object.entries(aggregatesOf(samples))) put(fine, series, name, at, value)
    }
  const total: StoredSeries = { measurement: 'total', tags: {}, field: 'samples', values: new Map() }
  coarse.series.set('total', total)
  for (const at of days) total.values.set(at, 1)
  for (const series of fine.series.values())
    for (const [at, sums] of stepsOf(series, day)) {
      const { measurement } = series
      const values = sums.map(([, value]) => Number(value))
      const value = ['count', 'sum', 'absences'].includes(measurement)
        ? values.reduce((sum, one) => sum + one)
        : measurement === 'min'
          ? Math.min(...values)
          : measurement === 'max'
            ? Math.max(...values)
            : (sums.at(-1)?.[1] ?? '')
      put(coarse, series, measurement, at, value)
    }
}

function stepsOf({ values }: StoredSeries, begin: (at: number) => number): Map<number, Samples> {
  const inOrder = [...values].sort(([a], [b]) => a - b)
  return Map.groupBy(inOrder, ([at]) => begin(at))
}

function aggregatesOf(samples: Samples) {
  const values = samples.map(([, value]) => Number(value))
  const sum = values.reduce((total, one) => total + one)
  return {
    count: values.length,
    sum,
    min: Math.min(...values),
    max: Math.max(...values),
    last: values.at(-1) ?? 0,
  }
}

function put(
  into: DoubleBucket,
  { tags, field }: StoredSeries,
  measurement: string,
  at: number,
  value: FieldValue,
): void {
  if (Number.isNaN(at)) return
  const key = JSON.stringify([measurement, tags, field])
  const series = into.series.get(key) ?? { measurement, tags, field, values: new Map<number, FieldValue>() }
  into.series.set(key, series)
  series.values.set(at, value)
}
