import { rm } from 'node:fs/promises'
import { type EventId, type GatewayId, parseRefill, upTopic } from '@anju/contract'
import type { GatewayStatus, MeasurementAnswer } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, logIn } from '../../../tests/harness/api.ts'
import { listen } from '../../../tests/harness/live.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { temporaryFolder } from '../../../tests/harness/server.ts'
import { aHandGateway, anEvent, type HandGateway } from '../../../tests/harness/uplink.ts'
import { until } from '../../../tests/harness/wait.ts'
import { type App, startApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { rowsPerGatewayMax } from '../ingest/quarantine.ts'

const password = 'only-for-tests-91c2'
let data: TestDatabase
let app: App
let installer: Api
let operator: Api
const gateways: HandGateway[] = []
let serials = 0
const folder = temporaryFolder('anju-uplink')

beforeAll(async () => {
  data = await freshDatabase()
  const config = loadConfig({
    ANJU_DEMO: '1',
    ANJU_DEMO_PASSWORD: password,
    ANJU_HTTP_PORT: '0',
    ANJU_MQTT_PORT: '0',
    ANJU_DATA_DIR: folder,
    DATABASE_URL: data.url,
  })
  app = await startApp({ config, clock: systemClock, random: systemRandom, log: pino({ level: 'error' }) })
  installer = await logIn(app.url, 'installer', password)
  operator = await logIn(app.url, 'operator', password)
})
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()))
  await app.close()
  await data.drop()
  await rm(folder, { recursive: true, force: true })
})

/** A registered gateway in a home of its own, connected. */
async function aGateway(homeId?: string): Promise<HandGateway> {
  const gateway = await aHandGateway(await installer.registerGateway(`TEST-${++serials}`, homeId))
  gateways.push(gateway)
  return gateway
}
const eventsOf = (gateway: GatewayId) => data.sql<{ id: string }>('select id from event where gateway = $1', [gateway])
const statusOf = async (gateway: GatewayId) =>
  (await installer.call<{ items: GatewayStatus[] }>('GET', '/gateways')).body.items.find(({ id }) => id === gateway)
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
const health = (given: object = {}) => ({
  id: ulid(),
  boot: 1,
  seq: 1,
  sentAt: sent(),
  uptimeS: 60,
  queue: { life: 0, technical: 0, telemetry: 0 },
  clock: { synced: true, offsetMs: 3 },
  power: 'mains',
  links: [],
  devices: [],
  ...given,
})

test('an event is in the database when its PUBACK arrives, and its receipt follows', async () => {
  const gateway = await aGateway()
  const id = await gateway.event()
  expect(await eventsOf(gateway.id)).toEqual([{ id }])
  await gateway.receipted(id)
})

test('the same event twice is one event, receipted twice', async () => {
  const gateway = await aGateway()
  const message = JSON.stringify(anEvent(gateway.id))
  await gateway.publish('event', message)
  await gateway.publish('event', message)
  await until('two receipts', () => gateway.receipts.flatMap(({ ids }) => ids).length === 2, { withinMs: 3_000 })
  expect(await eventsOf(gateway.id)).toHaveLength(1)
})

test('a thousand malformed, oversized and misplaced messages are refused and kept in part, and hold up no press', async () => {
  const gateway = await aGateway()
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
  const other = await aGateway()
  const began = performance.now()
  const [own, others] = await Promise.all([gateway.event(), other.event()])
  await Promise.all([gateway.receipted(own), other.receipted(others)])
  expect(performance.now() - began).toBeLessThan(1_000)
  await flood
  const refusedIds = [...new Set(ids.filter((_, index) => index % 5 < 2))]
  await Promise.all(refusedIds.map((id) => gateway.refused(id)))
  expect(gateway.client.connected).toBe(true)
  const kept = () =>
    data.sql<{ n: number }>('select count(*)::integer as n from quarantine where gateway = $1', [gateway.id])
  await until('the quarantine', async () => (await kept())[0]?.n === rowsPerGatewayMax, { withinMs: 5_000 })
  const metrics = await (await fetch(`${app.url}/metrics`)).text()
  for (const code of ['message-malformed', 'topic-unknown', 'gateway-mismatch', 'message-oversized'])
    expect(metrics).toMatch(new RegExp(`anju_refused_total\\{code="${code}"\\} [1-9]`))
})

