import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import type { Database } from '../ports.ts'
import { type Column, cast, columnar, given } from './columns.ts'
import { openDatabase } from './database.ts'

let store: TestDatabase
let database: Database
beforeAll(async () => {
  store = await freshDatabase()
  const log = { info: () => undefined, warn: () => undefined }
  database = openDatabase({ url: store.url, clock: systemClock, random: seededRandom(1), log })
})
afterAll(async () => {
  await database.close()
  await store.drop()
})

interface Row {
  readonly name: string | null
  readonly yes: boolean | null
  readonly count: number | null
  readonly big: number | null
  readonly detail: string | null
  readonly at: number | null
}
const column = (name: keyof Row, type: Column<Row>['type']): Column<Row> => ({
  name,
  type,
  value: (row) => row[name],
})
const COLUMNS = [
  column('name', 'text'),
  column('yes', 'boolean'),
  column('count', 'integer'),
  column('big', 'bigint'),
  column('detail', 'jsonb'),
  column('at', 'timestamptz'),
]
const SELECT = `select ${COLUMNS.map((one) => `${cast(one)} as ${one.name}`).join(', ')} from ${given(COLUMNS)}`

const through = (rows: readonly Row[]) =>
  database.transaction({ kind: 'system', part: 'test' }, (tx) => tx.query<Row>(SELECT, columnar(COLUMNS, rows)))

const nothing: Row = { name: null, yes: null, count: null, big: null, detail: null, at: null }
const texts = [
  '',
  'NULL',
  'a "quoted" \\ name, {王秀梅}',
  'x'.repeat(64),
  `${'x'.repeat(64)}梅`,
  '👵',
  'y'.repeat(100_000),
]
const instants = [0, -1, 1_767_225_600_123, -62_135_596_800_000, 253_402_300_799_999]

const parsed = (detail: string | null): unknown => (detail === null ? null : JSON.parse(detail))

test('what rows hold arrives in PostgreSQL as it was, and no row is none', async () => {
  expect(await through([])).toEqual([])
  const rows: Row[] = [
    nothing,
    ...texts.map((name) => ({ ...nothing, name, detail: JSON.stringify({ name }) })),
    ...[true, false].map((yes) => ({ ...nothing, yes })),
    ...[0, -1, 2 ** 31 - 1, -(2 ** 31)].map((count) => ({ ...nothing, count })),
    ...[0, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER].map((big) => ({
      ...nothing,
      big,
    })),
    ...instants.map((at) => ({ ...nothing, at })),
  ]
  expect(await through(rows)).toEqual(rows.map((row) => ({ ...row, detail: parsed(row.detail) })))
})
