import { ABSENCES, seededRandom, type TelemetryMessage } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../../tests/harness/postgres.ts'
import { openDatabase } from '../../database/database.ts'
import type { Database } from '../../ports.ts'
import { ColumnBuffer } from '../columns.ts'
import { type InfluxAddress, influxStore } from '../influx-store.ts'
import { postgresStore } from '../postgres-store.ts'
import { anyMessage } from '../random-telemetry.fixture.ts'
import type { End } from './end.ts'
import { influxEnd, postgresEnd } from './ends.ts'
import { type Moved, type MoveWishes, move } from './move.ts'
import { plan } from './plan.ts'
import { postgresErased } from './postgres-erased.ts'
import { postgresLedger } from './postgres-ledger.ts'
import type { Said } from './said.ts'

const log = { info: () => undefined, warn: () => undefined }
const wishes: MoveWishes = { restart: false, compareOnly: false, leaveOld: false, inUse: false }

/** A PostgreSQL with the homes that messages are of. */
export async function aDatabase() {
  const data = await freshDatabase()
  await data.sql(`insert into centre (id, name) values ('centre-a', 'A')`)
  await data.sql(`insert into home (id, centre, name) values ('home-1', 'centre-a', '1'), ('home-2', 'centre-a', '2')`)
  const database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(1), log })
  return {
    data,
    database,
    async close() {
      await database.close()
      await data.drop()
    },
  }
}
/** Every sample with all its bits; minus nothing is nothing. */
export const allOf = (data: TestDatabase) =>
  data.sql(
    `select home, placement, point, unit, at::text, encode(float8send(value + 0), 'hex') as bits, absent
     from measurement join series on series.id = measurement.series order by 1, 2, 3, 4, measurement.at`,
  )

export function batchOf(home: string, messages: readonly TelemetryMessage[], centre = 'centre-a'): ColumnBuffer {
  const columns = new ColumnBuffer([])
  const scope = { centre, home, series: new Map<string, number>() }
  for (const message of messages) expect(columns.add(scope, message)).toBeUndefined()
  return columns
}
export const power = (samples: readonly (readonly [at: number, value: number | null])[]): TelemetryMessage => ({
  id: '01J0000000000000000000000A',
  boot: 1,
  seq: 1,
  pendingFrom: 1,
  sentAt: '2026-03-01T08:00:00.000Z',
  series: [
    {
      p: 'meter/power',
      u: 'W',
      t0: 0,
      dt: samples.map(([at]) => at),
      v: samples.map(([, value]) => value),
      absent: Object.fromEntries(samples.flatMap(([, value], row) => (value === null ? [[row, 'no-answer']] : []))),
    },
  ],
})

async function fillBucket(address: InfluxAddress, centre: string, message: TelemetryMessage): Promise<void> {
  const store = influxStore(address, systemClock)
  expect(await store.write(batchOf('home-1', [message], centre))).toEqual(new Map())
  await store.close()
}
function partsOf(source: End, target: End, database: Database) {
  const told: Said[] = []
  return {
    source,
    target,
    ledger: postgresLedger(database, source.id, target.id),
    readErased: postgresErased(database),
    clock: systemClock,
    random: seededRandom(1),
    signal: new AbortController().signal,
    tell: (said: Said) => void told.push(said),
    told,
  }
}

async function moving(source: End, target: End, database: Database, change: Partial<MoveWishes> = {}) {
  const parts = partsOf(source, target, database)
  const moved: Moved = await move(parts, { ...wishes, ...change })
  const different = parts.told.flatMap((said) =>
    said.is === 'compared' && said.compared.outcome.is === 'different' ? [said.compared] : [],
  )
  return { moved, different, state: await parts.ledger.last() }
}

