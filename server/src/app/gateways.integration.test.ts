import { parseRefill } from '@anju/contract'
import mqtt from 'mqtt'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { listen } from '../../../tests/harness/live.ts'
import { aHandGateway, anEvent } from '../../../tests/harness/uplink.ts'
import { until } from '../../../tests/harness/wait.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await aTestServer()
})
afterAll(() => server.close())

const post = (api: Api, body: object) => api.call('POST', '/gateways', body)
const sent = () => new Date().toISOString()
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

test('the same serial of the same home gets new credentials, which end the old ones', async () => {
  const first = await server.installer.registerGateway('TEST-AGAIN', 'home-1')
  const old = await aHandGateway(first)
  const closed = new Promise((resolve) => old.client.once('close', () => resolve(undefined)))
  const second = await server.installer.registerGateway('TEST-AGAIN', 'home-1')
  expect(second.id).toBe(first.id)
  expect(second.mqtt.password).not.toBe(first.mqtt.password)
  await closed
  await old.close()
  const { url, username, password: stale } = first.mqtt
  await expect(mqtt.connectAsync(url, { username, password: stale, reconnectPeriod: 0 })).rejects.toMatchObject({
    code: 4,
  })
  await (await aHandGateway(second)).close()
})

test('a serial of another home is taken; an unknown home, a misspelt field and an operator are refused', async () => {
  await server.installer.registerGateway('TEST-TAKEN', 'home-1')
  const elsewhere = await server.installer.registerGateway('TEST-OTHER')
  const [other] = await server.data.sql<{ home: string }>('select home from gateway where id = $1', [elsewhere.id])
  expect(await post(server.installer, { serial: 'TEST-TAKEN', homeId: other?.home })).toMatchObject({
    status: 409,
    body: { code: 'serial-taken' },
  })
  expect(await post(server.installer, { serial: 'TEST-X', homeId: 'nowhere' })).toMatchObject({
    status: 404,
    body: { code: 'home-unknown' },
  })
  expect(await post(server.installer, { serial: 'TEST-X', home: 'home-1' })).toMatchObject({
    status: 400,
    body: { code: 'request-malformed' },
  })
  expect(await post(server.operator, { serial: 'TEST-X' })).toMatchObject({ status: 403 })
})

test('a press of a gateway without a home has a home to come from', async () => {
  const gateway = await server.aGateway()
  const id = await gateway.event()
  await gateway.receipted(id)
  const [row] = await server.data.sql<{ home: string; name: string }>(
    'select event.home, home.name from event join home on home.id = event.home where event.id = $1',
    [id],
  )
  expect(row?.home).toMatch(/^home-/)
  expect(row?.name).toMatch(/^TEST-/)
})

test('a heartbeat makes a gateway online, its silence a technical alarm, its return ends the condition', async () => {
  const live = await listen(server.operator)
  const gateway = await server.aGateway()
  expect(await server.statusOf(gateway.id)).toMatchObject({ state: 'never-heard', lastHeardAt: null })
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
  expect(await server.statusOf(gateway.id)).toMatchObject({ state: 'online', health: { devices, power: 'mains' } })

  // A server that has just started gives every gateway its full time again, once: then the first 91 s are not silence yet.
  const silence = async () => {
    await server.data.passes(91_000)
    return (await server.statusOf(gateway.id))?.state === 'silent'
  }
  await until('the silence', silence, { withinMs: 10_000, everyMs: 1_100 })
  await saw('silent')
  const alarmOf = async () =>
    (await server.operator.alarms('class=technical')).find(
      ({ type, homeId }) => type === 'gateway-silent' && homeId === home,
    )
  const [row] = await server.data.sql<{ home: string }>('select home from gateway where id = $1', [gateway.id])
  const home = row?.home
  const alarm = await until('the alarm', alarmOf, { withinMs: 5_000 })
  expect(alarm).toMatchObject({ class: 'technical', condition: 'active', placement: gateway.id })

  await gateway.publish('health', JSON.stringify(health()))
  await until('the return', async () => (await server.operator.alarm(alarm.id)).condition === 'returned', {
    withinMs: 5_000,
  })
  expect(await server.statusOf(gateway.id)).toMatchObject({ state: 'online' })
  live.close()
})

test('a last will shortens the wait for a silence; one of an earlier boot says nothing', async () => {
  const gateway = await server.aGateway()
  await gateway.publish('health', JSON.stringify(health({ boot: 5 })))
  await until('online', async () => (await server.statusOf(gateway.id))?.state === 'online', { withinMs: 5_000 })
  const dueIn = async () => {
    const rows = await server.data.sql<{ s: number }>(
      'select extract(epoch from silent_due_at - app_now())::float8 as s from gateway where id = $1',
      [gateway.id],
    )
    return rows[0]?.s ?? Number.NaN
  }
  await gateway.publish('health', JSON.stringify({ boot: 4, lost: true }))
  const later = await server.aGateway()
  await later.publish('health', JSON.stringify(health()))
  // Notes are written together: when this one is, the stale will was.
  await until('the next note', async () => (await server.statusOf(later.id))?.state === 'online', { withinMs: 5_000 })
  expect(await dueIn()).toBeGreaterThan(60)
  await gateway.publish('health', JSON.stringify({ boot: 5, lost: true }))
  await until('the shorter wait', async () => (await dueIn()) <= 10, { withinMs: 5_000 })
})

test('what was settled and never came is asked for once, and recorded when it cannot be had', async () => {
  const gateway = await server.aGateway()
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
    server.data.sql<{ state: string }>('select state from sequence_gap where gateway = $1 order by from_seq', [
      gateway.id,
    ])
  await until('the record', async () => (await states())[0]?.state === 'unfillable', { withinMs: 3_000 })
  expect(await states()).toEqual([{ state: 'unfillable' }, { state: 'asked' }])
})
