import { answerArchive } from './archive.ts'
import { type Bound, boundBy, NotFlux } from './bound.ts'
import { stageOf, type Table } from './stages.ts'
import { type Answer, type DoubleBucket, type FieldValue, failure, type StoredSeries } from './store.ts'

/**
 * Reads the Flux we send as Flux: a function that names the rows, and pipelines over it. Every name in them must be bound by
 * `extern`, as a literal of the right kind. Anything else does not compile.
 */
const ROWS =
  /^([a-z]+) = \(measurement\) => from\(bucket: ([a-zA-Z]+)\) \|> range\(start: ([a-zA-Z]+), stop: ([a-zA-Z]+)\) \|> filter\(fn: \(r\) => r\._measurement == measurement((?: and r\.[a-z_]+ == [a-z]+)+)\)$/
const PIPELINE = /^([a-z]+)\(measurement: "([a-z]+)"\) \|> (.+) \|> yield\(name: "([a-zA-Z]+)"\)$/

/** What a function of rows reads. */
interface Source {
  readonly bucket: DoubleBucket
  readonly begin: number
  readonly end: number
  /** ` and r.home == home …` */
  readonly tags: string
}
/** What InfluxDB says of a question before it reads anything. */
class Refused extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(answer.text)
    this.answer = answer
  }
}

export function answerQuery(buckets: ReadonlyMap<string, DoubleBucket>, body: string): Answer {
  try {
    const { query, type, dialect, extern } = JSON.parse(body) as Record<string, unknown>
    if (type !== 'flux' || JSON.stringify(dialect) !== '{"header":true,"annotations":[]}')
      throw new NotFlux('another type or dialect than ours')
    const bound = boundBy(extern)
    const lines = String(query).split('\n')
    const sources = new Map<string, Source>()
    for (let match = ROWS.exec(lines[0] ?? ''); match; match = ROWS.exec(lines[0] ?? '')) {
      const [, name = '', bucket = '', begin = '', end = '', tags = ''] = match
      sources.set(name, { ...read(buckets, bound, { bucket, begin, end }), tags })
      lines.shift()
    }
    if (sources.size > 0) return csv(lines.map((line) => tableOf(sources, line, bound)).join(''))
    const { bucket } = read(buckets, bound, { bucket: 'bucket', begin: 'begin', end: 'end' })
    const archived = answerArchive(bucket, String(query), bound)
    if (archived === undefined) throw new NotFlux(lines[0])
    return csv(archived)
  } catch (error) {
    if (error instanceof Refused) return error.answer
    if (!(error instanceof NotFlux)) throw error
    return failure(400, 'invalid', `compilation failed: error: ${error.message}`)
  }
}

type Names = { readonly bucket: string; readonly begin: string; readonly end: string }
function read(buckets: ReadonlyMap<string, DoubleBucket>, bound: Bound, names: Names): Omit<Source, 'tags'> {
  const name = bound.text(names.bucket)
  const bucket = buckets.get(name)
  const [begin, end] = [bound.number(names.begin), bound.number(names.end)]
  if (!bucket)
    throw new Refused(failure(404, 'not found', `failed to initialize execute state: could not find bucket "${name}"`))
  if (begin >= end)
    throw new Refused(
      failure(400, 'invalid', 'error in building plan while starting program: cannot query an empty range'),
    )
  return { bucket, begin, end }
}

const csv = (text: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/csv; charset=utf-8' },
  text: `${text}\r\n`,
})

function tableOf(sources: ReadonlyMap<string, Source>, line: string, bound: Bound): string {
  const [, from = '', measurement = '', pipeline = '', name = ''] = PIPELINE.exec(line) ?? []
  const source = sources.get(from)
  if (!source) throw new NotFlux(line)
  const { bucket, tags } = source
  const stages = pipeline.split(' |> ').map((call) => stageOf(call, bound))
  const wanted = [...tags.matchAll(/r\.([a-z_]+) == ([a-z]+)/g)].map(
    ([, tag = '', variable = '']) => [tag, bound.text(variable)] as const,
  )
  const text = [...bucket.series.values()]
    .filter(
      (series) =>
        series.measurement === measurement &&
        wanted.every(([name, value]) => (name === '_field' ? series.field : series.tags[name]) === value),
    )
    .map((series) => {
      const rows = stages
        .reduce<Table[]>((tables, stage) => tables.flatMap(stage), [tableOfSeries(series, source)])
        .flat()
      const [first] = rows
      if (!first) return ''
      const columns = Object.keys(first)
      const lines = rows.map((row) => `,${name},0,${columns.map((column) => cell(column, row[column])).join(',')}\r\n`)
      return `,result,table,${columns.join(',')}\r\n${lines.join('')}\r\n`
    })
  return text.join('')
}

function tableOfSeries({ tags, field, values }: StoredSeries, { begin, end }: Source): Table {
  return [...values]
    .filter(([at]) => at >= begin && at < end)
    .sort(([a], [b]) => a - b)
    .map(([at, value]) => ({ _start: begin, _stop: end, _time: at, _value: value, _field: field, ...tags }))
}

/** As a real one writes it, down to the newline that becomes two characters. */
const cell = (column: string, value: FieldValue | undefined): string =>
  column === '_time' || column === '_start' || column === '_stop'
    ? new Date(Number(value)).toISOString()
    : typeof value === 'string' && /[",\r\n]/.test(value)
      ? `"${value.replaceAll('"', '""').replaceAll('\n', '\r\n')}"`
      : String(value)