test('telemetry is receipted once it can be read, in steps and with its reasons, and the look is in the audit', async () => {
  const gateway = await aGateway('home-1')
  const message = telemetry()
  await gateway.publish('telemetry', JSON.stringify(message))
  await gateway.receipted(message.id)
  const path = '/homes/home-1/measurements?placement=meter&point=voltage'
  const { status, body } = await operator.call<MeasurementAnswer>('GET', path)
  expect(status).toBe(200)
  expect(body).toMatchObject({ homeId: 'home-1', unit: 'V', everyS: 0 })
  expect(body.items.map(({ last, absent }) => last ?? absent)).toEqual([230, 'no-answer', 232])
  const stepped = await operator.call<MeasurementAnswer>('GET', `${path}&every=1d`)
  expect(stepped.body.items.at(-1)).toMatchObject({ count: 2, mean: 231, min: 230, max: 232, absent: null })
  const audit = await data.sql(
    `select fields, subjects from audit where action like '%measurements' and person = 'operator'`,
  )
  expect(audit).toEqual([
    { fields: ['measurement'], subjects: ['home-1'] },
    { fields: ['measurement'], subjects: ['home-1'] },
  ])
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
  const api = await logIn(app.url, who, password)
  expect(await api.call('GET', path)).toMatchObject({ status, body: { code } })
})

test('the same serial of the same home gets new credentials, which end the old ones', async () => {
  const first = await installer.registerGateway('TEST-AGAIN', 'home-1')
  const old = await aHandGateway(first)
  gateways.push(old)
  const closed = new Promise((resolve) => old.client.once('close', () => resolve(undefined)))
  const second = await installer.registerGateway('TEST-AGAIN', 'home-1')
  expect(second.id).toBe(first.id)
  expect(second.mqtt.password).not.toBe(first.mqtt.password)
  await closed
  await old.close()
  const { url, username, password: stale } = first.mqtt
  await expect(mqtt.connectAsync(url, { username, password: stale, reconnectPeriod: 0 })).rejects.toMatchObject({
    code: 4,
  })
  gateways.push(await aHandGateway(second))
})

test('a serial of another home is taken; an unknown home, a misspelt field and an operator are refused', async () => {
  await installer.registerGateway('TEST-TAKEN', 'home-1')
  const elsewhere = await installer.registerGateway('TEST-OTHER')
  const [other] = await data.sql<{ home: string }>('select home from gateway where id = $1', [elsewhere.id])
  const post = (api: Api, body: object) => api.call('POST', '/gateways', body)
  expect(await post(installer, { serial: 'TEST-TAKEN', homeId: other?.home })).toMatchObject({
    status: 409,
    body: { code: 'serial-taken' },
  })
  expect(await post(installer, { serial: 'TEST-X', homeId: 'nowhere' })).toMatchObject({
    status: 404,
    body: { code: 'home-unknown' },
  })
  expect(await post(installer, { serial: 'TEST-X', home: 'home-1' })).toMatchObject({
    status: 400,
    body: { code: 'request-malformed' },
  })
  expect(await post(operator, { serial: 'TEST-X' })).toMatchObject({ status: 403 })
})

test('a press of a gateway without a home has a home to come from', async () => {
  const gateway = await aGateway()
  const id = await gateway.event()
  await gateway.receipted(id)
  const [row] = await data.sql<{ home: string; name: string }>(
    'select event.home, home.name from event join home on home.id = event.home where event.id = $1',
    [id],
  )
  expect(row?.home).toMatch(/^home-/)
  expect(row?.name).toMatch(/^TEST-/)
})

