import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import { type InfluxAddress, influxStore } from '../../server/src/telemetry/influx-store.ts'
import { postgresStore } from '../../server/src/telemetry/postgres-store.ts'
import { anInflux, type Influx, whyNoInflux } from '../harness/influx.ts'
import { anInfluxDouble } from '../harness/influx-double.ts'
import { freshDatabase } from '../harness/postgres.ts'
import { Expectations } from '../observe/observation.ts'
import { replayed } from '../observe/replay/compare.ts'
import { homeName } from '../observe/replay/day-of-a-home.ts'
import { summed } from '../observe/replay/summed.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: days of homes replayed into a real InfluxDB, because ${missing}`)

/** The short form of `npm run observe -- replay`. */
const homes = 24
const questions = 100
const seed = Number(process.env['ANJU_SEED'] ?? Date.now() % 2 ** 31)

async function replayInto(address: InfluxAddress): Promise<Expectations> {
  const data = await freshDatabase()
  await data.sql(`insert into centre (id, name) values ('centre-a', 'A')`)
  for (let number = 0; number < homes; number++)
    await data.sql(`insert into home (id, centre, name) values ($1, 'centre-a', $1)`, [homeName(number)])
  const log = { info: () => undefined, warn: () => undefined }
  const database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(1), log })
  const inflow = influxStore(address, systemClock)
  const expectations = new Expectations()
  const stores = { inflow, postgres: postgresStore(database), sum: () => summed(database), centre: 'centre-a' }
  const figures = await replayed(
    { ...stores, homes, questions, seed, before: Date.now(), waterDays: [] },
    expectations,
    () => undefined,
  )
  console.log(JSON.stringify(figures))
  await inflow.close()
  await database.close()
  await data.drop()
  return expectations
}

test('a day of homes, with its absences and its 23 to 25 hours, is the same in a double and in PostgreSQL', async () => {
  const double = await anInfluxDouble()
  expect((await replayInto(double.address)).wrong).toEqual([])
  await double.end()
})

describe.skipIf(missing)('a real InfluxDB', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await anInflux()
  })
  afterAll(() => influx.end())

  test('says the same of a day of homes as PostgreSQL', async () => {
    expect((await replayInto(await influx.aBucket())).wrong).toEqual([])
  })
})
