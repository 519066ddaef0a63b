import type { MeasurementAnswer } from '@anju/contract/api'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anInfluxDouble, type InfluxDouble } from '../../../tests/harness/influx-double.ts'
import type { HandGateway } from '../../../tests/harness/uplink.ts'
import { until } from '../../../tests/harness/wait.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

let influx: InfluxDouble
let server: TestServer
let gateway: HandGateway
beforeAll(async () => {
  influx = await anInfluxDouble()
  const { url, token, org, bucket } = influx.address
  server = await aTestServer({ INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET: bucket })
  gateway = await server.aGateway('home-1')
})
afterAll(async () => {
  await server.close()
  await influx.end()
})

const start = Date.parse('2026-03-01T08:00:00Z')
let seq = 0
/** One message with one sample; answers its id. */
async function measure(point: string, at: number, value: number): Promise<string> {
  const id = ulid()
  const series = [{ p: `meter/${point}`, u: 'W', t0: at, dt: [0], v: [value] }]
  const message = { id, boot: 1, seq: ++seq, pendingFrom: seq, sentAt: new Date().toISOString(), series }
  await gateway.publish('telemetry', JSON.stringify(message))
  return id
}
async function measured(point: string): Promise<readonly (number | null)[]> {
  const range = `from=2026-03-01T08:00:00Z&to=2026-03-01T09:00:00Z`
  const path = `/homes/home-1/measurements?placement=meter&point=${point}&${range}`
  const { status, body } = await server.operator.call<MeasurementAnswer>('GET', path)
  expect(status).toBe(200)
  return body.items.map(({ last }) => last)
}
const whyQuarantined = (code: string): Promise<string> =>
  until(
    'its quarantine',
    async () => {
      const select = 'select why from quarantine where gateway = $1 and code = $2'
      const [row] = await server.data.sql<{ why: string }>(select, [gateway.id, code])
      return row?.why
    },
    { withinMs: 5_000 },
  )
const metric = async (name: string) =>
  Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`${server.url}/metrics`)).text())?.[1])

test('with INFLUX_URL measurements go to InfluxDB, are receipted when it has them, and are read from there', async () => {
  const id = await measure('there', start, 42)
  await gateway.receipted(id)
  expect(influx.heard.filter(({ call }) => call === 'POST /api/v2/write').at(-1)?.body).toMatch(
    /^sample,centre=[a-z0-9-]+,home=home-1,placement=meter,point=there watts=42 1772352000000\n$/,
  )
  expect(await measured('there')).toEqual([42])
  expect(await server.data.sql('select count(*)::integer as n from measurement')).toEqual([{ n: 0 }])
})

const unwell = () => ({
  status: 503,
  headers: { 'content-type': 'application/json', 'retry-after': '1' },
  text: '{"code":"unavailable","message":"write queue depth exceeded"}',
})
test.for([
  ['says 503', unwell],
  ['cuts every connection', 'cut'],
  ['answers nothing', 'hang'],
] as const)(
  'while InfluxDB %s no measurement is receipted and every press is; afterwards all is there, once',
  async ([how, mischief], { expect }) => {
    const point = how.replaceAll(' ', '-')
    influx.always = mischief
    const waiting = [await measure(point, start, 1), await measure(point, start + 1, 2)]
    if (mischief !== 'hang')
      await until('the store is down', async () => (await metric('anju_telemetry_store_up')) === 0, {
        withinMs: 10_000,
      })
    const press = await gateway.event()
    await gateway.receipted(press, 2_000)
    const receipted = () => gateway.receipts.flatMap(({ ids }) => ids)
    expect(receipted()).not.toContain(waiting[0])

    influx.always = undefined
    // As when it is started again; otherwise the writer's own deadline would end what hangs.
    influx.letGo()
    for (const id of waiting) await gateway.receipted(id, 15_000)
    expect(await measured(point)).toEqual([1, 2])
    await until('the store is up', async () => (await metric('anju_telemetry_store_up')) === 1, { withinMs: 5_000 })
  },
)

test('a backlog from before the retention is settled at the home, with a code and a quarantine that say why', async () => {
  const id = await measure('forgotten', start, 1)
  await gateway.receipted(id)
  influx.keeps(86_400)
  const old = await measure('forgotten', start + 1, 1)
  const now = await measure('forgotten', Date.now(), 2)
  expect(await gateway.refused(old)).toBe('outside-retention')
  await gateway.receipted(now)
  influx.keeps(undefined)
  expect(await whyQuarantined('outside-retention')).toMatch(/outside retention policy of duration 24h0m0s/)
})

test('points that InfluxDB will not have are refused to the gateway and quarantined with InfluxDB’s reason', async () => {
  influx.mischief.push(() => ({
    status: 422,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    text: JSON.stringify({
      code: 'unprocessable entity',
      message: 'failure writing points to database: partial write: field type conflict: input field "watts" dropped=1',
    }),
  }))
  const id = await measure('refused', start, 1)
  expect(await gateway.refused(id)).toBe('message-malformed')
  expect(await whyQuarantined('message-malformed')).toContain('partial write: field type conflict')
})
