import { formatInstant, type Instant } from '@anju/contract'

/** One column of a set-based write: its SQL type, and how a row's value becomes a parameter. */
export interface Column<Row> {
  readonly name: string
  readonly type: string
  readonly value: (row: Row) => string | number | boolean | null
}

/** `unnest($1::text[]::…, …) as given (…)`: many rows as one parameter a column, so that a statement's text never changes. */
export function given<Row>(columns: readonly Column<Row>[], alias = 'given'): string {
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${carriedAs(type)}[]`)
  return `unnest(${arrays.join(', ')}) as ${alias} (${columns.map(({ name }) => name).join(', ')})`
}

/** The parameters `given` asks for. */
export const columnar = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): unknown[] =>
  columns.map(({ value }) => rows.map(value))

/** A column out of `given`, in its own type: what is itself an array or JSON travels as text, because unnest would flatten it. */
export const cast = <Row>({ name, type }: Column<Row>, alias = 'given'): string =>
  carriedAs(type) === type ? `${alias}.${name}` : `${alias}.${name}::${type}`

const carriedAs = (type: string): string => (type.endsWith('[]') || type === 'jsonb' ? 'text' : type)

export const timeText = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))
