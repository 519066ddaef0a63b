import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aCluster, type Cluster } from '../../../tests/harness/cluster.ts'
import { type Disk, diskOf } from '../../../tests/harness/slow-disk.ts'
import { until as untilWithin } from '../../../tests/harness/wait.ts'
import type { Actor, Database } from '../ports.ts'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

const until = (what: string, is: () => Promise<boolean>) => untilWithin(what, is, { withinMs: 4_000 })
const system: Actor = { kind: 'system', part: 'notifications' }
const ingest: Actor = { kind: 'system', part: 'ingest' }

let cluster: Cluster
let disk: Disk
let database: Database
beforeAll(async () => {
  cluster = await aCluster()
  disk = diskOf(cluster)
  await migrate(cluster.ownerUrl, 'anju_app')
  await cluster.query('create table head (id integer primary key, last integer not null)')
  await cluster.query('insert into head values (1, 0)')
  await cluster.query('grant all on head to anju_app')
  const log = { info: () => undefined, warn: () => undefined }
  database = openDatabase({ url: cluster.appUrl, clock: systemClock, random: seededRandom(1), log })
})
afterAll(async () => {
  await database.close()
  cluster.destroy()
})

const counts = (early: boolean, done: () => void): Promise<number | undefined> =>
  database.transaction(system, async (tx) => {
    if (early) tx.unlocksEarly()
    tx.afterCommit(done)
    const [row] = await tx.query<{ last: number }>('update head set last = last + 1 where id = 1 returning last')
    return row?.last
  })
const countsInLine = (done: () => void) =>
  database.inLine((tx) => {
    tx.unlocksEarly()
    tx.afterCommit(done)
    void tx.query('update head set last = last + 1 where id = 1')
  })

test('whoever unlocks early is in nobody’s way while the disk writes, and is done when the disk has it', async () => {
  const done: string[] = []
  await disk.isSlow(true)
  const both = [counts(true, () => void done.push('one')), counts(true, () => void done.push('two'))]
  // Both have had the row that one of them locked, and both wait for the disk now.
  await disk.waitedForBy(2)
  expect(done).toEqual([])
  await disk.isSlow(false)
  expect(new Set(await Promise.all(both))).toEqual(new Set([1, 2]))
  expect(done.toSorted()).toEqual(['one', 'two'])
})

test('who does not keeps the row until the disk has it', async () => {
  await disk.isSlow(true)
  const both = [counts(false, () => undefined), counts(false, () => undefined)]
  await disk.waitedForBy(1)
  await until('the other to wait for the row', async () => {
    const [row] = await cluster.query<{ n: number }>(
      `select count(*)::integer as n from pg_stat_activity where wait_event_type = 'Lock' and usename = 'anju_app'`,
    )
    return row?.n === 1
  })
  await disk.isSlow(false)
  expect(new Set(await Promise.all(both))).toEqual(new Set([3, 4]))
})

test('a transaction in line unlocks early, too', async () => {
  const done: string[] = []
  await disk.isSlow(true)
  const inLine = countsInLine(() => void done.push('in line'))
  await disk.waitedForBy(1)
  const other = counts(true, () => undefined)
  // The other has had the row.
  await disk.waitedForBy(2)
  expect(done).toEqual([])
  await disk.isSlow(false)
  expect(await inLine).toMatchObject({ outcome: 'saved' })
  expect(await other).toBe(6)
  expect(done).toEqual(['in line'])
})

test('who only reads what another wrote is done when the disk has that', async () => {
  await disk.isSlow(true)
  const written = counts(true, () => undefined)
  await disk.waitedForBy(1)
  const read = database.transaction(ingest, (tx) => {
    tx.unlocksEarly()
    return tx.query<{ last: number }>('select last from head where id = 1')
  })
  await disk.waitedForBy(2)
  await disk.isSlow(false)
  expect(await read).toEqual([{ last: 7 }])
  expect(await written).toBe(7)
})

test('one in line that fails says why, and not that it was too late for what came after', async () => {
  const failed = database.inLine((tx) => {
    tx.unlocksEarly()
    void tx.query(`insert into head values (1, 0)`)
  })
  await expect(failed).rejects.toThrow(/duplicate key/)
})

test('one that fails is rolled back, whatever it asked for', async () => {
  const failed = database.transaction(system, async (tx) => {
    tx.unlocksEarly()
    await tx.query('update head set last = 100 where id = 1')
    await tx.query('select 1 / 0').catch(() => undefined)
  })
  await expect(failed).rejects.toThrow(/division by zero/)
  expect(await cluster.query('select last from head')).toEqual([{ last: 7 }])
})
