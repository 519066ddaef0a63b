import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import type { Database, LineTransaction } from '../ports.ts'
import { openDatabase } from './database.ts'

const log = { info: () => undefined, warn: () => undefined }
let store: TestDatabase
let database: Database
beforeAll(async () => {
  store = await freshDatabase()
  await store.sql(`insert into centre values ('east', 'East')`)
  database = openDatabase({ url: store.url, clock: systemClock, random: seededRandom(1), log })
})
afterAll(async () => {
  await database.close()
  await store.drop()
})
beforeEach(() => store.sql('delete from home'))

const add = (tx: LineTransaction, id: string | null) =>
  void tx.query(`insert into home (id, centre, name) values ($1, 'east', 'Home')`, [id])
const inLine = (id: string | null) => database.inLine((tx) => add(tx, id))
const homes = async () => (await store.sql<{ id: string }>('select id from home order by id')).map(({ id }) => id)

test('what stands in line is saved one after the other, without waiting for each other', async () => {
  await Promise.all(['a', 'b', 'c'].map(inLine))
  expect(await homes()).toEqual(['a', 'b', 'c'])
})

test('what was sent behind a transaction that is refused is refused, too; what comes later is not', async () => {
  const told: string[] = []
  const sent = ['a', null, 'b', 'c'].map((id) =>
    database.inLine((tx) => {
      add(tx, id)
      tx.afterCommit(() => void told.push(`${id} saved`))
      tx.ifRefused(() => void told.push(`${id} refused`))
    }),
  )
  const [a, wrong, b, c] = await Promise.allSettled(sent)
  expect(a).toMatchObject({ value: { outcome: 'saved' } })
  expect(wrong).toMatchObject({ reason: { code: '23502' } })
  for (const behind of [b, c]) expect(behind).toMatchObject({ value: { outcome: 'refused' } })
  // Whoever was saved hears of it when whoever sent it has; who was refused at once, so that nobody builds on it.
  expect(told.filter((word) => word !== 'a saved')).toEqual(['null refused', 'b refused', 'c refused'])
  expect(told).toContain('a saved')
  await inLine('d')
  expect(await homes()).toEqual(['a', 'd'])
})

test('work that throws saves nothing of what it sent, and holds up nobody', async () => {
  const failing = database.inLine((tx) => {
    add(tx, 'a')
    throw new Error('a bug')
  })
  const next = inLine('b')
  await expect(failing).rejects.toThrow('a bug')
  await next
  expect(await homes()).toEqual(['b'])
})

test('work that sends nothing is no transaction, and its answer is handed on', async () => {
  expect(await database.inLine(() => 'nothing to do')).toEqual({ outcome: 'saved', result: 'nothing to do' })
})

test('when the connection dies, what was on its way is lost and said so, and the line goes on with another', async () => {
  await inLine('a')
  const cut = database.inLine((tx) => {
    add(tx, 'b')
    void tx.query('select pg_terminate_backend(pg_backend_pid())')
  })
  const behind = inLine('c')
  await expect(cut).rejects.toMatchObject({ code: 'store-unavailable' })
  await expect(behind).rejects.toMatchObject({ code: 'store-unavailable' })
  await inLine('d')
  expect(await homes()).toEqual(['a', 'd'])
})
