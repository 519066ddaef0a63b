import type { HealthMessage } from '@anju/contract'
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
import { hashSecret } from '../people/secrets.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

// C-11: a PostgreSQL that answers nothing, and one that has no connection left for those who read.

/** As many as `database.ts` gives them. */
const pageConnections = 4
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
const waitingForLocks = async () =>
  (
    await server.data.sql(
      `select from pg_stat_activity where datname = current_database() and application_name = 'anju' and wait_event_type = 'Lock'`,
    )
  ).length
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

/** As the message that asked has it: the secret at the end of its link. */
async function anAnswerLink(placement: string): Promise<string> {
  const secret = 'a'.repeat(43)
  const link = () =>
    server.data.sql(
      `insert into answer_link (hash, centre, notification)
       select $1, notification.centre, notification.id from notification join alarm on alarm.id = notification.alarm
       where alarm.placement = $2 and notification.purpose = 'alarm' limit 1 returning 1`,
      [hashSecret(secret), placement],
    )
  await until('somebody to be asked', async () => (await link()).length > 0, { withinMs: 5_000 })
  return secret
}

async function heartbeat(uptimeS: number): Promise<void> {
  const health: HealthMessage = {
    id: ulid(),
    boot: 1,
    seq: uptimeS,
    sentAt: new Date().toISOString(),
    uptimeS,
    queue: { life: 0, technical: 0, telemetry: 0 },
    clock: { synced: true, offsetMs: 0 },
    power: 'mains',
    links: [],
    devices: [],
  }
  await gateway.publish('health', JSON.stringify(health))
  const written = () =>
    server.data.sql(`select from gateway where id = $1 and health ->> 'id' = $2`, [gateway.id, health.id])
  await until('the heartbeat to be written', async () => (await written()).length > 0, { withinMs: 5_000 })
}

test('while pages take every connection of theirs for minutes, heartbeats are written down, an alarm is claimed and an answer is taken', async () => {
  await gateway.receipted(await gateway.event({ placement: 'stairs-sos' }))
  const secret = await anAnswerLink('stairs-sos')
  const { id } = await alarmAt('stairs-sos')
  const supervisor = await server.as('supervisor')
  await heartbeat(1)
  const blocker = new Client({ connectionString: server.data.ownerUrl })
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('lock table plan_defect in access exclusive mode')
  const over = new AbortController()
  const reading = Array.from({ length: 30 }, async () => {
    while (!over.signal.aborted) await supervisor.call('GET', '/plans/defects').catch(() => undefined)
  })
  try {
    await until('every connection to be taken', async () => (await waitingForLocks()) >= pageConnections, {
      withinMs: 10_000,
    })
    for (let s = 30; s <= 180; s += 30) {
      await server.data.passes(30_000)
      await heartbeat(s)
    }
    const { status } = await fetch(`${server.url}/api/v1/answers/${secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ answer: 'going', etaMinutes: 10 }),
    })
    expect(status).toBe(200)
    expect((await claim(li, id)).status).toBe(200)
    expect(await waitingForLocks()).toBe(pageConnections)
  } finally {
    over.abort()
    await blocker.query('rollback')
    await blocker.end()
    await Promise.all(reading)
  }
  const silences = `select state from gateway where id = $1 and state <> 'online'
    union all select type from alarm where gateway = $1 and type = 'gateway-silent'`
  expect(await server.data.sql(silences, [gateway.id])).toEqual([])
})
