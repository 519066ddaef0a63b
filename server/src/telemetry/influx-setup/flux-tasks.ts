import { ABSENCE, SAMPLE } from '../influx/line-protocol.ts'
import type { Buckets } from './bucket-names.ts'

/** How a step's values are told in the downsampled buckets: a measurement each, under the tags and the field of the samples. */
export const AGGREGATES = ['count', 'sum', 'mean', 'min', 'max', 'last'] as const
/** How many reasons a step had; the last of them is in `absence`, as among the samples. */
export const ABSENCES = 'absences'
/** The whole fleet's steps, in one series without tags: what checks and the ingest's dashboard read. */
export const TOTAL = 'total'
export const TOTAL_FIELDS = ['samples', 'absences', 'absent_percent'] as const

/** A home that was cut off tells its backlog for up to three days, and a run may be missed. */
const lateDays = 4
/** Days of the zone have no fixed place in a run's clock, and what came late changed days that were summed before. */
const daysAgain = lateDays + 2

/**
 * Each run sums the last steps again, not only the newest: writing a step a second time changes nothing, and what came late or
 * was missed while InfluxDB was away is in. `yield` is not needed: what a task writes is its answer.
 */
export const fiveMinutes = (buckets: Buckets, name: string): string =>
  inFiveMinutes(buckets, name, 'every: 5m, offset: 1m', '15m')
export const late = (buckets: Buckets, name: string): string =>
  inFiveMinutes(buckets, name, 'every: 1d, offset: 2h', `${lateDays}d`)

const inFiveMinutes = (buckets: Buckets, name: string, when: string, back: string) => `import "date"

option task = {name: ${text(name)}, ${when}}

end = date.truncate(t: now(), unit: 5m)
begin = date.sub(from: end, d: ${back})
${sumsInFiveMinutes(buckets, nothing)}`

/** Of [begin, end), which stand before it; `answer` makes less of what is written, which is the script's answer. */
const sumsInFiveMinutes = (
  { raw, fiveMinutes }: Buckets,
  answer: (name: string) => string,
) => `of = (measurement) => from(bucket: ${text(raw)})
    |> range(start: begin, stop: end)
    |> filter(fn: (r) => r._measurement == measurement)
steps = (measurement, fn) => of(measurement: measurement)
    |> aggregateWindow(every: 5m, fn: fn, createEmpty: false, timeSrc: "_start")
keepAs = (name, tables=<-) => tables
    |> set(key: "_measurement", value: name)
    |> to(bucket: ${text(fiveMinutes)})${answer('name')}
total = (measurement, name) => steps(measurement: measurement, fn: count)
    |> group()
    |> aggregateWindow(every: 5m, fn: sum, createEmpty: false, timeSrc: "_start")
    |> set(key: "_field", value: name)

${AGGREGATES.map((fn) => `steps(measurement: ${text(SAMPLE)}, fn: ${fn}) |> keepAs(name: ${text(fn)})`).join('\n')}
steps(measurement: ${text(ABSENCE)}, fn: last) |> keepAs(name: ${text(ABSENCE)})
steps(measurement: ${text(ABSENCE)}, fn: count) |> keepAs(name: ${text(ABSENCES)})
${totalsFrom(`[total(measurement: ${text(SAMPLE)}, name: "samples"), total(measurement: ${text(ABSENCE)}, name: "absences")]`)}
    |> to(bucket: ${text(fiveMinutes)}, fieldFn: (r) => (${totalFields}))${answer(text(TOTAL))}
`

/** The days of one zone. A home of another zone is drawn from the five minutes, whose edges are everybody's. */
export const days = (buckets: Buckets, name: string, zone: string): string => `import "date"
import "timezone"

option task = {name: ${text(name)}, every: 6h, offset: 10m}
option location = timezone.location(name: ${text(zone)})

end = date.truncate(t: now(), unit: 1d)
begin = date.truncate(t: date.sub(from: now(), d: ${daysAgain}d), unit: 1d)
${sumsInDays(buckets, nothing)}`

const sumsInDays = (
  { fiveMinutes, days }: Buckets,
  answer: (name: string) => string,
) => `of = (measurement) => from(bucket: ${text(fiveMinutes)})
    |> range(start: begin, stop: end)
    |> filter(fn: (r) => r._measurement == measurement)
days = (fn, tables=<-) => tables
    |> aggregateWindow(every: 1d, fn: fn, createEmpty: false, timeSrc: "_start")
total = (name) => of(measurement: ${text(TOTAL)})
    |> filter(fn: (r) => r._field == name)
    |> days(fn: sum)

// A step of days is the sum of its five minutes in the order of time: Flux adds in no particular one, a running sum has to.
daySums = () => of(measurement: "sum")
    |> window(every: 1d)
    |> cumulativeSum()
    |> last()
    |> duplicate(column: "_start", as: "_time")
    |> window(every: inf)

${[
  ['count', 'sum'],
  ['min', 'min'],
  ['max', 'max'],
  ['last', 'last'],
  [ABSENCE, 'last'],
  [ABSENCES, 'sum'],
]
  .map(
    ([of = '', fn = '']) =>
      `of(measurement: ${text(of)}) |> days(fn: ${fn}) |> to(bucket: ${text(days)})${answer(text(of))}`,
  )
  .join('\n')}
daySums() |> to(bucket: ${text(days)})
union(tables: [daySums(), of(measurement: "count") |> days(fn: sum) |> toFloat()])
    |> group(columns: ["centre", "home", "placement", "point", "_field"])
    |> pivot(rowKey: ["_time"], columnKey: ["_measurement"], valueColumn: "_value")
    |> map(fn: (r) => ({r with _value: r.sum / r.count, _measurement: "mean"}))
    |> drop(columns: ["sum", "count"])
    |> to(bucket: ${text(days)})${answer(text('mean'))}
${totalsFrom('[total(name: "samples"), total(name: "absences")]')}
    |> to(bucket: ${text(days)}, fieldFn: (r) => (${totalFields}))${answer(text(TOTAL))}
`

const nothing = () => ''
/** A row for each, instead of all that was written. */
const onlyHowMany = (name: string) => `
    |> keep(columns: ["_time"])
    |> last(column: "_time")
    |> yield(name: ${name})`
/** The same sums of a time that lies behind us: of [begin, end), which are bound beside the script. */
export const pastFiveMinutes = (buckets: Buckets): string => sumsInFiveMinutes(buckets, onlyHowMany)
/** [begin, end) are whole days of the zone. */
export const pastDays = (buckets: Buckets, zone: string): string => `import "timezone"

option location = timezone.location(name: ${text(zone)})

${sumsInDays(buckets, onlyHowMany)}`

const totalsFrom = (tables: string) => `union(tables: ${tables})
    |> keep(columns: ["_time", "_field", "_value"])
    |> group()
    |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")
    |> map(fn: (r) => ({_time: r._time, samples: if exists r.samples then r.samples else 0, absences: if exists r.absences then r.absences else 0}))
    |> map(fn: (r) => ({r with _measurement: ${text(TOTAL)}, absent_percent: 100.0 * float(v: r.absences) / float(v: r.samples + r.absences)}))`
const totalFields = `{${TOTAL_FIELDS.map((field) => `${field}: r.${field}`).join(', ')}}`

/** Names of buckets and zones were refused before unless nothing in them means anything to Flux. */
const text = (given: string) => `"${given}"`
