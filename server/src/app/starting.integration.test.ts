import { rm } from 'node:fs/promises'
import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aCluster, type Cluster } from '../../../tests/harness/cluster.ts'
import { aDatabaseLine } from '../../../tests/harness/database-line.ts'
import { freePort } from '../../../tests/harness/ports.ts'
import { aServer, demoPassword, type RunningServer, temporaryFolder } from '../../../tests/harness/server.ts'
import { until, within } from '../../../tests/harness/wait.ts'
import { startApp } from '../app.ts'
import { loadConfig } from '../config.ts'

// A server that is started while its database is away, or loses it on the way, is up when the database is.

const patience = { withinMs: 20_000 }
let cluster: Cluster
let server: RunningServer
beforeAll(async () => {
  cluster = await aCluster()
  server = await aServer({ cluster })
  await server.stop()
})
afterAll(async () => {
  await server.end()
  cluster.destroy()
})

const waits = async () => {
  const answer = await fetch(`${server.url}/readyz`)
  return answer.status === 503 && ((await answer.json()) as object)
}

test('a start waits for PostgreSQL, says so, and goes on when it is there', async () => {
  cluster.stopImmediately()
  const started = server.start()
  started.catch(() => undefined)
  expect(await until('somebody to answer', waits, patience)).toEqual({
    status: 'not-ready',
    parts: { database: 'down' },
    waitsFor: 'the database and its migrations',
  })
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  const page = await fetch(`${server.url}/api/v1/alarms`)
  expect(page.status).toBe(503)
  expect(await page.json()).toMatchObject({ code: 'store-unavailable' })
  // An address that is none.
  expect((await fetch(`${server.url}//`)).status).toBe(503)
  // Whoever waits in vain for it is told all of this.
  const inVain = await server.ready(100).then(
    () => undefined,
    (error: Error) => error.message,
  )
  expect(inVain).toContain('/readyz said 503 {"status":"not-ready"')
  expect(inVain).toContain(`--- server lives (pid ${server.part.pid})`)
  expect(inVain).toMatch(
    /"waitsFor":"the database and its migrations","why":"[^"]*ECONNREFUSED[^"]*","msg":"the start waits"/,
  )

  await cluster.start()
  await started
  expect(await server.readiness()).toBe(200)
  await server.stop()
})

test('a start that waits can be stopped', async () => {
  cluster.stopImmediately()
  const started = server.start().then(
    () => undefined,
    (error: Error) => error.message,
  )
  await until('somebody to answer', waits, patience)
  const { part } = server
  await part.stop(5_000)
  expect(part.log()).toContain('stopped while it waited for the database and its migrations')
  expect(await started).toMatch(/server ended with exit code 1 instead of being ready/)
  await cluster.start()
})

test('a promise that nobody waited for ends the server with a word at level fatal, and with a code', async () => {
  const bug = `process.on('SIGUSR2', () => { Promise.reject(new Error('nobody waited')) })`
  const buggy = await aServer({
    cluster,
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` },
  })
  try {
    process.kill(buggy.part.pid, 'SIGUSR2')
    expect(await within('its end', 10_000, buggy.part.ended)).toEqual({ code: 1, signal: null })
    expect(buggy.part.log()).toMatch(/"level":60,.*"message":"nobody waited".*"msg":"a bug"/)
  } finally {
    await buggy.end()
  }
})

test('a start whose answers get lost on the way, at any step, goes on from there', async () => {
  const line = await aDatabaseLine(cluster.appUrl, seededRandom(7))
  const folder = temporaryFolder('anju-starting')
  const config = loadConfig({
    ANJU_DEMO: '1',
    ANJU_DEMO_PASSWORD: demoPassword,
    ANJU_HTTP_PORT: String(await freePort()),
    ANJU_MQTT_PORT: '0',
    ANJU_DATA_DIR: folder,
    DATABASE_URL: line.url,
  })
  line.loses(0.3)
  const starting = startApp({ config, clock: systemClock, random: systemRandom, log: pino({ level: 'fatal' }) })
  try {
    await until('answers to be lost', () => line.lost >= 6, patience)
  } finally {
    line.loses(0)
    const app = await starting
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200)
    await app.close()
    await line.end()
    await rm(folder, { recursive: true, force: true })
  }
})
