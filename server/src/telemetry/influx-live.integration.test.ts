import { errorCode, type TelemetryMessage } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../tests/harness/influx.ts'
import { answerTo, RECORDED } from '../../../tests/harness/influx-answers.ts'
import { freshDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Actor } from '../ports.ts'
import { ColumnBuffer } from './columns.ts'
import { localHoursOf } from './hours.ts'
import { ofAll } from './influx/flux.ts'
import { quoted } from './influx/line-protocol.ts'
import { InfluxWire } from './influx/wire.ts'
import { influxBucketTests } from './influx-archive.fixture.ts'
import { influxArchive } from './influx-archive.ts'
import { influxStore } from './influx-store.ts'
import { postgresStore } from './postgres-store.ts'
import { anyMessage, anyQuery } from './random-telemetry.fixture.ts'
import type { MeasurementQuery, TelemetryStore } from './store.ts'
import { telemetryArchiveSuite } from './telemetry-archive.suite.ts'
import { telemetryQuestionsSuite } from './telemetry-questions.suite.ts'
import { telemetryStoreSuite } from './telemetry-store.suite.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: telemetry in a real InfluxDB, because ${missing}`)

const system: Actor = { kind: 'system', part: 'test' }
const silence = { info: () => undefined, warn: () => undefined }

describe.skipIf(missing)('a real InfluxDB', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await anInflux()
    console.log(`telemetry is tested in a real InfluxDB, version ${influx.version}`)
  })
  afterAll(() => influx.end())

  test('is one we speak to: 2.7 or later', () => {
    expect(influx.version).toMatch(/^v?2\.(?:[7-9]|\d\d)\./)
  })

  const open = async () => {
    const store = influxStore(await influx.aBucket(), systemClock)
    return { store, close: () => store.close() }
  }
  describe('as every telemetry store', () => {
    telemetryStoreSuite(open)
    telemetryQuestionsSuite(open)
  })

  describe('as every telemetry archive', () => {
    telemetryArchiveSuite(async () => {
      const address = await influx.aBucket()
      const store = influxStore(address, systemClock)
      const archive = influxArchive(address, systemClock)
      return { store, archive, close: async () => void (await Promise.all([store.close(), archive.close()])) }
    })
  })

  influxBucketTests((name) => influx.aBucket(0, name))

  test('answers as was recorded, and as the double does', async () => {
    const address = await influx.aBucket(86_400)
    for (const recorded of RECORDED) {
      const { what, status, code, message = /^$/ } = recorded
      const given = await answerTo(recorded, address)
      expect({ what, ...given }).toEqual({ what, status, code, message: expect.stringMatching(message) })
    }
  })

  test.for([
    'plain',
    'a, b',
    'a b',
    'a=b',
    '"quoted"',
    'a backslash at the end \\',
    'two \\\\',
    '\\"',
    'a\nnewline',
    'a\\nb',
    '独居老人',
    '🏠👵',
    '',
    ' ',
  ])('the text %j comes back equal', async (text) => {
    const wire = new InfluxWire(await influx.aBucket(), systemClock)
    const tags = 'centre=c,home=h,placement=p,point=q'
    expect(await wire.write(`absence,${tags} watts=${quoted(text)} 1000\nabsence,${tags} volts="next" 1000\n`)).toEqual(
      {
        is: 'stored',
      },
    )
    const series = { home: { text: 'h' }, placement: { text: 'p' }, point: { text: 'q' } }
    const rows = await wire.query(ofAll.last, { ...series, begin: { time: 0 }, end: { time: 2_000 } }, 10)
    expect(Object.fromEntries(rows.map(({ field, value }) => [field, value]))).toEqual({ volts: 'next', watts: text })
    wire.close()
  })

  test('a question’s texts are bound: none of them leaves its quotes', async () => {
    const store = influxStore(await influx.aBucket(), systemClock)
    await store.write(batchOf([aMessage({ p: 'meter/power', t0: 1_000 })]))
    const ask = (home: string) =>
      store.query(system, { home, placement: 'meter', point: 'power', from: 0, to: 9_999, steps: undefined })
    expect((await ask('home-1')).buckets).toHaveLength(1)
    for (const evil of ['x" or true or r.home == "x', '${home}', 'home-1\\', '"', '\n', '安'])
      expect(await ask(evil)).toEqual({ unit: null, buckets: [] })
    await store.close()
  })

  test('points from before the retention are refused with its reason, and their neighbours are stored', async () => {
    const store = influxStore(await influx.aBucket(86_400), systemClock)
    const now = Date.now() - 10_000
    const old = now - 90 * 86_400_000
    const times = [now, old, now + 1, now + 2, old + 1]
    const refused = await store.write(batchOf(times.map((t0) => aMessage({ p: 'meter/power', t0 }))))
    expect(new Set(refused.keys())).toEqual(new Set([1, 4]))
    expect(refused.get(1)).toMatchObject({
      code: 'outside-retention',
      why: /outside retention policy of duration 24h0m0s/,
    })
    const query = { home: 'home-1', placement: 'meter', point: 'power', from: now, to: now + 9, steps: undefined }
    expect((await store.query(system, query)).buckets).toHaveLength(3)
    await store.close()
  })

  test('200 random questions about the same random data have one answer, in PostgreSQL and in InfluxDB', async () => {
    const data = await freshDatabase()
    await data.sql(`insert into centre (id, name) values ('centre-a', 'A')`)
    await data.sql(`insert into home (id, centre, name) values ('home-1', 'centre-a', '1')`)
    const database = openDatabase({ url: data.url, clock: systemClock, random: systemRandom, log: silence })
    const postgres = postgresStore(database)
    const inflow = influxStore(await influx.aBucket(), systemClock)
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
    for (const messages of fc.sample(fc.array(anyMessage, { minLength: 1, maxLength: 20 }), { seed, numRuns: 40 }))
      expect(await inflow.write(batchOf(messages))).toEqual(await postgres.write(batchOf(messages)))
    let told = 0
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        const [here, there] = await Promise.all([answerOf(postgres, query), answerOf(inflow, query)])
        if (typeof here !== 'string' && here.buckets.some(({ count }) => count > 1)) told++
        expect(there).toEqual(here)
      }),
      { seed, numRuns: 200 },
    )
    let more = 0
    await fc.assert(
      fc.asyncProperty(anyQuery, fc.constantFrom(60_000, 600_000, 7_200_000), async (query, longerThanMs) => {
        const [here, there] = await Promise.all([postgres, inflow].map((store) => moreOf(store, query, longerThanMs)))
        if (/"heard":[1-9]/.test(JSON.stringify(here))) more++
        expect(there).toEqual(here)
      }),
      { seed, numRuns: 40 },
    )
    // Equal because both are empty would prove nothing.
    expect(told).toBeGreaterThan(20)
    expect(more).toBeGreaterThan(2)
    await inflow.close()
    await database.close()
    await data.drop()
  }, 180_000)

  test('killed while batches are written, it has every confirmed point once, and the others after they come again', async ({
    skip,
  }) => {
    const { own } = influx
    skip(own === undefined, 'NOT TESTED: this InfluxDB is not ours to kill')
    const store = influxStore(await influx.aBucket(), systemClock)
    const batches = Array.from({ length: 60 }, (_, batch) =>
      batchOf(
        Array.from({ length: 100 }, (_, index) => aMessage({ p: 'meter/power', t0: (batch * 100 + index) * 10 })),
      ),
    )
    const confirmed: boolean[] = []
    let down: Promise<void> | undefined
    for (const [index, batch] of batches.entries()) {
      const writing = store.write(batch).then(
        () => true,
        (error: unknown) => {
          expect(errorCode(error)).toBe('telemetry-unavailable')
          return false
        },
      )
      if (index === 20) down = own?.kill()
      confirmed.push(await writing)
    }
    await down
    await own?.startAgain()
    expect(confirmed.slice(0, 20)).not.toContain(false)
    expect(confirmed).toContain(false)
    const count = async () => {
      const query = { home: 'home-1', placement: 'meter', point: 'power', from: 0, to: 60_000, steps: [0] }
      return (await store.query(system, query)).buckets[0]?.count
    }
    expect(await count()).toBeGreaterThanOrEqual(confirmed.filter(Boolean).length * 100)
    for (const batch of batches) expect(await store.write(batch)).toEqual(new Map())
    expect(await count()).toBe(6_000)
    await store.close()
  })
})

