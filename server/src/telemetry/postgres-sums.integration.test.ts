import { type CentreId, type PersonId, type SessionId, seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Actor, Database } from '../ports.ts'
import { ColumnBuffer } from './columns.ts'
import { postgresStore } from './postgres-store.ts'
import { sumDue } from './postgres-sums.ts'
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
const summing = async () => {
  const { database, store, close } = await open()
  const write: TelemetryStore['write'] = async (batch) => {
    const refused = await store.write(batch)
    await sumDue(database)
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
  const summed = () => data.sql('select series, at, count, sum, min, max from measurement_sum order by 1, 2')
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
    await sumDue(database)
    expect((await summed()).length).toBeGreaterThan(200)
    expect(await answers()).toEqual(before)
    expect(JSON.stringify(before)).toMatch(/"count":[2-9]/)

    for (const some of messages.slice(15)) await write(some)
    const after = await answers()
    await data.sql('update series set summed_to = null')
    expect(await answers()).toEqual(after)
    await data.sql('delete from measurement_sum')
    await sumDue(database)
    expect(await answers()).toEqual(after)
  }, 120_000)

  test('what comes late while somebody sums is in the sums, whoever was first', async () => {
    const seed = 7
    await data.sql('delete from measurement_sum')
    await data.sql('update series set summed_to = null')
    const writing = { done: false }
    const summing = (async () => {
      while (!writing.done) {
        await sumDue(database)
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
    await sumDue(database)
    expect(await summed()).toEqual(await summedAnew())
  }, 120_000)

  test('sums go with their samples, and with their series', async () => {
    await sumDue(database)
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
    await sumDue(database)
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

describe('summing', () => {
  let data: TestDatabase
  let database: Database
  let close: () => Promise<void>
  beforeEach(async () => {
    ;({ data, database, close } = await open())
    // A sample a minute, of three points, for a day.
    await data.sql(`
      insert into series (centre, home, placement, point, unit) values
        ('centre-a', 'home-1', 'meter', 'one', 'W'), ('centre-a', 'home-1', 'meter', 'two', 'W'), ('centre-a', 'home-1', 'meter', 'three', 'W')`)
    await data.sql(
      'insert into measurement (series, at, value) select id, n * 60000::bigint, n from series, generate_series(0, 1439) as n',
    )
  })
  afterEach(() => close())

  /** What happens whenever a piece of a point's is summed. */
  const whenever = (point: string, what: string) =>
    data.sql(`
      create function act() returns trigger language plpgsql as 'begin perform ${what} from series where id = new.series and point = ''${point}''; return new; end';
      create trigger act before insert on measurement_sum for each row execute function act()`)
  const pieces = () =>
    data.sql<{ point: string; n: number }>(
      'select point, (select count(*)::integer from measurement_sum where series = id) as n from series order by id',
    )
  /** As if statements ended after so long; and what is done after each. */
  const limited = (statementMs: number, after: () => Promise<void>): Database => ({
    ...database,
    transaction: (actor, work) =>
      database.transaction(actor, async (tx) => {
        await tx.query(`set local statement_timeout = ${statementMs}`)
        return work({
          ...tx,
          async query<Row>(text: string, values?: readonly unknown[]) {
            const rows = await tx.query<Row>(text, values)
            await after()
            return rows
          },
        })
      }),
  })

  test('a series that takes too long is summed in parts, and holds up neither the others nor their writers', async () => {
    // All 288 pieces of it would take more than the 400 ms that there are.
    await whenever('two', 'pg_sleep(0.002)')
    const free: number[] = []
    const seeWhatIsFree = async () => {
      free.push((await data.sql('select from series for no key update skip locked')).length)
    }
    await sumDue(limited(400, seeWhatIsFree))
    expect((await pieces()).map(({ n }) => n)).toEqual([288, 288, 288])
    expect(Math.min(...free)).toBe(2)
  }, 30_000)

  test('a series that cannot be summed is passed over and told of, and summed when it can be', async () => {
    await whenever('one', '1 / (id - new.series)')
    await expect(sumDue(database)).rejects.toThrow('division by zero')
    expect((await pieces()).map(({ n }) => n)).toEqual([0, 288, 288])
    await data.sql('drop trigger act on measurement_sum')
    await sumDue(database)
    expect((await pieces()).map(({ n }) => n)).toEqual([288, 288, 288])
  })

  test('who says stop need not wait for what is due', async () => {
    await sumDue(database, AbortSignal.abort())
    expect((await pieces()).map(({ n }) => n)).toEqual([0, 0, 0])
  })

  test('more samples than are summed at once are summed all the same, a piece that holds more among them', async () => {
    await data.sql(
      `insert into measurement (series, at, value) select id, 100000000 + n * 3, n from series, generate_series(0, 119999) as n where point = 'one'`,
    )
    await sumDue(database)
    const [sums] = await data.sql(`
      select (select sum(count)::integer from measurement_sum) as summed, (select count(*)::integer from measurement) as samples`)
    expect(sums).toEqual({ summed: 120_000 + 3 * 1_440, samples: 120_000 + 3 * 1_440 })
  })
})
