import type { GatewayId } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aTestServer, type TestServer } from '../../server/src/app/server.fixture.ts'
import { until } from '../harness/wait.ts'

let server: TestServer
beforeAll(async () => {
  server = await aTestServer()
})
afterAll(() => server.close())

test('a gateway that was registered and never called home is a technical alarm, though nothing of it ever timed out', async () => {
  const id = (await server.installer.registerGateway('TEST-NEVER')).id as GatewayId
  const alarmOf = async () =>
    (await server.operator.alarms('class=technical')).find(
      ({ type, placement }) => type === 'gateway-silent' && placement === id,
    )
  await server.data.passes(10 * 60_000)
  expect(await server.statusOf(id)).toMatchObject({ state: 'never-heard' })
  expect(await alarmOf()).toBeUndefined()
  await server.data.passes(6 * 60_000)
  expect(await until('the alarm', alarmOf, { withinMs: 10_000 })).toMatchObject({ condition: 'active' })
  expect(await server.statusOf(id)).toMatchObject({ state: 'never-heard', lastHeardAt: null })
})
