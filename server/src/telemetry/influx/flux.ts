import { ABSENCES, TOTAL } from '../influx-setup/flux-tasks.ts'
import { pieceMs } from '../pieces.ts'
import { ABSENCE, SAMPLE, TAGS } from './line-protocol.ts'

/**
 * The questions we ask, as constants: no text of anybody's ever becomes part of a script. What varies is bound beside it, as
 * literals of Flux's own syntax tree (`extern`), which nothing in a value can leave.
 *
 * `rows` is a function, not a value: a table that two questions share is read whole and counted by the query engine, while a
 * question with a table of its own is answered inside the storage.
 */
const rows = (tags: readonly string[], source = SOURCE) =>
  functionOf(source, 'measurement', `r._measurement == measurement and ${areOurs(tags)}`)
const functionOf = ({ name, bucket, begin, end }: typeof SOURCE, parameters: string, filter: string) =>
  `${name} = (${parameters}) => from(bucket: ${bucket}) |> range(start: ${begin}, stop: ${end}) |> filter(fn: (r) => ${filter})`
const areOurs = (tags: readonly string[]) => tags.map((tag) => `r.${tag} == ${tag}`).join(' and ')
/** What a question is asked of, by the names under which it is bound. */
const SOURCE = { name: 'rows', bucket: 'bucket', begin: 'begin', end: 'end' }

const asked = (measurement: string, how: string, columns: readonly string[], name: string) =>
  `rows(measurement: "${measurement}") |> ${how} |> keep(columns: [${columns.map((column) => `"${column}"`).join(', ')}]) |> yield(name: "${name}")`
const AT_TIME = ['_time', '_value', '_field']
const AT_START = ['_start', '_value', '_field']
const OF_A_HOME = [...AT_TIME, 'placement', 'point']
const inSteps = (measurement: string, fn: string, columns: readonly string[], name: string) =>
  asked(measurement, `window(every: every, offset: offset) |> ${fn}()`, columns, name)
const inPieces = (fn: string) =>
  `aggregateWindow(every: ${pieceMs / 60_000}m, fn: ${fn}, createEmpty: false, timeSrc: "_start")`

const RAW = [asked(SAMPLE, 'limit(n: most)', AT_TIME, 'samples'), asked(ABSENCE, 'limit(n: most)', AT_TIME, 'absences')]
const LAST = [asked(SAMPLE, 'last()', AT_TIME, 'last'), asked(ABSENCE, 'last()', AT_TIME, 'absent')]
const FIRST = [asked(SAMPLE, 'first()', AT_TIME, 'samples'), asked(ABSENCE, 'first()', AT_TIME, 'absences')]
const LATEST = [asked(SAMPLE, 'last()', OF_A_HOME, 'last'), asked(ABSENCE, 'last()', OF_A_HOME, 'absent')]
const STEPS = [
  inSteps(SAMPLE, 'count', AT_START, 'count'),
  inSteps(SAMPLE, 'mean', AT_START, 'mean'),
  inSteps(SAMPLE, 'min', AT_TIME, 'min'),
  inSteps(SAMPLE, 'max', AT_TIME, 'max'),
  inSteps(SAMPLE, 'last', AT_TIME, 'last'),
  inSteps(ABSENCE, 'last', AT_TIME, 'absent'),
]
// `last` is the range's, whose instant says which unit spoke last; a piece's own is `final`.
const PIECE_STEPS = [
  ...STEPS.filter((line) => !line.includes('mean()')),
  // The engine adds numbers in no particular order, but a running sum can have only one. What it needs not carry is left behind:
  // cutting a table costs by its columns.
  asked(
    SAMPLE,
    `${inPieces('sum')} |> keep(columns: ["_start", "_stop", "_time", "_value", "_field"]) |> window(every: every, offset: offset) |> cumulativeSum() |> last()`,
    AT_TIME,
    'sum',
  ),
]
const PIECE_SUMS = [asked(SAMPLE, inPieces('sum'), AT_TIME, 'sum')]
// In the buckets of sums: a measurement for each aggregate, under the tags and the field of the samples.
const SUM_STEPS = [
  inSteps('count', 'sum', AT_START, 'count'),
  inSteps('sum', 'sum', AT_START, 'sum'),
  inSteps('min', 'min', AT_TIME, 'min'),
  inSteps('max', 'max', AT_TIME, 'max'),
  inSteps('last', 'last', AT_TIME, 'last'),
  inSteps(ABSENCE, 'last', AT_TIME, 'absent'),
]
const SUM_PIECES = ['count', 'min', 'max', 'last'].map(
  (aggregate) =>
    `rows(measurement: "${aggregate}") |> keep(columns: ["_time", "_value", "_field"]) |> yield(name: "${aggregate === 'last' ? 'final' : aggregate}")`,
)
const SUM_LAST = [asked('last', 'last()', AT_TIME, 'last'), asked(ABSENCE, 'last()', AT_TIME, 'absent')]
const PIECES = ['count', 'min', 'max', 'last'].map((fn) =>
  asked(SAMPLE, inPieces(fn), AT_TIME, fn === 'last' ? 'final' : fn),
)
// The row after a gap carries its length; in nanoseconds, because InfluxDB divides for any other unit, and is one off at times.
const GAPS = [
  asked(SAMPLE, 'first()', AT_TIME, 'first'),
  `rows(measurement: "${SAMPLE}") |> elapsed(unit: 1ns) |> filter(fn: (r) => r.elapsed > longer) |> limit(n: most) |> keep(columns: ["_time", "elapsed", "_field"]) |> rename(columns: {elapsed: "_value"}) |> yield(name: "gap")`,
]
// Days as they were summed, all that is said of them in one go, and beside them what is there to be counted. What a question costs
// is the shards it opens, and the tables that windows make: not the points in them.
const AND_OF = '"_value", "_field", "_measurement"'
const days = (tags: readonly string[]) => [
  functionOf({ name: 'days', bucket: 'dayBucket', begin: 'dayBegin', end: 'dayEnd' }, '', areOurs(tags)),
  `days() |> keep(columns: ["_time", ${AND_OF}]) |> yield(name: "days")`,
]
const either = (tags: readonly string[]) => `(r._measurement == one or r._measurement == other) and ${areOurs(tags)}`
const eitherInSteps = (name: string, [one, other]: readonly [string, string], fn: string) =>
  `${name}(one: "${one}", other: "${other}") |> window(every: every, offset: offset) |> ${fn}() |> keep(columns: ["_start", ${AND_OF}]) |> yield(name: "${name}")`
