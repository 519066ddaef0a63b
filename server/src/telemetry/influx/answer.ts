import { DomainError } from '@anju/contract'
import { chunksToLinesIterable, LineSplitter } from '@influxdata/influxdb-client'

/** One row of an answer; `result` is the name it was yielded under. */
export interface Row {
  readonly result: string
  readonly field: string
  /** Epoch ms: `_time`, or where a step began. */
  readonly at: number
  readonly value: string
}

/**
 * Reads InfluxDB's CSV without annotations: tables one after the other, an empty line before each new head. A failure after
 * the first byte comes as a table of its own, under a status that said 200.
 * @throws DomainError `telemetry-unavailable`
 */
export async function rowsOf(chunks: AsyncIterable<Uint8Array>, rowsMax: number): Promise<Row[]> {
  const rows: Row[] = []
  const splitter = new LineSplitter()
  let columns: Columns | undefined
  for await (const line of chunksToLinesIterable(chunks)) {
    if (line === '') columns = undefined
    else if (!columns) columns = columnsOf(splitter.splitLine(line))
    else {
      const cells = splitter.splitLine(line)
      if (columns.failure !== undefined) throw unavailable(cells[columns.failure] ?? '')
      if (rows.length === rowsMax) throw unavailable(`more than ${rowsMax} rows in one answer`)
      rows.push({
        result: cells[columns.result] ?? '',
        field: cells[columns.field] ?? '',
        at: Date.parse(cells[columns.at] ?? ''),
        // Every newline inside a cell was made two characters on its way out.
        value: (cells[columns.value] ?? '').replaceAll('\r\n', '\n'),
      })
    }
  }
  return rows
}

interface Columns {
  /** There is one only in the table that tells of a failure. */
  readonly failure: number | undefined
  readonly result: number
  readonly field: number
  readonly at: number
  readonly value: number
}
function columnsOf(head: readonly string[]): Columns {
  const place = (name: string) => head.indexOf(name)
  const failure = place('error')
  return {
    failure: failure === -1 ? undefined : failure,
    result: place('result'),
    field: place('_field'),
    at: Math.max(place('_time'), place('_start')),
    value: place('_value'),
  }
}

const unavailable = (why: string) =>
  new DomainError('telemetry-unavailable', `InfluxDB broke off: ${why.slice(0, 400)}`)
