import { expect, test } from 'vitest'
import { type Column, cast, columnar, given } from './columns.ts'

interface Row {
  readonly name: string | null
  readonly count: number | null
}
const COLUMNS: readonly Column<Row>[] = [
  { name: 'name', type: 'text', value: (row) => row.name },
  { name: 'count', type: 'integer', value: (row) => row.count },
  { name: 'at', type: 'timestamptz', value: (row) => row.count },
  { name: 'detail', type: 'jsonb', value: (row) => JSON.stringify(row) },
]

test('rows become one parameter a column, escaped where they must be', () => {
  const rows = [
    { name: 'a "quoted" \\ name, {王秀梅}', count: 1 },
    { name: null, count: null },
    { name: 'NULL', count: -2 },
  ]
  expect(columnar(COLUMNS, rows).slice(0, 3)).toEqual([
    '{"a \\"quoted\\" \\\\ name, {王秀梅}",NULL,"NULL"}',
    '{1,NULL,-2}',
    '{1,NULL,-2}',
  ])
})

test('each column is carried in a type that unnest takes, and cast back', () => {
  expect(given(COLUMNS)).toBe(
    '(select unnest($1::text[]) as name, unnest($2::integer[]) as count, unnest($3::bigint[]) as at, unnest($4::text[]) as detail) as given',
  )
  expect(COLUMNS.map((column) => cast(column))).toEqual([
    'given.name',
    'given.count',
    'to_timestamp(given.at / 1000::float8)',
    'given.detail::jsonb',
  ])
})
