import type { Bound } from './bound.ts'
import type { DoubleBucket, StoredSeries } from './store.ts'

const RANGE = 'from\\(bucket: bucket\\) \\|> range\\(start: begin, stop: end\\) \\|> filter\\(fn: \\(r\\) => '
const HOMES = new RegExp(
  `^${RANGE}r\\._measurement == "([a-z]+)" or r\\._measurement == "([a-z]+)"\\) \\|> keep\\(columns: \\["home"\\]\\) \\|> group\\(\\) \\|> distinct\\(column: "home"\\)$`,
)
const COUNTS = new RegExp(
  `^${RANGE}r\\.home == home\\) \\|> count\\(\\) \\|> keep\\(columns: \\["_measurement", "_field", "_value"\\]\\)$`,
)
const SERIES_ROWS = new RegExp(
  `^rows = \\(measurement\\) => ${RANGE}r\\._measurement == measurement and \\((r\\.home == [a-z]+\\d*(?: or r\\.home == [a-z]+\\d*)*)\\)\\)$`,
)
const SERIES =
  /^rows\(measurement: "([a-z]+)"\) \|> first\(\) \|> keep\(columns: \["centre", "home", "placement", "point", "_field"\]\) \|> yield\(name: "([a-z]+)"\)$/

/** The questions of an archive, which ask for what there is and not for what it says; undefined for any other script. */
export function answerArchive(bucket: DoubleBucket, script: string, bound: Bound): string | undefined {
  const begin = bound.number('begin')
  const end = bound.number('end')
  const there = [...bucket.series.values()]
    .map((series) => ({ series, count: [...series.values.keys()].filter((at) => at >= begin && at < end).length }))
    .filter(({ count }) => count > 0)

  const measurements = HOMES.exec(script)?.slice(1)
  if (measurements) {
    const ours = there.filter(({ series }) => measurements.includes(series.measurement))
    const homes = new Set(ours.map(({ series }) => series.tags['home'] ?? ''))
    return table(
      ['_value'],
      '_result',
      [...homes].sort().map((home) => [home]),
    )
  }
  if (COUNTS.test(script)) {
    const ofHome = there.filter(({ series }) => series.tags['home'] === bound.text('home'))
    const cells = ofHome.map(({ series, count }) => [series.measurement, series.field, String(count)])
    return table(['_measurement', '_field', '_value'], '_result', cells)
  }
  const [first = '', ...pipelines] = script.split('\n')
  const slots = SERIES_ROWS.exec(first)?.[1]
  if (slots === undefined) return undefined
  const homes = new Set(slots.split(' or ').map((slot) => bound.text(slot.replace('r.home == ', ''))))
  return pipelines
    .map((pipeline) => {
      const [, measurement, name = ''] = SERIES.exec(pipeline) ?? []
      const found = there.filter(
        ({ series }) => series.measurement === measurement && homes.has(series.tags['home'] ?? ''),
      )
      const columns = ['centre', 'home', 'placement', 'point', '_field']
      return table(
        columns,
        name,
        found.map(({ series }) => columns.map((column) => tagOf(series, column))),
      )
    })
    .join('')
}

const tagOf = ({ tags, field }: StoredSeries, column: string): string =>
  column === '_field' ? field : (tags[column] ?? '')

const table = (columns: readonly string[], result: string, rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? ''
    : `,result,table,${columns.join(',')}\r\n${rows.map((row) => `,${result},0,${row.join(',')}\r\n`).join('')}\r\n`
