import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { openDatabase } from '../../server/src/database/database.ts'
import { migrate } from '../../server/src/database/migrate.ts'
import { influxStore } from '../../server/src/telemetry/influx-store.ts'
import { postgresStore } from '../../server/src/telemetry/postgres-store.ts'
import { aCluster } from '../harness/cluster.ts'
import { anInflux, whyNoInflux } from '../harness/influx.ts'
import { anInfluxDouble } from '../harness/influx-double.ts'
import { Expectations, type Observation, type Scale } from './observation.ts'
import { replayed } from './replay/compare.ts'
import { homeName } from './replay/day-of-a-home.ts'
import { summed } from './replay/summed.ts'
import { realWaterDays } from './replay/water-days.ts'

const scales = {
  short: { homes: 24, questions: 100 },
  full: { homes: 500, questions: 200 },
} as const satisfies Record<Scale, object>

export const replay: Observation = {
  id: 'replay',
  what: 'a day of 500 homes in InfluxDB and in PostgreSQL, days with another number of hours among them: 200 random questions have one answer',
  async run(scale, say) {
    const size = scales[scale]
    const expect = new Expectations()
    const ends: (() => unknown)[] = []
    try {
      const { name, address, end } = await anInfluxOrItsDouble()
      ends.push(end)
      say(`the store is ${name}`)
      const cluster = await aCluster()
      ends.push(() => cluster.destroy())
      await migrate(cluster.ownerUrl, 'anju_app')
      await cluster.query(`insert into centre (id, name) values ('centre-a', 'A')`)
      const homes = Array.from({ length: size.homes }, (_, number) => homeName(number))
      await cluster.query(
        `insert into home (id, centre, name) select id, 'centre-a', id from unnest($1::text[]) as id`,
        [homes],
      )
      const log = { info: () => undefined, warn: () => undefined }
      const database = openDatabase({ url: cluster.appUrl, clock: systemClock, random: seededRandom(1), log })
      ends.push(() => database.close())
      const inflow = influxStore(address, systemClock)
      ends.push(() => inflow.close())
      const figures = await replayed(
        {
          inflow,
          postgres: postgresStore(database),
          sum: () => summed(database),
          centre: 'centre-a',
          ...size,
          seed: Number(process.env['ANJU_SEED'] ?? Date.now() % 2 ** 31),
          before: Date.now(),
          waterDays: realWaterDays(),
        },
        expect,
        say,
      )
      return { figures: { store: name, ...figures }, wrong: expect.wrong }
    } finally {
      for (const end of ends.reverse()) await end()
    }
  },
}

async function anInfluxOrItsDouble() {
  const missing = whyNoInflux()
  if (missing) {
    const double = await anInfluxDouble()
    return { name: `a double of InfluxDB’s API, because ${missing}`, address: double.address, end: () => double.end() }
  }
  const influx = await anInflux()
  return { name: `InfluxDB ${influx.version}`, address: await influx.aBucket(), end: () => influx.end() }
}