const fineCounts = (tags: readonly string[]) => [
  functionOf({ name: 'fine', bucket: 'fineBucket', begin: 'fineBegin', end: 'fineEnd' }, 'one, other', either(tags)),
  eitherInSteps('fine', ['count', ABSENCES], 'sum'),
]
const sampleCounts = (tags: readonly string[]) => [
  functionOf({ ...SOURCE, name: 'counted' }, 'one, other', either(tags)),
  rows(tags),
  eitherInSteps('counted', [SAMPLE, ABSENCE], 'count'),
  inSteps(SAMPLE, 'sum', AT_START, 'added'),
]
const ABSENT = [asked(ABSENCE, 'last()', AT_TIME, 'absent')]

export interface Scripts {
  readonly raw: string
  readonly last: string
  /** The first value and the first reason of a range. */
  readonly first: string
  readonly steps: string
  /** Steps of whole pieces. */
  readonly pieceSteps: string
  readonly pieceSums: string
  readonly sumSteps: string
  /** Days beside what counts the same samples: five minutes, the samples, or both of them. */
  readonly daysByFine: string
  readonly daysBySamples: string
  readonly daysByBoth: string
  readonly sumPieces: string
  readonly sumLast: string
  readonly latest: string
  readonly pieces: string
  readonly gaps: string
  /** The last reason in a range. */
  readonly absent: string
}
const scripts = (tags: readonly string[]): Scripts => ({
  raw: [rows(tags), ...RAW, ...LAST].join('\n'),
  last: [rows(tags), ...LAST].join('\n'),
  first: [rows(tags), ...FIRST].join('\n'),
  steps: [rows(tags), ...STEPS].join('\n'),
  pieceSteps: [rows(tags), ...PIECE_STEPS].join('\n'),
  pieceSums: [rows(tags), ...PIECE_SUMS].join('\n'),
  sumSteps: [rows(tags), ...SUM_STEPS].join('\n'),
  daysByFine: [...days(tags), ...fineCounts(tags)].join('\n'),
  daysBySamples: [...days(tags), ...sampleCounts(tags)].join('\n'),
  daysByBoth: [...days(tags), ...fineCounts(tags), ...sampleCounts(tags)].join('\n'),
  sumPieces: [rows(tags), ...SUM_PIECES, ...SUM_LAST].join('\n'),
  sumLast: [rows(tags), ...SUM_LAST].join('\n'),
  latest: [rows(tags.filter((tag) => tag !== 'placement' && tag !== 'point')), ...LATEST].join('\n'),
  pieces: [rows(tags), ...PIECES, ...LAST].join('\n'),
  gaps: [rows(tags), ...GAPS, ...LAST].join('\n'),
  absent: [rows(tags), ...ABSENT].join('\n'),
})
/** For a person: what another centre measured is not there. */
export const ofCentre = scripts(TAGS)
/** For a part of the server, which sees every centre. */
export const ofAll = scripts(TAGS.filter((tag) => tag !== 'centre'))

export type Bound =
  | { readonly text: string }
  | { readonly time: number }
  | { readonly durationMs: number }
  | { readonly integer: number }
export type Bindings = Readonly<Record<string, Bound>>

/** The syntax tree of a Flux file that declares each name as a literal. */
export const externOf = (bindings: Bindings): object => ({
  type: 'File',
  package: null,
  imports: null,
  body: Object.entries(bindings).map(([name, bound]) => ({
    type: 'VariableAssignment',
    id: { type: 'Identifier', name },
    init: literalOf(bound),
  })),
})

export const timeOf = (at: number): string => new Date(at).toISOString()

function literalOf(bound: Bound): object {
  if ('text' in bound) return { type: 'StringLiteral', value: bound.text }
  if ('time' in bound) return { type: 'DateTimeLiteral', value: timeOf(bound.time) }
  if ('durationMs' in bound) return { type: 'DurationLiteral', values: [{ magnitude: bound.durationMs, unit: 'ms' }] }
  return { type: 'IntegerLiteral', value: String(bound.integer) }
}

/** The days of the whole fleet: a series of its own, without tags. */
export const FLEET_DAYS = `rows = (measurement) => from(bucket: bucket) |> range(start: begin, stop: end) |> filter(fn: (r) => r._measurement == measurement and r._field == field)
rows(measurement: "${TOTAL}") |> keep(columns: ["_time", "_value", "_field"]) |> yield(name: "days")`
