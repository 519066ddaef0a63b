import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../tests/harness/wait.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await aTestServer()
})
afterAll(() => server.close())

const button = { id: 'bed-sos', name: 'Bed button', room: 'Bedroom', profile: 'tuya/ts0215a-sos' }

test('an installer puts a device into service; its silence is an alarm though it never spoke', async () => {
  const commission = (given: object) =>
    server.installer.call('POST', '/homes/home-1/placements', { ...button, ...given })
  expect(await commission({ lostAfterS: 600 })).toMatchObject({
    status: 201,
    body: { ...button, points: [], gatewayId: null, life: true, lostAfterS: 600 },
  })
  const { body: home } = await server.operator.call<{ placements: { id: string }[] }>('GET', '/homes/home-1')
  expect(home.placements.map(({ id }) => id)).toContain('bed-sos')
  const silence = async () => {
    await server.data.passes(130_000)
    return (await server.operator.alarms('class=technical')).find(({ type }) => type === 'device-silent')
  }
  const alarm = await until('the alarm', silence, { withinMs: 30_000, everyMs: 1_100 })
  expect(alarm).toMatchObject({ homeId: 'home-1', placement: 'bed-sos', condition: 'active' })
  expect(alarm.home.placementName).toBe('Bed button')

  // Once more, now behind a gateway: that ends the silence, and its time begins anew.
  const gateway = await server.aGateway('home-1')
  expect(await commission({ gatewayId: gateway.id })).toMatchObject({
    status: 201,
    body: { gatewayId: gateway.id, lostAfterS: 600 },
  })
  await until('the return', async () => (await server.operator.alarm(alarm.id)).handling === 'closed', {
    withinMs: 10_000,
  })
})

test.for([
  { who: 'operator', path: 'home-1', given: {}, status: 403, code: 'forbidden' },
  { who: 'installer', path: 'nowhere', given: {}, status: 404, code: 'home-unknown' },
  { who: 'installer', path: 'home-1', given: { gatewayId: 'gw-nobody' }, status: 404, code: 'gateway-unknown' },
  { who: 'installer', path: 'home-1', given: { id: 'Bad Id' }, status: 400, code: 'request-malformed' },
  { who: 'installer', path: 'home-1', given: { lostAfterS: 90_000 }, status: 400, code: 'request-malformed' },
  { who: 'installer', path: 'home-1', given: { lostAfter: 60 }, status: 400, code: 'request-malformed' },
] as const)('$given at $path by $who is refused as $code', async ({ who, path, given, status, code }) => {
  expect(await server[who].call('POST', `/homes/${path}/placements`, { ...button, ...given })).toMatchObject({
    status,
    body: { code },
  })
})

test('asked twice with one key it is commissioned once', async () => {
  const key = { 'idempotency-key': ulid() }
  const given = { ...button, id: 'door' }
  const first = await server.installer.call('POST', '/homes/home-1/placements', given, key)
  const since = () => server.data.sql(`select commissioned_at from device where placement = 'door'`)
  const before = await since()
  const second = await server.installer.call('POST', '/homes/home-1/placements', given, key)
  expect(second).toMatchObject({ status: 201, body: first.body as object })
  expect(await since()).toEqual(before)
})
