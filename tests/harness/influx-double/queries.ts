import { answerArchive } from './archive.ts'
import { type Bound, boundBy, NotFlux } from './bound.ts'
import { stageOf, type Table } from './stages.ts'
import { type Answer, type DoubleBucket, type FieldValue, failure, type StoredSeries } from './store.ts'

/**
 * Reads the Flux we send as Flux: a function that names the rows, and pipelines over it. Every name in them must be bound by
 * `extern`, as a literal of the right kind. Anything else does not compile.
 */
const ROWS =
  /^([a-z]+) = \(([a-z, ]*)\) => from\(bucket: ([a-zA-Z]+)\) \|> range\(start: ([a-zA-Z]+), stop: ([a-zA-Z]+)\) \|> filter\(fn: \(r\) => (.+)\)$/
/** By the parameters of such a function: how its filter begins, before the tags. */
const FILTERS: Readonly<Record<string, string>> = {
  '': '',
  measurement: 'r._measurement == measurement and ',
  'one, other': '(r._measurement == one or r._measurement == other) and ',
}
const TAGS = /^r\.[a-z_]+ == [a-z]+(?: and r\.[a-z_]+ == [a-z]+)*$/
const PIPELINE = /^([a-z]+)\(([^)]*)\) \|> (.+) \|> yield\(name: "([a-z]+)"\)$/
const ARGUMENTS = /^([a-z]+): "([a-z]+)"$/

/** What a function of rows reads. */
interface Source {
  readonly bucket: DoubleBucket
  readonly begin: number
  readonly end: number
  readonly parameters: string
  /** `r.home == home and …` */
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
    const [sources, pipelines] = sourcesIn(String(query).split('\n'), (names) => read(buckets, bound, names))
    if (sources.size > 0) return csv(pipelines.map((line) => tableOf(sources, line, bound)).join(''))
    const { bucket } = read(buckets, bound, { bucket: 'bucket', begin: 'begin', end: 'end' })
    const archived = answerArchive(bucket, String(query), bound)
    if (archived === undefined) throw new NotFlux(pipelines[0])
    return csv(archived)
  } catch (error) {
    if (error instanceof Refused) return error.answer
    if (!(error instanceof NotFlux)) throw error
    return failure(400, 'invalid', `compilation failed: error: ${error.message}`)
  }
}

/** The functions that name rows, and the lines that are none. */
function sourcesIn(
  lines: readonly string[],
  open: (names: Names) => Omit<Source, 'tags' | 'parameters'>,
): [Map<string, Source>, string[]] {
  const sources = new Map<string, Source>()
  const others = lines.filter((line) => {
    const [, name = '', parameters = '', bucket = '', begin = '', end = '', filter = ''] = ROWS.exec(line) ?? []
    const first = FILTERS[parameters]
    if (name === '' || first === undefined || !filter.startsWith(first)) return true
    const tags = filter.slice(first.length)
    if (!TAGS.test(tags)) return true
    sources.set(name, { ...open({ bucket, begin, end }), parameters, tags })
    return false
  })
  return [sources, others]
}

type Names = { readonly bucket: string; readonly begin: string; readonly end: string }
function read(
  buckets: ReadonlyMap<string, DoubleBucket>,
  bound: Bound,
  names: Names,
): Omit<Source, 'tags' | 'parameters'> {
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
  const [, from = '', given = '', pipeline = '', name = ''] = PIPELINE.exec(line) ?? []
  const source = sources.get(from)
  const pairs = given === '' ? [] : given.split(', ').map((one) => ARGUMENTS.exec(one) ?? [])
  if (!source || pairs.map(([, parameter]) => parameter).join(', ') !== source.parameters) throw new NotFlux(line)
  const measurements = pairs.map(([, , measurement]) => measurement)
  const { bucket, tags } = source
  const stages = pipeline.split(' |> ').map((call) => stageOf(call, bound))
  const wanted = [...tags.matchAll(/r\.([a-z_]+) == ([a-z]+)/g)].map(
    ([, tag = '', variable = '']) => [tag, bound.text(variable)] as const,
  )
  const text = [...bucket.series.values()]
    .filter(
      (series) =>
        (measurements.length === 0 || measurements.includes(series.measurement)) &&
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

function tableOfSeries({ measurement, tags, field, values }: StoredSeries, { begin, end }: Source): Table {
  return [...values]
    .filter(([at]) => at >= begin && at < end)
    .sort(([a], [b]) => a - b)
    .map(([at, value]) => ({
      _start: begin,
      _stop: end,
      _time: at,
      _value: value,
      _field: field,
      _measurement: measurement,
      ...tags,
    }))
}

/** As a real one writes it, down to the newline that becomes two characters. */
const cell = (column: string, value: FieldValue | undefined): string =>
  column === '_time' || column === '_start' || column === '_stop'
    ? new Date(Number(value)).toISOString()
    : typeof value === 'string' && /[",\r\n]/.test(value)
      ? `"${value.replaceAll('"', '""').replaceAll('\n', '\r\n')}"`
      : String(value)
