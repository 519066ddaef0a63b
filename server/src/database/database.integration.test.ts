import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { until } from '../../../tests/harness/wait.ts'
import type { Actor, Database } from '../ports.ts'
import { openDatabase } from './database.ts'

const log = { info: () => undefined, warn: () => undefined }
const system: Actor = { kind: 'system', part: 'test' }
const personOf = (centre: string) =>
  ({ kind: 'person', person: 'p', name: 'P', session: 's', role: 'operator', centre }) as unknown as Actor

let store: TestDatabase
let database: Database
beforeAll(async () => {
  store = await freshDatabase()
  database = openDatabase({ url: store.url, clock: systemClock, random: seededRandom(1), log })
  await store.sql(`insert into centre values ('east', 'East'), ('west', 'West')`)
  await store.sql(`insert into home (id, centre, name) values ('e1', 'east', 'E'), ('w1', 'west', 'W')`)
})
afterAll(async () => {
  await database.close()
  await store.drop()
})

const homes = (actor: Actor) =>
  database.transaction(actor, (tx) => tx.query<{ id: string }>('select id from home order by id'))

test('a person sees the homes of their own centre only, a part of the server sees all', async () => {
  expect(await homes(personOf('east'))).toEqual([{ id: 'e1' }])
  expect(await homes(personOf('west'))).toEqual([{ id: 'w1' }])
  expect(await homes(system)).toHaveLength(2)
})

