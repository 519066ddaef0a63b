import type { Alarm, AlarmCommandAnswer, Problem } from '@anju/contract/api'
import { systemRandom } from '@anju/contract/system-random'
import { Client } from 'pg'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { aDatabaseLine, type DatabaseLine } from '../../../tests/harness/database-line.ts'
import { listen } from '../../../tests/harness/live.ts'
import { anEvent, type HandGateway } from '../../../tests/harness/uplink.ts'
import { pause, until } from '../../../tests/harness/wait.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

// C-11: a PostgreSQL that answers nothing, and one that has no connection left for those who read.

/** Longer than any statement may take, and than a lease is renewed after. */
const stalledMs = 12_000

let server: TestServer
let line: DatabaseLine
let gateway: HandGateway
let li: Api
let chen: Api
beforeAll(async () => {
  server = await aTestServer({}, async (url) => {
    line = await aDatabaseLine(url, systemRandom)
    return line.url
  })
  li = server.operator
  chen = await server.as('operator2')
  gateway = await server.aGateway('home-1')
})
afterAll(async () => {
  await server.close()
  await line.end()
})

const ready = async () => (await fetch(`${server.url}/readyz`)).status
const claim = (api: Api, id: string) =>
  api
    .call<AlarmCommandAnswer & Problem>('POST', `/alarms/${id}/claim`, {})
    .catch(() => ({ status: 0, body: undefined }))
const alarmAt = async (placement: string): Promise<Alarm> =>
  until('the alarm', async () => (await li.alarms()).find((one) => one.placement === placement), { withinMs: 10_000 })

test('a database that answers nothing: nothing is promised, the consoles say so, and afterwards nothing is lost and nobody’s twice', async () => {
  await gateway.receipted(await gateway.event({ placement: 'bed-sos' }))
  const { id } = await alarmAt('bed-sos')
  const live = await listen(li)
  await live.first('the store to be well', (item) => item.event === 'status' && item.data.store === 'ok')

  line.stalls()
  const press = anEvent(gateway.id, { id: ulid(), placement: 'hall-sos' })
  let acknowledged = false
  gateway.client.publish(`anju/v1/${gateway.id}/up/event`, JSON.stringify(press), { qos: 1 }, (error) => {
    acknowledged ||= !error
  })
  const claims = [claim(li, id), claim(chen, id)]
  await live.first('a degraded store', (item) => item.event === 'status' && item.data.store === 'degraded', 10_000)
  expect(await ready()).toBe(503)
  await pause(stalledMs)
  expect(acknowledged).toBe(false)
  expect(gateway.receipts.some(({ ids }) => ids.includes(press.id))).toBe(false)

  const goesOnAt = performance.now()
  line.goesOn()
  await until('readiness', async () => (await ready()) === 200, { withinMs: 10_000 })
  await live.first(
    'a store that is well again',
    (item) => item.event === 'status' && item.data.store === 'ok' && item.at > goesOnAt,
  )
  // What its gateway does with what was not receipted.
  await gateway.publish('event', JSON.stringify(press))
  await gateway.receipted(press.id, 10_000)
  expect(performance.now() - goesOnAt).toBeLessThan(15_000)
  expect((await server.data.sql('select 1 from event where id = $1', [press.id])).length).toBe(1)
  // Whoever was told that they have it has it; the other one, at most one, was told that they have not.
  const answers = await Promise.all(claims)
  const told = answers.filter(({ status }) => status === 200)
  expect(told.length).toBeLessThanOrEqual(1)
  const again = await Promise.all([claim(li, id), claim(chen, id)])
  expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200, 409]))
  const [row] = await server.data.sql<{ fence: string }>('select fence from alarm where id = $1', [id])
  expect(Number(row?.fence)).toBeLessThanOrEqual(2)
  live.close()
})

test('when every connection of those who read is taken, a press is an alarm as ever and is asked about as ever', async () => {
  const blocker = new Client({ connectionString: server.data.ownerUrl })
  await blocker.connect()
  await blocker.query('begin')
  // Every request asks first who it is from.
  await blocker.query('lock table session in access exclusive mode')
  const reading = Array.from({ length: 60 }, () => li.call('GET', '/alarms').catch(() => ({ status: 0 })))
  await pause(500)
  const pressedAt = performance.now()
  const pressed = await gateway.event({ placement: 'kitchen-sos' })
  await gateway.receipted(pressed)
  expect(performance.now() - pressedAt).toBeLessThan(2_000)
  const asked = () =>
    server.data.sql(
      `select 1 from notification join alarm on alarm.id = notification.alarm where alarm.placement = 'kitchen-sos'`,
    )
  await until('somebody to be asked', async () => (await asked()).length > 0, { withinMs: 3_000 })
  await blocker.query('rollback')
  await blocker.end()
  await Promise.all(reading)
  expect((await alarmAt('kitchen-sos')).handling).toBe('new')
})
