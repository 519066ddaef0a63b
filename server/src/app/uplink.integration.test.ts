import { type EventId, upTopic } from '@anju/contract'
import type { MeasurementAnswer } from '@anju/contract/api'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anEvent } from '../../../tests/harness/uplink.ts'
import { until } from '../../../tests/harness/wait.ts'
import { rowsPerGatewayMax } from '../ingest/quarantine.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await aTestServer()
})
afterAll(() => server.close())

const sent = () => new Date().toISOString()
const telemetry = (given: object = {}) => ({
  id: ulid(),
  boot: 1,
  seq: 1,
  pendingFrom: 1,
  sentAt: sent(),
  series: [
    {
      p: 'meter/voltage',
      u: 'V',
      t0: Date.now() - 10_000,
      dt: [0, 1_000, 2_000],
      v: [230, null, 232],
      absent: { 1: 'no-answer' },
    },
  ],
  ...given,
})

test('an event is in the database when its PUBACK arrives, and its receipt follows', async () => {
  const gateway = await server.aGateway()
  const id = await gateway.event()
  expect(await server.eventsOf(gateway.id)).toEqual([id])
  await gateway.receipted(id)
})

test('what begins and ends in one breath ends as it was said, however the commits fall', async () => {
  const gateway = await server.aGateway()
  const say = (...phases: ('raised' | 'returned')[]) =>
    Promise.all(phases.map((phase) => gateway.event({ type: 'mains-lost', class: 'technical', phase })))
  const open = async () =>
    (
      await server.data.sql<{ condition: string }>(
        `select condition from alarm where gateway = $1 and handling <> 'closed'`,
        [gateway.id],
      )
    ).map(({ condition }) => condition)
  for (let time = 0; time < 10; time++) {
    await say('raised', 'returned')
    expect(await open()).toEqual([])
    await say('raised')
    await say('returned', 'raised')
    expect(await open()).toEqual(['active'])
    await say('returned')
  }
})

test('the same event twice is one event, receipted twice', async () => {
  const gateway = await server.aGateway()
  const message = JSON.stringify(anEvent(gateway.id))
  await gateway.publish('event', message)
  await gateway.publish('event', message)
  await until('two receipts', () => gateway.receipts.flatMap(({ ids }) => ids).length === 2, { withinMs: 3_000 })
  expect(await server.eventsOf(gateway.id)).toHaveLength(1)
})

test('a thousand malformed, oversized and misplaced messages are refused and kept in part, and hold up no press', async () => {
  const gateway = await server.aGateway()
  const ids = Array.from({ length: 200 }, () => ulid())
  const wrong = (index: number): Promise<void> => {
    const id = ids[index % ids.length] ?? ''
    if (index % 5 === 0) return gateway.publish('event', `{"id":"${id}", this is not JSON`)
    if (index % 5 === 1) return gateway.publish('telemetry', JSON.stringify(telemetry({ id, series: [] })))
    if (index % 5 === 2) return gateway.publish('anju/v1/gw-other/up/event', '{}')
    if (index % 5 === 3) return gateway.publish('gossip', Buffer.from([0, 255, 1, 254]))
    return gateway.publish('health', index % 100 === 4 ? Buffer.alloc(300 * 1024, 'x') : 'null')
  }
  const flood = Promise.all(Array.from({ length: 1_000 }, (_, index) => wrong(index)))
  const other = await server.aGateway()
  const began = performance.now()
  const [own, others] = await Promise.all([gateway.event(), other.event()])
  await Promise.all([gateway.receipted(own), other.receipted(others)])
  expect(performance.now() - began).toBeLessThan(1_000)
  await flood
  const refusedIds = [...new Set(ids.filter((_, index) => index % 5 < 2))]
  await Promise.all(refusedIds.map((id) => gateway.refused(id)))
  expect(gateway.client.connected).toBe(true)
  const kept = () =>
    server.data.sql<{ n: number }>('select count(*)::integer as n from quarantine where gateway = $1', [gateway.id])
  await until('the quarantine', async () => (await kept())[0]?.n === rowsPerGatewayMax, { withinMs: 5_000 })
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  for (const code of ['message-malformed', 'topic-unknown', 'gateway-mismatch', 'message-oversized'])
    expect(metrics).toMatch(new RegExp(`anju_refused_total\\{code="${code}"\\} [1-9]`))
})

