import type { Socket } from 'node:net'
import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { aRelay, type Relay } from '../../../tests/harness/relay.ts'
import { until } from '../../../tests/harness/wait.ts'
import type { Actor, Database } from '../ports.ts'
import { openDatabase } from './database.ts'

// C-02: a connection that is over at the very moment it is ready. On a busy machine both words of PostgreSQL arrive at once.

/** ReadyForQuery, in no transaction: the last message of a log-in. */
const READY = Buffer.from('5a0000000549', 'hex')
const system: Actor = { kind: 'system', part: 'test' }
const log = { info: () => undefined, warn: () => undefined }

let store: TestDatabase
let relay: Relay
let database: Database
/** Whoever has just logged in does not hear of it before PostgreSQL's next word. */
let lateWords = false
const unheard = new Map<Socket, Buffer[]>()
const bugs: unknown[] = []
const note = (error: unknown) => void bugs.push(error)

beforeAll(async () => {
  process.on('uncaughtException', note)
  store = await freshDatabase()
  const to = new URL(store.url)
  const path = `${decodeURIComponent(to.hostname)}/.s.PGSQL.${to.port || 5432}`
  relay = await aRelay(path.startsWith('/') ? { path } : { host: to.hostname, port: Number(to.port || 5432) }, {
    answered(bytes, near) {
      const before = unheard.get(near) ?? []
      unheard.delete(near)
      if (lateWords && bytes.subarray(-READY.length).equals(READY)) unheard.set(near, [...before, bytes])
      else near.write(Buffer.concat([...before, bytes]))
    },
  })
  const url = `${to.protocol}//${to.username}:${to.password}@127.0.0.1:${relay.port}${to.pathname}`
  database = openDatabase({ url, clock: systemClock, random: seededRandom(1), log })
  // Its probe is connected, too.
  await until('the probe', async () => (await backends('anju-probe')).length === 1, { withinMs: 5_000 })
})
/** Whoever has logged in since then, and lives, hears of it. */
function wordsAreInTime(): void {
  lateWords = false
  for (const [near, bytes] of unheard) if (!near.destroyed) near.write(Buffer.concat(bytes))
  unheard.clear()
}
afterEach(wordsAreInTime)
afterAll(async () => {
  process.off('uncaughtException', note)
  await database.close()
  await relay.end()
  await store.drop()
})

const backends = (name: string) =>
  store.sql(`select pid from pg_stat_activity where datname = current_database() and application_name = $1`, [name])
/** As of a PostgreSQL that is stopped, or whose postmaster was killed. */
const endsWhoLogsIn = async () => {
  await until('somebody to have logged in', () => unheard.size > 0, { withinMs: 5_000 })
  await store.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'anju'`,
  )
}

test.for([
  { who: 'a transaction', work: () => database.transaction(system, (tx) => tx.query('select 1')) },
  { who: 'the line', work: () => database.inLine((tx) => void tx.query('select 1')) },
])('$who whose connection ends as it begins is refused, and the server goes on', async ({ work }) => {
  lateWords = true
  const refused = work().then(
    () => undefined,
    (error: unknown) => error,
  )
  await endsWhoLogsIn()
  expect(await refused).toMatchObject({ code: 'store-unavailable' })
  wordsAreInTime()
  expect(bugs).toEqual([])
  await work()
})
