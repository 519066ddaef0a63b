import { answerArchive } from './archive.ts'
import { type Bound, boundBy, NotFlux } from './bound.ts'
import { stageOf, type Table } from './stages.ts'
import { type Answer, type DoubleBucket, type FieldValue, failure, type StoredSeries } from './store.ts'

/**
 * Reads the Flux we send as Flux: a function that names the rows, and pipelines over it. Every name in them must be bound by
 * `extern`, as a literal of the right kind. Anything else does not compile.
 */
const ROWS =
  /^rows = \(measurement\) => from\(bucket: bucket\) \|> range\(start: begin, stop: end\) \|> filter\(fn: \(r\) => r\._measurement == measurement((?: and r\.[a-z_]+ == [a-z]+)+)\)$/
const PIPELINE = /^rows\(measurement: "([a-z]+)"\) \|> (.+) \|> yield\(name: "([a-z]+)"\)$/

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
  const [all, measurement = '', pipeline = '', name = ''] = PIPELINE.exec(line) ?? []
  if (all === undefined) throw new NotFlux(line)
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
        .reduce<Table[]>((tables, stage) => tables.flatMap(stage), [tableOfSeries(series, bound)])
        .flat()
      const [first] = rows
      if (!first) return ''
      const columns = Object.keys(first)
      const lines = rows.map((row) => `,${name},0,${columns.map((column) => cell(column, row[column])).join(',')}\r\n`)
      return `,result,table,${columns.join(',')}\r\n${lines.join('')}\r\n`
    })
  return text.join('')
}

function tableOfSeries({ tags, field, values }: StoredSeries, bound: Bound): Table {
  const [begin, end] = [bound.number('begin'), bound.number('end')]
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