const answerOf = (store: TelemetryStore, query: MeasurementQuery) =>
  store.query(system, query).catch((error: unknown) => errorCode(error))
/** The other questions, about the same point and time. */
async function moreOf(
  store: TelemetryStore,
  { home, placement, point, from, to }: MeasurementQuery,
  longerThanMs: number,
) {
  const asked = { home, placement, point, from, to: Math.min(to, from + 35 * 86_400_000) }
  const hours = localHoursOf(asked.from, asked.to, 'Europe/Berlin')
  return {
    latest: await store.latest(system, { home, from, to }).catch(errorCode),
    activity: await store.activity(system, { ...asked, hours, leastChange: 0.5 }).catch(errorCode),
    gaps: await store.gaps(system, { ...asked, longerThanMs }).catch(errorCode),
  }
}
function batchOf(messages: readonly TelemetryMessage[]): ColumnBuffer {
  const columns = new ColumnBuffer([])
  const scope = { centre: 'centre-a', home: 'home-1', series: new Map<string, number>() }
  for (const message of messages) expect(columns.add(scope, message)).toBeUndefined()
  return columns
}
const aMessage = ({ p, t0 }: { p: string; t0: number }): TelemetryMessage => ({
  id: '01J0000000000000000000000A',
  boot: 1,
  seq: 1,
  pendingFrom: 1,
  sentAt: '2026-03-01T08:00:00.000Z',
  series: [{ p, u: 'W', t0, dt: [0], v: [t0 / 7] }],
})