test('telemetry is receipted once it can be read, in steps and with its reasons, and the look is in the audit', async () => {
  const gateway = await server.aGateway('home-1')
  const message = telemetry()
  await gateway.publish('telemetry', JSON.stringify(message))
  await gateway.receipted(message.id)
  const path = '/homes/home-1/measurements?placement=meter&point=voltage'
  const { status, body } = await server.operator.call<MeasurementAnswer>('GET', path)
  expect(status).toBe(200)
  expect(body).toMatchObject({ homeId: 'home-1', unit: 'V', everyS: 0 })
  expect(body.items.map(({ last, absent }) => last ?? absent)).toEqual([230, 'no-answer', 232])
  const stepped = await server.operator.call<MeasurementAnswer>('GET', `${path}&every=1d`)
  expect(stepped.body.items.at(-1)).toMatchObject({ count: 2, mean: 231, min: 230, max: 232, absent: null })
  const audit = await server.data.sql(
    `select fields, subjects from audit where action like '%measurements' and person = 'operator'`,
  )
  expect(audit).toEqual([
    { fields: ['measurement'], subjects: ['home-1'] },
    { fields: ['measurement'], subjects: ['home-1'] },
  ])
})

test('a clock a day ahead: a press is an alarm at once; what is measured meanwhile is kept aside and in no chart', async () => {
  const gateway = await server.aGateway('home-1')
  const ahead = Date.now() + 86_400_000
  const message = telemetry({ series: [{ p: 'meter/hurried', u: 'V', t0: ahead, dt: [0], v: [230] }] })
  await gateway.publish('telemetry', JSON.stringify(message))
  await gateway.receipted(await gateway.event())
  expect(await gateway.refused(message.id)).toBe('time-not-credible')
  const kept = await until(
    'its quarantine',
    async () => {
      const rows = await server.data.sql<{ why: string; sample: string }>(
        `select why, convert_from(sample, 'utf8') as sample from quarantine where gateway = $1`,
        [gateway.id],
      )
      return rows[0]
    },
    { withinMs: 5_000 },
  )
  expect(kept.why).toContain(new Date(ahead).toISOString())
  expect(JSON.parse(kept.sample)).toMatchObject({ id: message.id })
  const rows = await server.data.sql(`select from series where point = 'hurried'`)
  expect(rows).toEqual([])
})

test.for([
  [
    'operator',
    '/homes/home-1/measurements?placement=meter&point=voltage&every=1s&from=2026-01-01T00:00:00Z',
    422,
    'range-too-long',
  ],
  ['operator', '/homes/home-1/measurements?placement=meter&point=voltage&every=soon', 400, 'request-malformed'],
  ['operator', '/homes/home-1/measurements?placement=meter&point=voltage&from=yesterday', 400, 'time-malformed'],
  [
    'operator',
    '/homes/home-1/measurements?placement=meter&point=voltage&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    400,
    'request-malformed',
  ],
  ['operator', '/homes/home-1/measurements?placement=attic&point=voltage', 404, 'placement-unknown'],
  ['operator', '/homes/nowhere/measurements?placement=meter&point=voltage', 404, 'home-unknown'],
  ['operator', '/homes/home-1/measurements?placement=meter&point=voltage&step=5', 400, 'request-malformed'],
  ['family', '/homes/home-1/measurements?placement=meter&point=voltage', 403, 'forbidden'],
] as const)('%s GET %s → %i %s', async ([who, path, status, code]) => {
  const api = await server.as(who)
  expect(await api.call('GET', path)).toMatchObject({ status, body: { code } })
})

test('many gateways at once: every event committed once, every gateway receipted for its own', async () => {
  const many = await Promise.all(Array.from({ length: 10 }, () => server.aGateway()))
  const ids = await Promise.all(many.map((gateway) => Promise.all(Array.from({ length: 16 }, () => gateway.event()))))
  await Promise.all(many.flatMap((gateway, index) => (ids[index] ?? []).map((id: EventId) => gateway.receipted(id))))
  for (const [index, gateway] of many.entries()) {
    expect((await server.eventsOf(gateway.id)).sort()).toEqual([...(ids[index] ?? [])].sort())
    expect(new Set(gateway.receipts.flatMap((receipt) => receipt.ids))).toEqual(new Set(ids[index]))
  }
})

test('nobody may publish to a home’s ear, or listen at another’s', async () => {
  const [one, two] = [await server.aGateway(), await server.aGateway()]
  await expect(one.client.subscribeAsync(`anju/v1/${two.id}/down/#`)).rejects.toThrow(/128|Unspecified/)
  await one.publish(upTopic(two.id, 'event'), JSON.stringify(anEvent(two.id)))
  expect(await server.eventsOf(two.id)).toEqual([])
})
