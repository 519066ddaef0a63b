import { createHash } from 'node:crypto'
import type { MeasurementAnswer } from '@anju/contract/api'
import { Erasure } from '@anju/contract/erasure'
import { Compile } from 'typebox/compile'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { anInfluxDouble, type InfluxDouble } from '../../../tests/harness/influx-double.ts'
import type { HandGateway } from '../../../tests/harness/uplink.ts'
import { until } from '../../../tests/harness/wait.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

let influx: InfluxDouble
let server: TestServer
let supervisor: Api
let family: Api
let operator: Api
let gateway: HandGateway
beforeAll(async () => {
  influx = await anInfluxDouble()
  const { url, token, org, bucket } = influx.address
  for (const sums of ['5m', '1d']) influx.aBucket(undefined, `${bucket}-${sums}`)
  server = await aTestServer({ INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET: bucket })
  await logInAgain()
  gateway = await server.aGateway('home-1')
  await server.data.sql(`insert into centre (id, name) values ('west', 'West')`)
  await server.data.sql(
    `insert into home (id, centre, name) values ('west-home', 'west', 'Theirs'), ('home-b', 'demo-centre', 'B')`,
  )
  // From before this server was told of an InfluxDB.
  await server.data.sql(
    `insert into series (centre, home, placement, point, unit) values ('demo-centre', 'home-1', 'meter', 'power', 'W')`,
  )
  await server.data.sql('insert into measurement (series, at, value) select id, 1000, 7 from series')
  for (const home of ['home-1', 'home-b'])
    await write(
      `${bucket}-5m`,
      `mean,centre=demo-centre,home=${home},placement=meter,point=power watts=1.5 1772352000000`,
    )
})
afterAll(async () => {
  await server.close()
  await influx.end()
})

/** No session lasts for days. */
async function logInAgain(): Promise<void> {
  supervisor = await server.as('supervisor')
  family = await server.as('family')
  operator = await server.as('operator')
}
async function write(bucket: string, line: string): Promise<void> {
  const { url, org, token } = influx.address
  const query = new URLSearchParams({ org, bucket, precision: 'ms' }).toString()
  const headers = { authorization: `Token ${token}` }
  expect((await fetch(`${url}/api/v2/write?${query}`, { method: 'POST', headers, body: line })).status).toBe(204)
}
let seq = 0
/** One sample at an instant; resolves when the home has its receipt. */
async function measure(at: number, value: number): Promise<void> {
  const id = ulid()
  const series = [{ p: 'meter/power', u: 'W', t0: at, dt: [0], v: [value] }]
  const message = { id, boot: 1, seq: ++seq, pendingFrom: seq, sentAt: new Date().toISOString(), series }
  await gateway.publish('telemetry', JSON.stringify(message))
  await gateway.receipted(id)
}
async function measured(): Promise<readonly (number | null)[]> {
  const range = `from=2026-01-01T00:00:00Z&to=${new Date(Date.now() + 86_400_000).toISOString()}`
  const path = `/homes/home-1/measurements?placement=meter&point=power&${range}`
  const { body } = await operator.call<MeasurementAnswer>('GET', path)
  return body.items.map(({ last }) => last)
}
const wish = { requestedBy: 'resident', reason: '老人要求删除' }
const shown = async (id: string, as = supervisor) =>
  (await as.call<Erasure>('GET', `/homes/home-1/erasures/${id}`)).body
const wrongIn = (value: unknown) =>
  [...Compile(Erasure).Errors(value)].map(({ instancePath, message }) => `${instancePath} ${message}`)
let erasure: Erasure

test('a supervisor erases a home: it is gone from every store and every sum, and its neighbour is not', async () => {
  await measure(Date.parse('2026-03-01T08:00:00Z'), 42)
  expect(await measured()).toEqual([42])
  const answer = await supervisor.call<Erasure>('POST', '/homes/home-1/erasures', wish)
  expect(answer.status).toBe(202)
  expect(wrongIn(answer.body)).toEqual([])
  expect(answer.body).toMatchObject({ homeId: 'home-1', state: 'begun', ...wish, by: { person: 'supervisor' } })
  erasure = answer.body
  await until('erased', async () => (await shown(erasure.id)).state === 'erased', { withinMs: 15_000 })
  expect(await measured()).toEqual([])
  expect(await server.data.sql('select from measurement')).toEqual([])
  expect((await shown(erasure.id)).certificate).toBeNull()
})

test('asked again while it is under way it is the same one', async () => {
  const again = await supervisor.call<Erasure>('POST', '/homes/home-1/erasures', { ...wish, reason: 'another' })
  expect(again.status).toBe(202)
  expect(again.body).toMatchObject({ id: erasure.id, reason: wish.reason })
})

test('what the gateway sends from before is receipted and not stored; what it measures now is', async () => {
  await measure(Date.parse('2026-03-01T08:00:01Z'), 43)
  await measure(Date.now() + 1_000, 44)
  expect(await measured()).toEqual([44])
})

const quarantined = () =>
  server.data.sql<{ topic: string; sample: string; payload_bytes: number }>(
    `select split_part(topic, '/', 5) as topic, convert_from(sample, 'utf8') as sample, payload_bytes from quarantine order by id`,
  )
test('of what it sends and nobody understands there is kept that it came, and none of its bytes: they may be from before', async () => {
  await gateway.publish('telemetry', '{"series":[{"p":"meter/power","v":[42]')
  // It is no measurement: who has to find out what is wrong with the gateway needs it.
  await gateway.publish('event', '{"class":')
  await until('both', async () => (await quarantined()).length === 2, { withinMs: 5_000 })
  expect((await quarantined()).sort((a, b) => (a.topic < b.topic ? -1 : 1))).toEqual([
    { topic: 'event', sample: '{"class":', payload_bytes: 9 },
    { topic: 'telemetry', sample: '', payload_bytes: 38 },
  ])
})