/** What moving between the real stores must do, with a real InfluxDB as with its double. */
export function moveEndsSuite(aBucket: (keptS?: number) => Promise<InfluxAddress>): void {
  let here: Awaited<ReturnType<typeof aDatabase>>
  let there: Awaited<ReturnType<typeof aDatabase>>
  const closers: (() => Promise<void>)[] = []
  beforeEach(async () => {
    here = await aDatabase()
    there = await aDatabase()
    closers.push(
      () => here.close(),
      () => there.close(),
    )
  })
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  /** Each batch has a dictionary of its own, and so needs a store of its own. */
  const fill = async (home: string, ...messages: readonly TelemetryMessage[]) =>
    expect(await postgresStore(here.database).write(batchOf(home, messages))).toEqual(new Map())
  function bucketEnd(address: InfluxAddress): End {
    const end = influxEnd(address, systemClock)
    closers.push(() => end.close())
    return end
  }
  const equal = { is: 'compared', found: { different: 0, more: 0, copiedAgain: 0 } }

  test('from PostgreSQL to InfluxDB and to another PostgreSQL: the same to the last bit', async () => {
    const seed = Number(process.env['SEED'] ?? systemClock.now() % 2 ** 31)
    for (const home of ['home-1', 'home-2'])
      for (const messages of fc.sample(fc.array(anyMessage, { minLength: 1, maxLength: 20 }), { seed, numRuns: 10 }))
        await fill(home, ...messages)
    const extremes = [0, -0.1, 0.1 + 0.2, 1e-300, 5e-324, 2 ** 53 - 1, 1 - 2 ** 53, 1 / 3, 123_456_789.123]
    await fill('home-2', power(extremes.map((value, at) => [at - 3, value])))
    await fill('home-2', power([[Date.parse('2099-12-31T23:59:59.999Z'), 1]]))
    await here.data.sql(
      `insert into measurement select id, 77, '-0'::float8, null from series where home = 'home-2' and point = 'power'`,
    )
    const before = await allOf(here.data)

    const inflow = bucketEnd(await aBucket())
    const until = Date.parse('2100-01-01T00:00:00Z')
    const first = await moving(postgresEnd(here.database), inflow, here.database, { until })
    expect({ seed, ...first }).toMatchObject({ moved: equal, different: [], state: { phase: 'done' } })
    expect(first.state?.counts).toMatchObject({ samples: before.length, refused: 0, tooOld: 0 })
    const back = await moving(inflow, postgresEnd(there.database), there.database, { until })
    expect({ seed, ...back }).toMatchObject({ moved: equal, different: [] })
    expect(await allOf(there.data)).toEqual(before)
    expect(await allOf(here.data)).toEqual(before)
    expect(before.length).toBeGreaterThan(500)
  })

  test('a sample that is gone, another value, another reason: found at either end, series by series', async () => {
    const rows = Array.from({ length: 50 }, (_, row) => [row * 1_000, row % 5 === 4 ? null : row / 7] as const)
    for (const home of ['home-1', 'home-2']) await fill(home, power(rows))
    const address = await aBucket()
    const [source, target] = [postgresEnd(here.database), bucketEnd(address)]
    expect(await moving(source, target, here.database)).toMatchObject({ moved: equal })
    const looking = { compareOnly: true }
    expect(await moving(source, target, here.database, looking)).toMatchObject({ moved: equal })

    const of = `series = (select id from series where home = 'home-1')`
    await here.data.sql(`delete from measurement where ${of} and at = 1000`)
    await here.data.sql(`update measurement set value = value + 1e-15 where ${of} and at in (2000, 3000)`)
    await here.data.sql(
      `update measurement set absent = ${ABSENCES.indexOf('line-down') + 1} where ${of} and at = 4000`,
    )
    await here.data.sql(`update measurement set value = 1, absent = null where ${of} and at = 9000`)
    await here.data.sql(`update measurement set value = null, absent = 1 where ${of} and at = 10000`)
    await here.data.sql(`insert into measurement select series, 10001, 1, null from measurement where ${of} and at = 0`)
    const found = await moving(source, target, here.database, looking)
    expect(found).toMatchObject({ moved: { found: { series: 2, different: 1 } } })
    expect(found.different).toMatchObject([
      {
        series: { home: 'home-1', placement: 'meter', point: 'power', unit: 'W' },
        source: { count: 50 },
        target: { count: 50 },
        outcome: {
          differences: { extra: 1, missing: 1, changed: 3, reasons: 1, held: 1, beyond: 0, first: 1_000 },
        },
      },
    ])
    // What can be mended is; a point that only InfluxDB has, and a value that holds against a reason, are told.
    const mended = await moving(source, target, here.database)
    expect(mended.different).toMatchObject([
      { outcome: { differences: { extra: 1, missing: 0, changed: 0, reasons: 0, held: 1 } } },
    ])
    expect(await moving(source, target, here.database, { inUse: true })).toMatchObject({
      moved: { found: { different: 0, more: 1 } },
    })
  })

  test('what the bucket does not keep is counted before, left when that is wished, and no difference', async () => {
    const now = systemClock.now()
    const day = 86_400_000
    const old = Array.from({ length: 7 }, (_, row) => [now - 40 * day + row, row] as const)
    const young = Array.from({ length: 20 }, (_, row) => [now - 3_600_000 + row * 1_000, row / 3] as const)
    await fill('home-1', power([...old, ...young]))
    await fill('home-2', power(young))
    const [source, target] = [postgresEnd(here.database), bucketEnd(await aBucket(30 * 86_400))]
    expect(await plan(partsOf(source, target, here.database), {})).toMatchObject({
      series: 2,
      samples: 40,
      later: 0,
      tooOld: { samples: 7, series: 1 },
    })
    const refused = await moving(source, target, here.database)
    expect(refused).toMatchObject({ moved: { is: 'too-old', series: 1 }, state: undefined })
    const moved = await moving(source, target, here.database, { leaveOld: true })
    expect(moved).toMatchObject({ moved: equal, state: { counts: { tooOld: 7, samples: 40, refused: 0 } } })
  })

  test('what InfluxDB cannot name or number is told before, costs nothing but itself, and is a difference', async () => {
    const year = 3_000
    const far = Date.UTC(year, 0, 1)
    await fill(
      'home-1',
      power([
        [1_000, 1],
        [2_000, 2],
        [far, 3],
      ]),
    )
    await here.data.sql(`insert into measurement select id, 3000, 9007199254740994, null from series`)
    await here.data.sql(
      `with odd as (insert into series (centre, home, placement, point, unit)
        values ('centre-a', 'home-2', 'Küche', 'power', 'W'), ('centre-a', 'home-2', 'meter', 'power', 'furlongs') returning id)
       insert into measurement select id, 4000, 4, null from odd`,
    )
    const [source, target] = [postgresEnd(here.database), bucketEnd(await aBucket())]
    const planned = await plan(partsOf(source, target, here.database), { until: far + 1 })
    expect([...planned.refused].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      [expect.stringMatching(/^a time is outside/), 1],
      [expect.stringMatching(/^a value lies beyond/), 1],
      ['placement: "Küche" is not an id', 1],
      ['unit: "furlongs" is none of ours', 1],
    ])
    const { moved, different, state } = await moving(source, target, here.database, { until: far + 1 })
    expect(moved).toMatchObject({ found: { series: 3, different: 3 } })
    expect(state).toMatchObject({ phase: 'verify', counts: { samples: 2, refused: 4 } })
    expect(different.map(({ outcome }) => outcome)).toMatchObject([
      { differences: { missing: 1, beyond: 1, first: 3_000 } },
      { differences: { missing: 1 } },
      { differences: { missing: 1 } },
    ])
  })

  test('a home that went to another centre has two series in InfluxDB and one in PostgreSQL', async () => {
    const address = await aBucket()
    await fillBucket(
      address,
      'centre-a',
      power([
        [1_000, 1],
        [2_000, null],
        [3_000, 3],
      ]),
    )
    await fillBucket(
      address,
      'centre-b',
      power([
        [2_000, 2],
        [3_000, null],
        [4_000, 4],
      ]),
    )
    const { moved } = await moving(bucketEnd(address), postgresEnd(there.database), there.database)
    expect(moved).toMatchObject(equal)
    expect(await there.data.sql('select at, value from measurement order by at')).toEqual([
      { at: '1000', value: 1 },
      { at: '2000', value: 2 },
      { at: '3000', value: 3 },
      { at: '4000', value: 4 },
    ])
  })

  test('what was erased of a home is not brought back from a bucket that still has it', async () => {
    const address = await aBucket()
    const until = Date.parse('2026-03-01T08:00:00Z')
    await fillBucket(
      address,
      'centre-a',
      power([
        [until - 2, 1],
        [until - 1, null],
        [until, 3],
      ]),
    )
    await there.data.sql(
      `insert into telemetry_erasure (id, centre, home, requested_by, reason, person, person_name, until, state, due_at)
       values ('e', 'centre-a', 'home-1', 'resident', 'moved out', 'p', 'P', to_timestamp($1), 'begun', now())`,
      [until / 1_000],
    )
    const { moved, state } = await moving(bucketEnd(address), postgresEnd(there.database), there.database)
    expect(moved).toMatchObject(equal)
    expect(state?.counts).toMatchObject({ samples: 1, erased: 2 })
    expect(await there.data.sql('select at, value from measurement')).toEqual([{ at: `${until}`, value: 3 }])
  })

  test('a bucket that is not there, or that the token does not open, is told at once', async () => {
    const address = await aBucket()
    for (const wrong of [{ bucket: 'nowhere' }, { token: 'wrong' }, { org: 'nobody' }]) {
      const target = bucketEnd({ ...address, ...wrong })
      await expect(moving(postgresEnd(here.database), target, here.database)).rejects.toMatchObject({
        code: 'telemetry-unavailable',
        message: /bucket "nowhere" not found|unauthorized access|organization name "nobody" not found/,
      })
    }
  })
}
