import { BinaryArrays, type Element } from './binary-array.ts'

/**
 * One column of a set-based write: its SQL type, and how a row's value becomes a parameter. An instant travels as epoch
 * milliseconds: neither side has a date to spell.
 */
export interface Column<Row> {
  readonly name: string
  readonly type:
    | 'text'
    | 'boolean'
    | 'integer'
    | 'bigint'
    | 'jsonb'
    | 'timestamptz'
    | 'date'
    | 'double precision'
    | 'text[]'
  readonly value: (row: Row) => string | number | boolean | null
}

/**
 * Many rows as one array a column, so that a statement's text never changes. `unnest` stands in a select list and not in a
 * `from`: there each array would be spooled by itself before the first row is made.
 */
export function given<Row>(columns: readonly Column<Row>[], alias = 'given'): string {
  const arrays = columns.map(({ name, type }, index) => `unnest($${index + 1}::${CARRIER[type]}[]) as ${name}`)
  return `(select ${arrays.join(', ')}) as ${alias}`
}

/**
 * That `row` is one of those which `given` names by this column: beside the join, in a statement whose plan is made once and kept.
 * Made while the table was all but empty, it goes through the table first; without this it would go on reading all of it.
 */
export function among<Row>(columns: readonly Column<Row>[], name: string, row: string): string {
  const index = columns.findIndex((one) => one.name === name)
  const type = columns[index]?.type
  if (!type) throw new Error(`no column ${name} is given`)
  return `${row} = any ($${index + 1}::${CARRIER[type]}[])`
}

/** The parameters `given` asks for. */
export function columnar<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[] {
  arrays.clear()
  for (const { type, value } of columns) arrays.add(CARRIER[type], rows.length, (index) => value(rows[index] as Row))
  return arrays.take()
}
const arrays = new BinaryArrays()

/** A column out of `given`, in its own type: what has no carrier of its own travels as text. */
export function cast<Row>({ name, type }: Column<Row>, alias = 'given'): string {
  const column = `${alias}.${name}`
  if (type === 'timestamptz') return `to_timestamp(${column} / 1000::float8)`
  return CARRIER[type] === type ? column : `${column}::${type}`
}

const CARRIER: Readonly<Record<Column<never>['type'], Element>> = {
  text: 'text',
  jsonb: 'text',
  date: 'text',
  'double precision': 'text',
  'text[]': 'text',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  timestamptz: 'bigint',
}

/** A `text[]` as PostgreSQL spells it. */
export const arrayText = (items: readonly string[]): string =>
  `{${items.map((item) => `"${item.replaceAll(/[\\"]/g, '\\$&')}"`).join(',')}}`
