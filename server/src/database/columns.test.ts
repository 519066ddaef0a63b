import { expect, test } from 'vitest'
import { among, type Column, cast, columnar, given } from './columns.ts'

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

const header = (oid: string) => `00000001 00000001 ${oid} 00000002 00000001`.replaceAll(' ', '')

test('rows become one parameter a column, as PostgreSQL keeps its arrays', () => {
  const [name, count, at] = columnar(COLUMNS, [
    { name: '王a', count: 1 },
    { name: null, count: -2 },
  ]) as Buffer[]
  expect(name?.toString('hex')).toBe(`${header('00000019')}00000004e78e8b61ffffffff`)
  expect(count?.toString('hex')).toBe(`${header('00000017')}000000040000000100000004fffffffe`)
  expect(at?.toString('hex')).toBe(`${header('00000014')}00000008000000000000000100000008fffffffffffffffe`)
})

test('a number that its column cannot hold is refused, and leaves nothing behind in the next write', () => {
  const count = COLUMNS.slice(1, 2)
  for (const wrong of [1.5, Number.NaN, 2 ** 31])
    expect(() =>
      columnar(count, [
        { name: null, count: 7 },
        { name: null, count: wrong },
      ]),
    ).toThrow(RangeError)
  expect(columnar(count, [])).toEqual([Buffer.from('000000000000000100000017', 'hex')])
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

test('a key is one of those given, as that column is carried', () => {
  expect(among(COLUMNS, 'name', 'alarm.id')).toBe('alarm.id = any ($1::text[])')
  expect(among(COLUMNS, 'at', 'alarm.since')).toBe('alarm.since = any ($3::bigint[])')
  expect(() => among(COLUMNS, 'id', 'alarm.id')).toThrow('no column id is given')
})
