import { DomainError } from '@anju/contract'
import { chunksToLinesIterable, LineSplitter } from '@influxdata/influxdb-client'

/** One row of an answer; `result` is the name it was yielded under. */
export interface Row {
  readonly result: string
  readonly field: string
  /** Epoch ms: `_time`, or where a step began. */
  readonly at: number
  readonly value: string
  /** Where a script asks for more than one. */
  readonly measurement?: string
  /** Where a script answers for more than one point. */
  readonly placement?: string
  readonly point?: string
}

/** One row by the names of its columns; '' for a column it does not have. */
export type Cells = (column: string) => string

/**
 * Reads InfluxDB's CSV without annotations: tables one after the other, an empty line before each new head. A failure after
 * the first byte comes as a table of its own, under a status that said 200.
 * @throws DomainError `telemetry-unavailable`
 */
export async function* cellsOf(chunks: AsyncIterable<Uint8Array>, rowsMax: number): AsyncGenerator<Cells> {
  let rows = 0
  const splitter = new LineSplitter()
  let columns: ReadonlyMap<string, number> | undefined
  for await (const line of chunksToLinesIterable(chunks)) {
    if (line === '') columns = undefined
    else if (!columns) columns = new Map(splitter.splitLine(line).map((name, place) => [name, place]))
    else {
      const cells = splitter.splitLine(line)
      const places = columns
      // There is such a column only in the table that tells of a failure.
      if (places.has('error')) throw unavailable(cells[places.get('error') ?? 0] ?? '')
      if (rows++ === rowsMax) throw unavailable(`more than ${rowsMax} rows in one answer`)
      // Every newline inside a cell was made two characters on its way out.
      yield (column) => (cells[places.get(column) ?? -1] ?? '').replaceAll('\r\n', '\n')
    }
  }
}

export async function rowsOf(chunks: AsyncIterable<Uint8Array>, rowsMax: number): Promise<Row[]> {
  const rows: Row[] = []
  for await (const cell of cellsOf(chunks, rowsMax))
    rows.push({
      result: cell('result'),
      field: cell('_field'),
      at: Date.parse(cell('_time') || cell('_start')),
      value: cell('_value'),
      ...(cell('_measurement') === '' ? {} : { measurement: cell('_measurement') }),
      ...(cell('point') === '' ? {} : { placement: cell('placement'), point: cell('point') }),
    })
  return rows
}

const unavailable = (why: string) =>
  new DomainError('telemetry-unavailable', `InfluxDB broke off: ${why.slice(0, 400)}`)
