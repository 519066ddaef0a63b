import { ABSENCE, SAMPLE, TAGS } from './line-protocol.ts'

/**
 * The questions we ask, as constants: no text of anybody's ever becomes part of a script. What varies is bound beside it, as
 * literals of Flux's own syntax tree (`extern`), which nothing in a value can leave.
 *
 * `rows` is a function, not a value: a table that two questions share is read whole and counted by the query engine, while a
 * question with a table of its own is answered inside the storage.
 */
const rows = (tags: readonly string[]) =>
  `rows = (measurement) => from(bucket: bucket) |> range(start: begin, stop: end) |> filter(fn: (r) => r._measurement == measurement and ${tags.map((tag) => `r.${tag} == ${tag}`).join(' and ')})`

const asked = (measurement: string, how: string, column: '_time' | '_start', name: string) =>
  `rows(measurement: "${measurement}") |> ${how} |> keep(columns: ["${column}", "_value", "_field"]) |> yield(name: "${name}")`
const inSteps = (measurement: string, fn: string, column: '_time' | '_start', name: string) =>
  asked(measurement, `window(every: every, offset: offset) |> ${fn}()`, column, name)

const RAW = [asked(SAMPLE, 'limit(n: most)', '_time', 'samples'), asked(ABSENCE, 'limit(n: most)', '_time', 'absences')]
const LAST = [asked(SAMPLE, 'last()', '_time', 'last'), asked(ABSENCE, 'last()', '_time', 'absent')]
const STEPS = [
  inSteps(SAMPLE, 'count', '_start', 'count'),
  inSteps(SAMPLE, 'mean', '_start', 'mean'),
  inSteps(SAMPLE, 'min', '_time', 'min'),
  inSteps(SAMPLE, 'max', '_time', 'max'),
  inSteps(SAMPLE, 'last', '_time', 'last'),
  inSteps(ABSENCE, 'last', '_time', 'absent'),
]

export interface Scripts {
  readonly raw: string
  readonly last: string
  readonly steps: string
}
const scripts = (tags: readonly string[]): Scripts => ({
  raw: [rows(tags), ...RAW, ...LAST].join('\n'),
  last: [rows(tags), ...LAST].join('\n'),
  steps: [rows(tags), ...STEPS].join('\n'),
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
