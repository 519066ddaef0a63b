import type { CentreId, Clock } from '@anju/contract'
import type { ActivityAnswer, GapAnswer, LatestAnswer, MeasurementAnswer } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { openDatabase } from '../../../server/src/database/database.ts'
import { createHttp } from '../../../server/src/http/http.ts'
import { measurementRoutes } from '../../../server/src/http/measurement-routes.ts'
import { sessionCookieOf } from '../../../server/src/http/session.ts'
import { telemetryQuestionRoutes } from '../../../server/src/http/telemetry-question-routes.ts'
import { createMetrics } from '../../../server/src/metrics.ts'
import { hashSecret, newSecret } from '../../../server/src/people/secrets.ts'
import { postgresStore } from '../../../server/src/telemetry/postgres-store.ts'
import { sumDue } from '../../../server/src/telemetry/postgres-sums.ts'
import { SlabWriter, slabBytes } from '../../../server/src/telemetry/slab.ts'
import type { FromWorker } from '../../../server/src/telemetry/thread.ts'
import { TelemetryWriter } from '../../../server/src/telemetry/writer.ts'
import { peopleOf } from '../people.ts'
import type { TestDatabase } from '../postgres.ts'
import { homeOf } from './happening.ts'

type Written = Extract<FromWorker, { kind: 'done' }>
type Range = { readonly from: string; readonly to: string }

/** What the server makes of telemetry, and what its API answers about it to the operator `li`. */
export interface Measurements {
  /** Messages of `gw-1`, stored; its receipts. */
  takesIn(payloads: readonly Uint8Array[]): Promise<Uint8Array[]>
  /** Sums what is older than two hours, as the telemetry worker does now and then. */
  areSummed(): Promise<void>
  /** Of a point, written `placement/point`; without `every` the samples themselves. */
  of(point: string, range: Range, every?: string): Promise<MeasurementAnswer>
  latest(): Promise<LatestAnswer['items']>
  activity(point: string, range: Range, leastChange?: number): Promise<ActivityAnswer['items']>
  /** Longer than five minutes. */
  gaps(point: string, range: Range): Promise<GapAnswer['items']>
  close(): Promise<void>
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

export async function measurementsOf(data: TestDatabase, clock: Clock): Promise<Measurements> {
  const database = openDatabase({ url: data.url, clock: systemClock, random: systemRandom, log: quiet })
  const store = postgresStore(database)
  let written: ((done: Written) => void) | undefined
  const post = (said: FromWorker) => {
    if (said.kind === 'done') written?.(said)
  }
  const writer = new TelemetryWriter(store, { post }, clock, systemRandom)
  const gateways = [{ number: 0, gateway: 'gw-1', centre: 'east' as CentreId, home: homeOf('gw-1') }]

  const secret = newSecret()
  await data.sql(
    `insert into session (id, centre, person, secret_hash, created_at, expires_at)
     values ('session-of-li', 'east', 'li', $1, app_now(), '9999-01-01')`,
    [hashSecret(secret)],
  )
  const http = await createHttp({
    log: pino({ level: 'silent' }),
    database,
    people: peopleOf(database, systemClock),
    metrics: createMetrics(),
    readiness: [],
    cookie: sessionCookieOf('http://127.0.0.1'),
    routes: [measurementRoutes(store, database, clock), telemetryQuestionRoutes(store, database, clock)],
  })
  async function ask<T>(what: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    const url = `/api/v1/homes/home-1/${what}`
    const answer = await http.inject({ method: 'GET', url, query, headers: { authorization: `Bearer ${secret}` } })
    if (answer.statusCode !== 200) throw new Error(`${what}: ${answer.body}`)
    return answer.json<T>()
  }

  return {
    async takesIn(payloads) {
      if (payloads.length === 0) return []
      const slab = new SlabWriter(new ArrayBuffer(slabBytes))
      for (const payload of payloads) if (!slab.add(0, payload)) throw new Error('more than a slab at once')
      const done = new Promise<Written>((resolve) => {
        written = resolve
      })
      writer.take({ kind: 'slab', buffer: slab.buffer, used: slab.used, gateways })
      const { receipts, refused } = await done
      if (refused.length > 0) throw new Error(`refused: ${refused.map(({ code, why }) => `${code} ${why}`).join('; ')}`)
      return receipts.map(({ json }) => Buffer.from(json))
    },
    areSummed: () => sumDue(database),
    of: (point, range, every = '0') => ask('measurements', { ...named(point, range), every }),
    latest: async () => (await ask<LatestAnswer>('latest')).items,
    activity: async (point, range, leastChange = 0) =>
      (await ask<ActivityAnswer>('activity', { ...named(point, range), leastChange: String(leastChange) })).items,
    gaps: async (point, range) => (await ask<GapAnswer>('gaps', { ...named(point, range), longerThan: '5m' })).items,
    async close() {
      await writer.close()
      await http.close()
      await database.close()
    },
  }
}

function named(name: string, range: Range) {
  const [placement = '', point = ''] = name.split('/')
  return { placement, point, ...range }
}
