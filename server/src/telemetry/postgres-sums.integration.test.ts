import { type CentreId, type PersonId, type SessionId, seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Actor, Database } from '../ports.ts'
import { ColumnBuffer } from './columns.ts'
import { postgresStore } from './postgres-store.ts'
import { sumSome } from './postgres-sums.ts'
import { anyMessage, anyQuery } from './random-telemetry.fixture.ts'
import type { TelemetryStore } from './store.ts'
import { telemetryQuestionsSuite } from './telemetry-questions.suite.ts'
import { telemetryStoreSuite } from './telemetry-store.suite.ts'

const log = { info: () => undefined, warn: () => undefined }
const system: Actor = { kind: 'system', part: 'test' }
const operatorOf = (centre: string): Actor => ({
  kind: 'person',
  person: 'someone' as PersonId,
  name: 'Someone',
  session: '00000000-0000-4000-8000-000000000000' as SessionId,
  role: 'operator',
  centre: centre as CentreId,
})

async function open() {
  const data = await freshDatabase()
  await data.sql(`insert into centre (id, name) values ('centre-a', 'A'), ('centre-b', 'B')`)
  await data.sql(`insert into home (id, centre, name) values ('home-1', 'centre-a', '1'), ('home-2', 'centre-b', '2')`)
  const database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(1), log })
  const close = async () => {
    await database.close()
    await data.drop()
  }
  return { data, database, store: postgresStore(database), close }
}
async function sumAll(database: Database): Promise<void> {
  while ((await sumSome(database)) > 0);
}

const summing = async () => {
  const { database, store, close } = await open()
  const write: TelemetryStore['write'] = async (batch) => {
    const refused = await store.write(batch)
    await sumAll(database)
    return refused
  }
  return { store: { ...store, write }, close }
}

describe('PostgreSQL that has summed everything before each question, as every telemetry store', () => {
  telemetryStoreSuite(summing)
  telemetryQuestionsSuite(summing)
})

describe('sums', () => {
  let data: TestDatabase
  let database: Database
  let store: TelemetryStore
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ data, database, store, close } = await open())
  })
  afterAll(() => close())

  const scope = { centre: 'centre-a', home: 'home-1', series: new Map<string, number>() }
  const buffer = new ColumnBuffer([])
  const write = (messages: readonly Parameters<ColumnBuffer['add']>[1][]) => {
    buffer.clear()
    for (const message of messages) buffer.add(scope, message)
    return store.write(buffer)
  }
  /** What is summed, and what it should be. */
  const summed = () =>
    data.sql('select series, at, count, sum, min, max, last, absent from measurement_sum order by 1, 2')
  async function summedAnew() {
    await data.sql('delete from measurement_sum')
    await data.sql(
      'select sum_pieces(array_agg(series), array_agg(piece)) from (select distinct series, piece_of(at) as piece from measurement) as one',
    )
    return summed()
  }

  const counted = (actor: Actor) =>
    database.transaction(actor, (tx) => tx.query<{ n: number }>('select count(*)::integer as n from measurement_sum'))

  test('the same questions have the same answers before and after summing, and when something comes late', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
    const messages = fc.sample(fc.array(anyMessage, { minLength: 1, maxLength: 20 }), { seed, numRuns: 30 })
    const queries = fc.sample(anyQuery, { seed, numRuns: 60 })
    const answers = () => Promise.all(queries.map((query) => store.query(system, query).catch(String)))
    for (const some of messages.slice(0, 15)) await write(some)
    const before = await answers()
    await sumAll(database)
    expect((await summed()).length).toBeGreaterThan(200)
    expect(await answers()).toEqual(before)
    expect(JSON.stringify(before)).toMatch(/"count":[2-9]/)

    for (const some of messages.slice(15)) await write(some)
    const after = await answers()
    await data.sql('update series set summed_to = null')
    expect(await answers()).toEqual(after)
    await data.sql('delete from measurement_sum')
    await sumAll(database)
    expect(await answers()).toEqual(after)
  }, 120_000)

  test('what comes late while somebody sums is in the sums, whoever was first', async () => {
    const seed = 7
    await data.sql('delete from measurement_sum')
    await data.sql('update series set summed_to = null')
    const writing = { done: false }
    const summing = (async () => {
      while (!writing.done) {
        await sumSome(database, 2)
        // So that there is always something to sum.
        await data.sql(`
          begin;
          select from series order by id for update;
          update series set summed_to = summed_to - 20 * 86400000::bigint where id % 2 = 0;
          delete from measurement_sum using series where id = series and at >= summed_to;
          commit`)
      }
    })()
    const messages = fc.sample(anyMessage, { seed, numRuns: 40 })
    await Promise.all(
      [0, 1, 2, 3].map(async (part) => {
        const own = new ColumnBuffer([])
        const ownScope = { ...scope, series: new Map<string, number>() }
        const ownStore = postgresStore(database)
        for (const message of messages.slice(part * 10, part * 10 + 10)) {
          own.clear()
          own.add(ownScope, message)
          await ownStore.write(own)
        }
      }),
    )
    writing.done = true
    await summing
    await sumAll(database)
    expect(await summed()).toEqual(await summedAnew())
  }, 120_000)

  test('sums go with their samples, and with their series', async () => {
    await sumAll(database)
    await data.sql('delete from measurement where at % 3 = 0')
    expect(await summed()).toEqual(await summedAnew())
    await data.sql('delete from measurement')
    expect(await summed()).toEqual([])
    await data.sql(`insert into measurement (series, at, value) select id, 0, 1 from series`)
    await summedAnew()
    await data.sql('delete from series')
    expect(await summed()).toEqual([])
  })

  test('another centre’s sums are not there', async () => {
    await data.sql('delete from measurement_sum')
    await data.sql(`insert into measurement_sum (series, at, centre, count) values (1, 0, 'centre-b', 1)`)
    expect(await counted(system)).toEqual([{ n: 1 }])
    expect(await counted(operatorOf('centre-b'))).toEqual([{ n: 1 }])
    expect(await counted(operatorOf('centre-a'))).toEqual([{ n: 0 }])
  })

  test('ten thousand sparse samples go at once, with a sum each, within a statement’s time', async () => {
    await data.sql(
      `insert into series (centre, home, placement, point, unit) values ('centre-a', 'home-1', 'tap', 'water', 'm3')`,
    )
    const [tap] = await data.sql<{ id: number }>(`select id from series where point = 'water'`)
    await data.sql(
      'insert into measurement (series, at, value) select $1, n * 300000::bigint, n from generate_series(1, 10000) as n',
      [tap?.id],
    )
    await sumAll(database)
    const mine = async () =>
      (
        await data.sql<{ n: number }>('select count(*)::integer as n from measurement_sum where series = $1', [tap?.id])
      )[0]?.n
    expect(await mine()).toBe(10_000)
    // The server's own statements end after five seconds.
    await database.transaction(system, (tx) => tx.query('delete from measurement where series = $1', [tap?.id]))
    expect(await mine()).toBe(0)
  })
})
