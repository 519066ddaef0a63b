import { DomainError, seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { describe, expect, test } from 'vitest'
import { freshDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import { ColumnBuffer } from './columns.ts'
import { postgresArchive } from './postgres-archive.ts'
import { postgresStore } from './postgres-store.ts'
import { telemetryArchiveSuite } from './telemetry-archive.suite.ts'
import { telemetryQuestionsSuite } from './telemetry-questions.suite.ts'
import { telemetryStoreSuite } from './telemetry-store.suite.ts'

const log = { info: () => undefined, warn: () => undefined }

async function open() {
  const data = await freshDatabase()
  await data.sql(`insert into centre (id, name) values ('centre-a', 'A'), ('centre-b', 'B')`)
  await data.sql(`insert into home (id, centre, name) values ('home-1', 'centre-a', '1'), ('home-2', 'centre-b', '2')`)
  const database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(1), log })
  return {
    data,
    store: postgresStore(database),
    archive: postgresArchive(database),
    close: async () => {
      await database.close()
      await data.drop()
    },
  }
}

describe('PostgreSQL as every telemetry store', () => {
  telemetryStoreSuite(open)
  telemetryQuestionsSuite(open)
})

describe('PostgreSQL as every telemetry archive', () => {
  telemetryArchiveSuite(open)
})

const scope = () => ({ centre: 'centre-a', home: 'home-1', series: new Map<string, number>() })
const message = (count: number) => ({
  id: '01J0000000000000000000000A',
  boot: 1,
  seq: 1,
  pendingFrom: 1,
  sentAt: '2026-03-01T08:00:00.000Z',
  series: [
    {
      p: 'meter/voltage',
      u: 'V' as const,
      t0: 0,
      dt: Array.from({ length: count }, (_, i) => i),
      v: Array.from({ length: count }, () => 1),
    },
  ],
})

test('a sample that is there already costs no write', async () => {
  const { data, store, close } = await open()
  const columns = new ColumnBuffer([])
  columns.add(scope(), message(100))
  await store.write(columns)
  const version = () =>
    data.sql<{ versions: string }>('select string_agg(distinct xmin::text, $1) as versions from measurement', [','])
  const before = await version()
  await store.write(columns)
  expect(await version()).toEqual(before)
  await close()
})

test('a database that is gone is “unavailable”, so that nothing is receipted', async () => {
  const { store, close } = await open()
  const columns = new ColumnBuffer([])
  columns.add(scope(), message(1))
  await close()
  await expect(store.write(columns)).rejects.toMatchObject({ code: 'telemetry-unavailable' })
})

test('two writers that meet the same new series agree on it', async () => {
  const { data, store, close } = await open()
  const database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(2), log })
  const batches = [1, 2].map(() => {
    const columns = new ColumnBuffer([])
    columns.add(scope(), message(10))
    return columns
  })
  const stores = [store, postgresStore(database)]
  await Promise.all(stores.map(async (one, index) => one.write(batches[index] ?? new ColumnBuffer([]))))
  expect(await data.sql('select count(*)::integer as n from series')).toEqual([{ n: 1 }])
  expect(await data.sql('select count(*)::integer as n from measurement')).toEqual([{ n: 10 }])
  await database.close()
  await close()
})

test('after an outage the numbers of series are asked for anew: a restored database may have given them to another home', async () => {
  const { data, close } = await open()
  const database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(3), log })
  let away = false
  const store = postgresStore({
    ...database,
    healthy: true,
    transaction: (actor, work) =>
      away ? Promise.reject(new DomainError('store-unavailable', 'away')) : database.transaction(actor, work),
  })
  const columns = new ColumnBuffer([])
  columns.add(scope(), message(3))
  await store.write(columns)
  away = true
  await expect(store.write(columns)).rejects.toMatchObject({ code: 'telemetry-unavailable' })
  await data.sql('truncate series, measurement restart identity')
  await data.sql(
    `insert into series (centre, home, placement, point, unit) values ('centre-b', 'home-2', 'meter', 'voltage', 'V')`,
  )
  away = false
  await store.write(columns)
  const homes = await data.sql('select distinct home from measurement join series on series.id = measurement.series')
  expect(homes).toEqual([{ home: 'home-1' }])
  await database.close()
  await close()
})

test('more series than a page come in order all the same, each once; those without samples do not', async () => {
  const { data, archive, close } = await open()
  await data.sql(`insert into series (centre, home, placement, point, unit)
                  select 'centre-a', 'home-1', 'meter-' || n % 7, 'p-' || n, 'W' from generate_series(1, 2500) as n`)
  await data.sql('insert into measurement (series, at, value) select id, 1, 1 from series where id % 100 <> 0')
  const names = (await Array.fromAsync(archive.series())).map(({ placement, point }) => `${placement} ${point}`)
  expect(names).toHaveLength(2_475)
  expect(names).toEqual([...new Set(names)].sort())
  expect(await Array.fromAsync(archive.series('home-1'))).toHaveLength(2_475)
  await close()
})
