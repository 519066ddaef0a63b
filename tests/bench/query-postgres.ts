import type { CentreId, PersonId, SessionId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { Pool } from 'pg'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Actor } from '../../server/src/ports.ts'
import { postgresStore } from '../../server/src/telemetry/postgres-store.ts'
import { sumDue } from '../../server/src/telemetry/postgres-sums.ts'
import { freshDatabase, startTestServer } from '../harness/postgres.ts'
import {
  type AskedStore,
  centre,
  dense,
  denseSeries,
  homes,
  hourMs,
  minuteMs,
  type Question,
  yearMs,
} from './query-data.ts'

export const operator: Actor = {
  kind: 'person',
  person: 'someone' as PersonId,
  name: 'Someone',
  session: '00000000-0000-4000-8000-000000000000' as SessionId,
  role: 'operator',
  centre: centre as CentreId,
}

/** 60,000 homes with a series of the last hour each, and some of them with a year of a sample a minute. */
export async function filledPostgres(now: number, say: (line: string) => void): Promise<AskedStore> {
  const server = await startTestServer()
  const data = await freshDatabase(server.urls)
  const log = { info: () => undefined, warn: () => undefined }
  const database = openDatabase({ url: data.url, clock: systemClock, random: systemRandom, log })
  const store = postgresStore(database)
  const url = new URL(server.urls.superUrl)
  url.pathname = new URL(data.url).pathname
  const bare = new Pool({ connectionString: url.href, max: denseSeries.length })
  const fill = async (what: string, text: string, values: readonly unknown[] = []) => {
    const began = performance.now()
    await bare.query(text, [...values])
    say(`PostgreSQL: ${what} in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  }
  await bare.query(`insert into centre (id, name) values ('${centre}', '1')`)
  const rows = denseSeries.map(
    ({ home, placement, point, unit }) => `('${centre}', 'home-${home}', '${placement}', '${point}', '${unit}')`,
  )
  await bare.query(`insert into series (centre, home, placement, point, unit) values ${rows.join(', ')}`)
  await bare.query(
    `insert into series (centre, home, placement, point, unit)
     select '${centre}', 'home-' || n, 'meter', 'active-power', 'W' from generate_series(${dense + 1}, ${homes}) as n order by n`,
  )
  await fill(
    `${homes} homes' last hour`,
    `insert into measurement (series, at, value)
     select id, $1::bigint - n * 300000, 80 + (id * 7 + n * 13) % 97 from series, generate_series(1, 12) as n where id > ${denseSeries.length}
     order by 1, 2`,
    [now],
  )
  await fill(
    `a year of ${denseSeries.length} series`,
    `insert into measurement (series, at, value)
     select id, at, 80 + (at / 60000 * 31 + id) % 997 / 7.0 from series, generate_series($1::bigint, $2::bigint, 60000) as at where id <= ${denseSeries.length}
     order by 1, 2`,
    [now - yearMs, now - minuteMs],
  )
  await bare.query(`update series set summed_to = $1 where id > ${denseSeries.length}`, [now - 2 * hourMs])
  const began = performance.now()
  await sumDue(database)
  say(`PostgreSQL: summed in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  await bare.query('vacuum analyze')

  const references: Readonly<Record<Question['name'], string>> = {
    hour: `select at, value from measurement join series on series.id = series where home = $1 and placement = $4 and point = $5 and at >= $2 and at < $3 order by at`,
    year: `
      select at / 86400000 as day, sum(count) as count, sum(sum) / sum(count) as mean, min(min) as min, max(max) as max
      from measurement_sum join series on series.id = series where home = $1 and placement = $4 and point = $5 and at >= $2 and at < $3 group by 1 order by 1`,
  }
  return {
    name: 'PostgreSQL',
    server: { embedded: true, env: { DATABASE_URL: data.url, DATABASE_OWNER_URL: data.ownerUrl } },
    ask: (query) => store.query(operator, query),
    async askBare({ name, query: { home, from, to, placement, point } }) {
      await bare.query({ name: `bare-${name}`, text: references[name], values: [home, from, to, placement, point] })
    },
    async close() {
      await bare.end()
      await database.close()
      await data.drop()
      await server.stop()
    },
  }
}