test('there is no certificate before it is done', async () => {
  const { status, body } = await supervisor.call('GET', `/homes/home-1/erasures/${erasure.id}?format=text`)
  expect(status).toBe(409)
  expect(body).toMatchObject({ code: 'transition-refused' })
})

test('when every task that may have read it before has ended it is certified, and the certificate is what its sum says', async () => {
  for (const [looks, wait] of [10 * 60_000, 86_400_000].entries()) {
    await server.data.passes(wait)
    const looked = () =>
      server.data.sql(`select from telemetry_erasure where id = $1 and jsonb_array_length(late->'looks') = $2`, [
        erasure.id,
        looks + 1,
      ])
    await until(`look ${looks + 1}`, async () => (await looked()).length === 1, { withinMs: 15_000 })
    await logInAgain()
    expect((await shown(erasure.id)).certificate).toBeNull()
  }
  await server.data.passes(86_400_000)
  await logInAgain()
  await until('done', async () => (await shown(erasure.id)).state === 'done', { withinMs: 15_000 })
  const done = await shown(erasure.id)
  expect(wrongIn(done)).toEqual([])
  const { bucket } = influx.address
  expect(done.certificate).toMatchObject({
    home: 'home-1',
    requestedBy: 'resident',
    until: erasure.until,
    erased: {
      series: 2,
      samples: 2,
      buckets: [
        { name: bucket, values: 1 },
        { name: `${bucket}-5m`, values: 1 },
        { name: `${bucket}-1d`, values: 0 },
        { name: 'postgresql', values: 1 },
        { name: 'quarantine', values: 0 },
      ],
    },
    cameBack: { samples: 0 },
  })
  expect(done.sha256).toBe(
    createHash('sha256')
      .update(done.canonical ?? '')
      .digest('hex'),
  )
  expect(done.intact).toBe(true)
  const audited = await server.data.sql<{ action: string; purpose: string | null }>(
    `select action, purpose from audit where action like 'telemetry-erasure.%' and $1 = any (subjects) order by id`,
    [erasure.id],
  )
  expect(audited).toEqual([
    { action: 'telemetry-erasure.added', purpose: null },
    { action: 'telemetry-erasure.proven', purpose: `certificate sha256 ${done.sha256}` },
  ])
  expect(await measured()).toEqual([44])
})

test('the family reads it in its own language, and each look is in the audit', async () => {
  const text = async (language: string) => {
    const path = `${server.url}/api/v1/homes/home-1/erasures/${erasure.id}?format=text${language}`
    const answer = await fetch(path, { headers: { cookie: family.cookie } })
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    return answer.text()
  }
  expect(await text('')).toMatch(/^测量数据删除证明\n[^]*原因：老人要求删除\n/)
  expect(await text('&language=en')).toMatch(/^Certificate of the erasure of measurements\n/)
  const { canonical, sha256 } = await shown(erasure.id, family)
  expect(await text('&language=en')).toContain(`${sha256}; it stands in the audit as well:\n${canonical}\n`)
  const looks = await server.data.sql(
    `select fields, subjects from audit where person = 'family' and action = 'GET /api/v1/homes/:id/erasures/:erasure'`,
  )
  expect(looks).toEqual(Array.from({ length: 4 }, () => ({ fields: ['erasure'], subjects: ['home-1'] })))
})

test('a certificate whose text was changed says so', async () => {
  await server.data.sql(`update telemetry_erasure set certificate = replace(certificate, '"samples":2', '"samples":1')`)
  expect((await shown(erasure.id)).intact).toBe(false)
  await server.data.sql(`update telemetry_erasure set certificate = replace(certificate, '"samples":1', '"samples":2')`)
  expect((await shown(erasure.id)).intact).toBe(true)
})

test('a home may be erased once more, with a certificate of its own', async () => {
  const answer = await supervisor.call<Erasure>('POST', '/homes/home-1/erasures', wish)
  expect(answer.body.id).not.toBe(erasure.id)
  const { body } = await supervisor.call<{ items: Erasure[] }>('GET', '/homes/home-1/erasures')
  expect(body.items.map(({ id }) => id)).toEqual([answer.body.id, erasure.id])
})

test.for([
  ['operator', 'POST', 'home-1', 403],
  ['family', 'POST', 'home-1', 403],
  ['installer', 'GET', 'home-1', 403],
  ['family', 'GET', 'home-b', 404],
  ['supervisor', 'GET', 'west-home', 404],
  ['supervisor', 'POST', 'west-home', 404],
  ['supervisor', 'POST', 'nowhere', 404],
] as const)('%s may not %s the erasures of %s: %i', async ([account, method, home, status]) => {
  const who = await server.as(account)
  const answer = await who.call(method, `/homes/${home}/erasures`, method === 'POST' ? wish : undefined)
  expect(answer.status).toBe(status)
})

test.for([
  [{ ...wish, reason: '' }, /reason/],
  [{ reason: 'x' }, /requestedBy/],
  [{ ...wish, requestedBy: 'nobody' }, /requestedBy/],
  [{ ...wish, until: '2026-01-01T00:00:00Z' }, /until/],
] as const)('%j is refused by name', async ([body, detail]) => {
  const answer = await supervisor.call<{ detail: string }>('POST', '/homes/home-b/erasures', body)
  expect(answer.status).toBe(400)
  expect(answer.body.detail).toMatch(detail)
})