test('a heartbeat makes a gateway online, its silence a technical alarm, its return ends the condition', async () => {
  const live = await listen(operator)
  const gateway = await aGateway()
  expect(await statusOf(gateway.id)).toMatchObject({ state: 'never-heard', lastHeardAt: null })
  const devices = [
    { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', state: 'heard', lastHeardAt: null },
  ]
  await gateway.publish('health', JSON.stringify(health({ devices })))
  const saw = (state: string) =>
    live.first(
      `${gateway.id} ${state}`,
      (item) => item.event === 'gateway' && item.data.gateway.id === gateway.id && item.data.gateway.state === state,
    )
  await saw('online')
  expect(await statusOf(gateway.id)).toMatchObject({ state: 'online', health: { devices, power: 'mains' } })

  await data.passes(91_000)
  await saw('silent')
  const alarmOf = async () =>
    (await operator.alarms('class=technical')).find(({ type, homeId }) => type === 'gateway-silent' && homeId === home)
  const [row] = await data.sql<{ home: string }>('select home from gateway where id = $1', [gateway.id])
  const home = row?.home
  const alarm = await until('the alarm', alarmOf, { withinMs: 5_000 })
  expect(alarm).toMatchObject({ class: 'technical', condition: 'active', placement: 'gateway' })

  await gateway.publish('health', JSON.stringify(health()))
  await until('the return', async () => (await operator.alarm(alarm.id)).condition === 'returned', { withinMs: 5_000 })
  expect(await statusOf(gateway.id)).toMatchObject({ state: 'online' })
  live.close()
})

test('a last will shortens the wait for a silence; one of an earlier boot says nothing', async () => {
  const gateway = await aGateway()
  await gateway.publish('health', JSON.stringify(health({ boot: 5 })))
  await until('online', async () => (await statusOf(gateway.id))?.state === 'online', { withinMs: 5_000 })
  const dueIn = async () => {
    const rows = await data.sql<{ s: number }>(
      'select extract(epoch from silent_due_at - app_now())::float8 as s from gateway where id = $1',
      [gateway.id],
    )
    return rows[0]?.s ?? Number.NaN
  }
  await gateway.publish('health', JSON.stringify({ boot: 4, lost: true }))
  const later = await aGateway()
  await later.publish('health', JSON.stringify(health()))
  // Notes are written together: when this one is, the stale will was.
  await until('the next note', async () => (await statusOf(later.id))?.state === 'online', { withinMs: 5_000 })
  expect(await dueIn()).toBeGreaterThan(60)
  await gateway.publish('health', JSON.stringify({ boot: 5, lost: true }))
  await until('the shorter wait', async () => (await dueIn()) <= 10, { withinMs: 5_000 })
})

test('what was settled and never came is asked for once, and recorded when it cannot be had', async () => {
  const gateway = await aGateway()
  const commands: string[] = []
  gateway.client.on('message', (topic, payload) => {
    const refill = topic.endsWith('/down/command') ? parseRefill(payload) : undefined
    if (refill?.ok) commands.push(`${refill.value.lane} ${refill.value.from}-${refill.value.to} ${refill.value.id}`)
  })
  const at = (seq: number, pendingFrom: number): string => {
    const message = anEvent(gateway.id)
    return JSON.stringify({ ...message, data: { ...message.data, seq, pendingFrom } })
  }
  await gateway.publish('event', at(1, 1))
  await gateway.publish('event', at(6, 5)) // 5 is still at the gateway, 2 to 4 are not here
  await until('the command', () => commands.length === 1, { withinMs: 3_000 })
  expect(commands[0]).toMatch(/^life 2-4 /)
  await gateway.publish('event', at(7, 7)) // 5 was settled too
  await until('the second command', () => commands.length === 2, { withinMs: 3_000 })
  expect(commands[1]).toMatch(/^life 5-5 /)
  const command = commands[0]?.split(' ')[2]
  await gateway.publish('result', JSON.stringify({ command, ok: false, error: 'older than 7 days' }))
  const states = () =>
    data.sql<{ state: string }>('select state from sequence_gap where gateway = $1 order by from_seq', [gateway.id])
  await until('the record', async () => (await states())[0]?.state === 'unfillable', { withinMs: 3_000 })
  expect(await states()).toEqual([{ state: 'unfillable' }, { state: 'asked' }])
})

test('many gateways at once: every event committed once, every gateway receipted for its own', async () => {
  const many = await Promise.all(Array.from({ length: 10 }, () => aGateway()))
  const ids = await Promise.all(many.map((gateway) => Promise.all(Array.from({ length: 16 }, () => gateway.event()))))
  await Promise.all(many.flatMap((gateway, index) => (ids[index] ?? []).map((id: EventId) => gateway.receipted(id))))
  for (const [index, gateway] of many.entries()) {
    expect((await eventsOf(gateway.id)).map(({ id }) => id).sort()).toEqual([...(ids[index] ?? [])].sort())
    expect(new Set(gateway.receipts.flatMap((receipt) => receipt.ids))).toEqual(new Set(ids[index]))
  }
})

test('nobody may publish to a home’s ear, or listen at another’s', async () => {
  const [one, two] = [await aGateway(), await aGateway()]
  await expect(one.client.subscribeAsync(`anju/v1/${two.id}/down/#`)).rejects.toThrow()
  await one.publish(upTopic(two.id, 'event'), JSON.stringify(anEvent(two.id)))
  expect(await eventsOf(two.id)).toEqual([])
})
