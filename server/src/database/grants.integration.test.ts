import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { migrate } from './migrate.ts'

let store: TestDatabase
const role = () => new URL(store.url).username
beforeAll(async () => {
  store = await freshDatabase()
})
afterAll(() => store.drop())

/** Whoever changes one of these has every connection plan anew whatever names its table. */
const tables = () =>
  store.sql<{ name: string; xmin: string }>(
    `select oid::regclass::text as name, xmin::text as xmin from pg_class where relnamespace = 'public'::regnamespace order by 1`,
  )
const may = async (privilege: string, table: string) => {
  const [row] = await store.sql<{ may: boolean }>('select has_table_privilege($1, $2, $3) as may', [
    role(),
    table,
    privilege,
  ])
  return row?.may
}

test('a server that comes back changes no table: the others go on with the plans they have', async () => {
  const before = await tables()
  expect(before.length).toBeGreaterThan(50)
  expect(await migrate(store.ownerUrl, role())).toEqual([])
  expect(await tables()).toEqual(before)
})

test('what the application lacks, or has too much of, is put right', async () => {
  await store.sql(
    `revoke select on alarm from ${role()}; grant delete on audit to ${role()}; grant truncate on audit to ${role()};
    grant update (digest) on migration to ${role()}`,
  )
  await migrate(store.ownerUrl, role())
  expect(await may('select', 'alarm')).toBe(true)
  expect(await may('delete', 'audit')).toBe(false)
  expect(await may('truncate', 'audit')).toBe(false)
  const [column] = await store.sql(`select has_any_column_privilege($1, 'migration', 'update') as may`, [role()])
  expect(column).toEqual({ may: false })
  const settled = await tables()
  await migrate(store.ownerUrl, role())
  expect(await tables()).toEqual(settled)
})
