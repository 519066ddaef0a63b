import { answerArchive, tagOf } from './archive.ts'
import { type Answer, type DoubleBucket, type FieldValue, failure, type StoredSeries } from './store.ts'

/**
 * Reads the Flux we send as Flux: a function that names the rows, and pipelines over it. Every name in them must be bound by
 * `extern`, as a literal of the right kind. Anything else does not compile.
 */
const ROWS =
  /^rows = \(measurement\) => from\(bucket: bucket\) \|> range\(start: begin, stop: end\) \|> filter\(fn: \(r\) => r\._measurement == measurement((?: and r\._?[a-z]+ == [a-z]+)+)\)$/
const PIPELINE =
  /^rows\(measurement: "([a-z]+)"\) \|> (?:(window)\(every: every, offset: offset\) \|> )?(count|mean|min|max|last|limit)\((n: most)?\) \|> keep\(columns: \["(_time|_start)", "_value", "_field"\]\) \|> yield\(name: "([a-z]+)"\)$/

type Sample = readonly [at: number, value: FieldValue]
export interface Bound {
  text(name: string): string
  number(name: string): number
}
class NotFlux extends Error {}

export function answerQuery(buckets: ReadonlyMap<string, DoubleBucket>, body: string): Answer {
  try {
    const { query, type, dialect, extern } = JSON.parse(body) as Record<string, unknown>
    if (type !== 'flux' || JSON.stringify(dialect) !== '{"header":true,"annotations":[]}')
      throw new NotFlux('another type or dialect than ours')
    const bound = boundBy(extern)
    const name = bound.text('bucket')
    const bucket = buckets.get(name)
    if (!bucket) return failure(404, 'not found', `failed to initialize execute state: could not find bucket "${name}"`)
    if (bound.number('begin') >= bound.number('end'))
      return failure(400, 'invalid', 'error in building plan while starting program: cannot query an empty range')
    const archived = answerArchive(bucket, String(query), bound)
    if (archived !== undefined) return csv(archived)
    const [first = '', ...pipelines] = String(query).split('\n')
    const tags = ROWS.exec(first)?.[1]
    if (tags === undefined) throw new NotFlux(first)
    return csv(pipelines.map((line) => tableOf(bucket, tags, line, bound)).join(''))
  } catch (error) {
    if (!(error instanceof NotFlux)) throw error
    return failure(400, 'invalid', `compilation failed: error: ${error.message}`)
  }
}

const csv = (text: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/csv; charset=utf-8' },
  text: `${text}\r\n`,
})

function tableOf(bucket: DoubleBucket, tags: string, line: string, bound: Bound): string {
  const [all, measurement = '', window, fn = '', limited, column = '', name = ''] = PIPELINE.exec(line) ?? []
  if (all === undefined || (fn === 'limit') !== (limited !== undefined)) throw new NotFlux(line)
  const wanted = [...tags.matchAll(/r\.(_?[a-z]+) == ([a-z]+)/g)].map(
    ([, tag = '', variable = '']) => [tag, bound.text(variable)] as const,
  )
  const rows: string[] = []
  for (const series of bucket.series.values()) {
    if (series.measurement !== measurement || wanted.some(([tag, value]) => tagOf(series, tag) !== value)) continue
    const begin = bound.number('begin')
    const samples = within(series, begin, bound.number('end'))
    const groups = window ? windowsOf(samples, bound) : [samples]
    for (const group of groups)
      for (const [at, value] of applied(fn, group, limited ? bound.number('most') : 0)) {
        const start = window ? Math.max(begin, startOf(group[0]?.[0] ?? 0, bound)) : begin
        const when = new Date(column === '_start' ? start : at).toISOString()
        rows.push(`,${name},0,${when},${cell(value)},${series.field}\r\n`)
      }
  }
  return rows.length === 0 ? '' : `,result,table,${column},_value,_field\r\n${rows.join('')}\r\n`
}

const within = ({ values }: StoredSeries, begin: number, end: number): Sample[] =>
  [...values].filter(([at]) => at >= begin && at < end).sort(([a], [b]) => a - b)

const startOf = (at: number, bound: Bound): number => {
  const every = bound.number('every')
  const offset = bound.number('offset')
  return Math.floor((at - offset) / every) * every + offset
}
const windowsOf = (samples: readonly Sample[], bound: Bound): readonly Sample[][] => [
  ...Map.groupBy(samples, ([at]) => startOf(at, bound)).values(),
]

function applied(fn: string, samples: readonly Sample[], most: number): readonly Sample[] {
  const [first] = samples
  if (!first) return []
  if (fn === 'limit') return samples.slice(0, most)
  if (fn === 'last') return samples.slice(-1)
  if (fn === 'count') return [[first[0], samples.length]]
  const numbers = samples.map(([, value]) => value)
  if (!numbers.every((value) => typeof value === 'number')) throw new NotFlux(`${fn} of a text`)
  if (fn === 'mean') return [[first[0], numbers.reduce((sum, value) => sum + value, 0) / numbers.length]]
  const found = fn === 'min' ? Math.min(...numbers) : Math.max(...numbers)
  return samples.filter(([, value]) => value === found).slice(0, 1)
}

/** As a real one writes it, down to the newline that becomes two characters. */
const cell = (value: FieldValue): string =>
  typeof value === 'string' && /[",\r\n]/.test(value)
    ? `"${value.replaceAll('"', '""').replaceAll('\n', '\r\n')}"`
    : String(value)

interface Literal {
  readonly type: string
  readonly value?: string
  readonly values?: readonly { readonly magnitude: number; readonly unit: string }[]
}
interface Assignment {
  readonly type: string
  readonly id: { readonly type: string; readonly name: string }
  readonly init: Literal
}

function boundBy(extern: unknown): Bound {
  const { type, body } = (extern ?? {}) as { type?: string; body?: readonly Assignment[] }
  if (type !== 'File' || !Array.isArray(body)) throw new NotFlux('extern is no file')
  const literals = new Map<string, Literal>()
  for (const { type, id, init } of body as readonly Assignment[]) {
    if (type !== 'VariableAssignment' || id.type !== 'Identifier') throw new NotFlux('extern declares no variable')
    literals.set(id.name, init)
  }
  const literal = (name: string) => {
    const found = literals.get(name)
    if (!found) throw new NotFlux(`undefined identifier ${name}`)
    return found
  }
  return {
    text(name) {
      const { type, value } = literal(name)
      if (type !== 'StringLiteral' || value === undefined) throw new NotFlux(`${name} is no string`)
      return value
    },
    number(name) {
      const { type, value, values } = literal(name)
      const [duration] = values ?? []
      if (type === 'DateTimeLiteral') return Date.parse(value ?? '')
      if (type === 'IntegerLiteral') return Number(value)
      if (type === 'DurationLiteral' && duration?.unit === 'ms') return duration.magnitude
      throw new NotFlux(`${name} is no number`)
    },
  }
}
