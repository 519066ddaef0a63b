import type { MeasurementAnswer } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { ulid } from 'ulid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aCluster, type Cluster } from '../../../tests/harness/cluster.ts'
import { anInflux, type Influx, type InfluxAddress, whyNoInflux } from '../../../tests/harness/influx.ts'
import { anInfluxDouble } from '../../../tests/harness/influx-double.ts'
import { freePort } from '../../../tests/harness/ports.ts'
import { aRelay, type Relay } from '../../../tests/harness/relay.ts'
import { aServer, type RunningServer } from '../../../tests/harness/server.ts'
import { aHandGateway, type HandGateway } from '../../../tests/harness/uplink.ts'
import { until } from '../../../tests/harness/wait.ts'
import { influxStore } from '../telemetry/influx-store.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: starting before a real InfluxDB, because ${missing}`)

let cluster: Cluster
let serials = 0
beforeAll(async () => {
  cluster = await aCluster()
})
afterAll(() => cluster.destroy())

interface Store {
  readonly address: InfluxAddress
  end(): Promise<void>
}

describe('a server that starts before its InfluxDB (a double)', () => {
  starts(async () => {
    const double = await anInfluxDouble()
    return { address: double.address, end: () => double.end() }
  })
})

describe.skipIf(missing)('a server that starts before a real InfluxDB', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await anInflux()
  })
  afterAll(() => influx.end())

  starts(async () => ({ address: await influx.aBucket(), end: async () => undefined }))

  test('a token that may only read is found out before anything is written', async () => {
    const { url, token, org, bucket } = await influx.aBucket()
    const headers = { authorization: `Token ${token}` }
    const organisations = await fetch(`${url}/api/v2/orgs?org=${org}`, { headers })
    const { orgs } = (await organisations.json()) as { orgs: { id: string }[] }
    const orgID = orgs[0]?.id
    const permissions = [{ action: 'read', resource: { type: 'buckets', orgID } }]
    const made = await fetch(`${url}/api/v2/authorizations`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ orgID, permissions }),
    })
    const reader = (await made.json()) as { token: string }
    const store = influxStore({ url, token: reader.token, org, bucket }, systemClock)
    await expect(store.check()).rejects.toMatchObject({
      code: 'telemetry-unavailable',
      message: 'InfluxDB said 403: insufficient permissions for write',
    })
    await store.close()
  })
})

function starts(open: () => Promise<Store>): void {
  let store: Store
  let line: Relay
  let server: RunningServer
  let gateway: HandGateway
  /** The way to the store is down: nobody listens, as far as the server can see. */
  async function serverWith(wrong: Partial<InfluxAddress>): Promise<void> {
    const { token, org, bucket } = { ...store.address, ...wrong }
    const env = {
      INFLUX_URL: wrong.url ?? `http://127.0.0.1:${line.port}`,
      INFLUX_TOKEN: token,
      INFLUX_ORG: org,
      INFLUX_BUCKET: bucket,
    }
    server = await aServer({ env, cluster })
    const installer = await server.logIn('installer')
    gateway = await aHandGateway(await installer.registerGateway(`START-${++serials}`, 'home-1'))
  }
  beforeAll(async () => {
    store = await open()
    line = await aRelay({ port: Number(new URL(store.address.url).port), host: '127.0.0.1' })
  })
  afterAll(async () => {
    await line.end()
    await store.end()
  })

  const parts = async () => {
    const answer = await fetch(`${server.url}/readyz`)
    const { parts: each } = (await answer.json()) as { parts: Record<string, string> }
    return { status: answer.status, parts: each }
  }
  const degraded = () =>
    until('readiness to say degraded', async () => (await parts()).parts['telemetry'] === 'degraded', {
      withinMs: 15_000,
    })
  const timesLogged = (text: string) => server.part.log().split(text).length - 1
  async function measure(): Promise<string> {
    const id = ulid()
    const series = [{ p: 'meter/power', u: 'W', t0: Date.parse('2026-03-01T08:00:00Z'), dt: [0], v: [42] }]
    const sent = { id, boot: 1, seq: 1, pendingFrom: 1, sentAt: new Date().toISOString(), series }
    await gateway.publish('telemetry', JSON.stringify(sent))
    return id
  }
  async function measured(): Promise<readonly (number | null)[]> {
    const range = 'from=2026-03-01T08:00:00Z&to=2026-03-01T09:00:00Z'
    const operator = await server.logIn()
    const path = `/homes/home-1/measurements?placement=meter&point=power&${range}`
    return (await operator.call<MeasurementAnswer>('GET', path)).body.items.map(({ last }) => last)
  }

  test('starts, takes alarms, says that telemetry is degraded and once why, and mends itself when InfluxDB is there', async () => {
    line.goesDown()
    await serverWith({})
    await degraded()
    expect(await parts()).toEqual({
      status: 200,
      parts: { database: 'ok', broker: 'ok', clock: 'ok', telemetry: 'degraded' },
    })
    await gateway.receipted(await gateway.event())
    const id = await measure()
    line.returns()
    // Nobody presses a key: asking goes on at most every few seconds.
    await until('readiness to say ok', async () => (await parts()).parts['telemetry'] === 'ok', {
      withinMs: 20_000,
    })
    await gateway.receipted(id, 20_000)
    expect(await measured()).toEqual([42])
    expect(timesLogged('the telemetry store does not answer')).toBe(1)
    await gateway.close()
    await server.end()
  })

  test.for([
    ['a token that is none', { token: 'wrong' }, 'InfluxDB said 401: unauthorized access'],
    ['a bucket that is not there', { bucket: 'nowhere' }, 'InfluxDB said 404: bucket \\"nowhere\\" not found'],
    [
      'an organisation that is not there',
      { org: 'nobody' },
      'InfluxDB said 404: organization name \\"nobody\\" not found',
    ],
  ] as const)(
    'with %s it starts, takes alarms, receipts no sample, and says why in the log',
    async ([, wrong, why]) => {
      await serverWith(wrong)
      await degraded()
      await gateway.receipted(await gateway.event())
      const id = await measure()
      expect((await parts()).status).toBe(200)
      expect(gateway.receipts.flatMap(({ ids }) => ids)).not.toContain(id)
      expect(timesLogged(why)).toBe(1)
      await gateway.close()
      await server.end()
    },
  )
}

test('a port where nobody listens is no reason not to start', async () => {
  const env = {
    INFLUX_URL: `http://127.0.0.1:${await freePort()}`,
    INFLUX_TOKEN: 'none',
    INFLUX_ORG: 'none',
    INFLUX_BUCKET: 'none',
  }
  const server = await aServer({ env, cluster })
  await until('its log', () => server.part.log().includes('ECONNREFUSED'), { withinMs: 15_000 })
  expect(await server.readiness()).toBe(200)
  await server.end()
})