test('without an actor every table with personal data is empty, also on a connection that has served someone', async () => {
  const tables = await store.sql<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'centre' and not a.attisdropped
     where n.nspname = 'public' and c.relkind = 'r'`,
  )
  expect(tables.length).toBeGreaterThan(10)
  await homes(system)
  const nobody = personOf('')
  const readable: string[] = []
  for (const { name } of tables) {
    const rows = await database.transaction(nobody, (tx) => tx.query(`select 1 from ${name} limit 1`))
    if (rows.length > 0) readable.push(name)
    const [{ forced } = { forced: false }] = await store.sql<{ forced: boolean }>(
      'select relrowsecurity and relforcerowsecurity as forced from pg_class where relname = $1',
      [name],
    )
    if (!forced) readable.push(`${name} is not forced`)
  }
  expect(readable).toEqual([])
})

test('a row of another centre cannot be written', async () => {
  const insert = database.transaction(personOf('east'), (tx) =>
    tx.query(`insert into home (id, centre, name) values ('w2', 'west', 'W')`),
  )
  await expect(insert).rejects.toThrow(/row-level security/)
})

test('the audit can be added to and read, never changed', async () => {
  for (const statement of [
    'update audit set name = name',
    'delete from audit',
    'update clock_offset set by = by',
    'update clock_kept set at = at',
  ])
    await expect(database.transaction(system, (tx) => tx.query(statement))).rejects.toThrow(/permission denied/)
})

test('what a failed statement left behind is not committed, even when its error was swallowed', async () => {
  let told = false
  const swallowed = database.transaction(system, async (tx) => {
    tx.afterCommit(() => {
      told = true
    })
    await tx.query(`insert into home (id, centre, name) values ('e2', 'east', 'E')`)
    await tx.query('select 1 / 0').catch(() => undefined)
  })
  await expect(swallowed).rejects.toThrow(/division by zero/)
  expect(told).toBe(false)
  expect(await homes(personOf('east'))).toEqual([{ id: 'e1' }])
})

const at = () => database.transaction(system, (tx) => tx.query<{ now: number }>('select app_now() as now'))

test('time is the time after the lock, moves when a test moves it, and has no microseconds', async () => {
  const [before] = await at()
  await store.passes(3_600_000)
  const [after] = await at()
  expect((after?.now ?? 0) - (before?.now ?? 0)).toBeGreaterThanOrEqual(3_600_000)
  expect(Number.isInteger(after?.now)).toBe(true)
  await store.passes(-3_600_000)
})

const cross = (first: string, second: string) =>
  database.transaction(system, async (tx) => {
    await tx.query('update home set name = name where id = $1', [first])
    await tx.query('select pg_sleep(0.05)')
    await tx.query('update home set name = name where id = $1', [second])
    return first
  })

test('two that deadlock are both served', async () => {
  expect(await Promise.all([cross('e1', 'w1'), cross('w1', 'e1')])).toEqual(['e1', 'w1'])
})

test('what goes wrong after a commit undoes nothing, neither its own work nor that of whoever has the connection next', async () => {
  const warned: string[] = []
  const few = openDatabase({
    url: store.url,
    clock: systemClock,
    random: seededRandom(1),
    log: { info: () => undefined, warn: (_detail, message) => void warned.push(message) },
  })
  try {
    const insert = (id: string, after: () => void) =>
      few.transaction(personOf('east'), async (tx) => {
        await tx.query('insert into home (id, centre, name) values ($1, $2, $3)', [id, 'east', id])
        tx.afterCommit(after)
        return id
      })
    const told: string[] = []
    const throwing = (id: string) =>
      insert(id, () => {
        throw new Error(`after ${id}`)
      })
    const ids = Array.from({ length: 40 }, (_, n) => `after-${n}`)
    const answers = await Promise.all(ids.map((id, n) => (n % 2 ? throwing(id) : insert(id, () => told.push(id)))))
    expect(answers).toEqual(ids)
    expect(told).toHaveLength(20)
    expect(warned).toHaveLength(20)
    expect(await store.sql(`select count(*)::integer as n from home where id like 'after-%'`)).toEqual([{ n: 40 }])
  } finally {
    await few.close()
    await store.sql(`delete from home where id like 'after-%'`)
  }
})

test('a database that lets nobody in or takes no writes is away, not a fault of what was asked', async () => {
  const url = new URL(store.url)
  url.password = 'changed-meanwhile'
  const locked = openDatabase({ url: url.href, clock: systemClock, random: seededRandom(1), log })
  await expect(locked.transaction(system, (tx) => tx.query('select 1'))).rejects.toMatchObject({
    code: 'store-unavailable',
  })
  await locked.close()
  const written = database.transaction(system, async (tx) => {
    await tx.query('set transaction read only')
    await tx.query(`insert into home (id, centre, name) values ('r', 'east', 'R')`)
  })
  await expect(written).rejects.toMatchObject({ code: 'store-unavailable' })
})

const failing = (code: string) => `do $$ begin raise exception 'of this' using errcode = '${code}'; end $$`

test('a transaction failed of the statement that failed, also where nobody waited for it: and what a second try mends is tried again', async () => {
  const ours = database.transaction(system, async (tx) => {
    void tx.query(failing('22012'))
    await tx.query('select 1')
  })
  await expect(ours).rejects.toThrow('of this')
  let tries = 0
  const raced = await database.transaction(system, async (tx) => {
    if (tries++ === 0) void tx.query(failing('40P01'))
    return tx.query('select 1 as done')
  })
  expect({ raced, tries }).toEqual({ raced: [{ done: 1 }], tries: 2 })
})

test('a transaction that stood still for too long and was ended is begun anew, and is no sign of an absent database', async () => {
  let tries = 0
  const again = await database.transaction(system, async (tx) => {
    await tx.query('select 1')
    // Longer than a transaction may idle, which PostgreSQL says while nothing is asked.
    if (tries++ === 0) await until('its end', async () => (await idling()).length === 0, { withinMs: 10_000 })
    return tx.query('select 1 as done')
  })
  expect({ again, tries, healthy: database.healthy }).toEqual({ again: [{ done: 1 }], tries: 2, healthy: true })
})
const idling = () =>
  store.sql(
    `select from pg_stat_activity where datname = current_database() and application_name = 'anju' and state = 'idle in transaction'`,
  )

const part = (name: string): Actor => ({ kind: 'system', part: name })
const waits = (actor: Actor) => database.transaction(actor, (tx) => tx.query('select pg_advisory_xact_lock_shared(1)'))

test('however many slow requests and messages there are, heartbeats, answers and the auditor are served; and connections stay few', async () => {
  const blocker = new Client({ connectionString: store.ownerUrl })
  await blocker.connect()
  await blocker.query('select pg_advisory_lock(1)')
  const waiting = [personOf('east'), part('login'), part('notifications')].flatMap((actor) =>
    Array.from({ length: 5 }, () => waits(actor).catch(() => undefined)),
  )
  const pid = async (name: string) =>
    (await database.transaction(part(name), (tx) => tx.query<{ pid: number }>('select pg_backend_pid() as pid')))[0]
      ?.pid
  const pids = new Map<string, number | undefined>()
  for (const name of ['gateways', 'presence', 'answers', 'ingest', 'auditor']) pids.set(name, await pid(name))
  const connections = await store.sql<{ pid: number; waits: boolean }>(
    `select pid, wait_event_type = 'Lock' as waits from pg_stat_activity
     where datname = current_database() and application_name = 'anju'`,
  )
  expect(connections.length).toBeLessThanOrEqual(19)
  expect(connections.filter(({ waits: held }) => held).length).toBeGreaterThanOrEqual(9)
  expect([...pids].filter(([, one]) => one === pids.get('auditor'))).toEqual([['auditor', expect.any(Number)]])
  await blocker.end()
  await Promise.all(waiting)
})
