import { rm } from 'node:fs/promises'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logIn } from '../../../tests/harness/api.ts'
import { aCluster, type Cluster } from '../../../tests/harness/cluster.ts'
import { temporaryFolder } from '../../../tests/harness/server.ts'
import { aHandGateway, anEvent, type HandGateway } from '../../../tests/harness/uplink.ts'
import { until } from '../../../tests/harness/wait.ts'
import { type App, startApp } from '../app.ts'
import { loadConfig } from '../config.ts'

const password = 'only-for-tests-77d0'
const folder = temporaryFolder('anju-outage')
let cluster: Cluster
let app: App
let gateway: HandGateway
let newcomer: Parameters<typeof aHandGateway>[0]

beforeAll(async () => {
  cluster = await aCluster()
  const config = loadConfig({
    ANJU_DEMO: '1',
    ANJU_DEMO_PASSWORD: password,
    ANJU_HTTP_PORT: '0',
    ANJU_MQTT_PORT: '0',
    ANJU_DATA_DIR: folder,
    DATABASE_URL: cluster.appUrl,
    DATABASE_OWNER_URL: cluster.ownerUrl,
  })
  app = await startApp({ config, clock: systemClock, random: systemRandom, log: pino({ level: 'fatal' }) })
  const installer = await logIn(app.url, 'installer', password)
  gateway = await aHandGateway(await installer.registerGateway('OUTAGE-1', 'home-1'))
  newcomer = await installer.registerGateway('OUTAGE-2')
})
afterAll(async () => {
  await gateway.close()
  await app.close()
  cluster.destroy()
  await rm(folder, { recursive: true, force: true })
})

test('while PostgreSQL is away nothing is acknowledged and nothing receipted; afterwards nothing is lost', async () => {
  const sample = { p: 'meter/voltage', u: 'V', t0: Date.now(), dt: [0], v: [230] }
  const telemetry = { id: ulid(), boot: 1, seq: 1, pendingFrom: 1, sentAt: new Date().toISOString(), series: [sample] }
  const events = Array.from({ length: 5 }, () => anEvent(gateway.id))
  const refused = ulid()

  cluster.stopImmediately()
  const acknowledged: string[] = []
  for (const event of events)
    gateway.client.publish(`anju/v1/${gateway.id}/up/event`, JSON.stringify(event), { qos: 1 }, (error) => {
      if (!error) acknowledged.push(event.id)
    })
  await gateway.publish('telemetry', JSON.stringify(telemetry)) // its PUBACK says nothing; only a receipt does
  const unsettled = async () => {
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    return Number(/anju_events_unsettled_total (\d+)/.exec(metrics)?.[1])
  }
  await until('the events to be given up for now', async () => (await unsettled()) === events.length, {
    withinMs: 20_000,
  })
  expect((await fetch(`${app.url}/readyz`)).status).toBe(503)
  // The broker goes on: a home that comes back is let in from memory, and what is malformed is refused without the store.
  const other = await aHandGateway(newcomer)
  await other.publish('event', `{"id":"${refused}", oops`)
  await other.refused(refused)
  expect(acknowledged).toEqual([])
  expect(gateway.receipts).toEqual([])

  await cluster.start()
  await gateway.receipted(telemetry.id, 20_000)
  await until('readiness', async () => (await fetch(`${app.url}/readyz`)).status === 200, { withinMs: 10_000 })
  // What a gateway does with what was not receipted.
  await Promise.all(events.map((event) => gateway.publish('event', JSON.stringify(event))))
  await Promise.all(events.map(({ id }) => gateway.receipted(id)))
  const stored = await cluster.query<{ id: string }>('select id from event where gateway = $1', [gateway.id])
  expect(stored.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort())
  const kept = () =>
    cluster.query<{ n: number }>('select count(*)::integer as n from quarantine where gateway = $1', [other.id])
  await until('the quarantine of the outage', async () => (await kept())[0]?.n === 1, { withinMs: 5_000 })
  await other.close()
})
