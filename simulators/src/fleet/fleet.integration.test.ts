import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { encode, parseEvent, parseHealth, parseTelemetry, parseUpTopic, seconds, seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { Aedes } from 'aedes'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FleetOptions, runFleet } from './fleet.ts'

/** As much of a server as a fleet can tell from one: it registers, validates, and receipts what it does not refuse. */
async function aServer() {
  const aedes = await Aedes.createBroker()
  const broker = createServer(aedes.handle).listen(0, '127.0.0.1')
  await once(broker, 'listening')
  const { port } = broker.address() as AddressInfo
  const heard = {
    telemetry: 0,
    event: 0,
    health: 0,
    ids: [] as string[],
    ages: [] as number[],
    malformed: [] as string[],
  }
  const server = { refuse: undefined as string | undefined, silent: false, heard, http: '' }
  aedes.on('publish', ({ topic, payload }, client) => {
    const up = parseUpTopic(topic)
    if (!client || !up || !(up.kind === 'telemetry' || up.kind === 'event' || up.kind === 'health')) return
    const parse = { telemetry: parseTelemetry, event: parseEvent, health: parseHealth }[up.kind]
    const message = parse(payload as Buffer)
    heard[up.kind] += 1
    if (!message.ok) heard.malformed.push(message.why)
    if (!message.ok || up.kind === 'health') return
    heard.ids.push(message.value.id)
    if ('data' in message.value) heard.ages.push(message.value.data.elapsedMs)
    if (server.silent) return
    const receipt = server.refuse
      ? { ids: [], refused: { [message.value.id]: server.refuse } }
      : { ids: [message.value.id] }
    aedes.publish(
      {
        cmd: 'publish',
        topic: `anju/v1/${up.gateway}/down/receipt`,
        payload: encode(receipt),
        qos: 1,
        retain: false,
        dup: false,
      },
      () => {},
    )
  })
  const http = createHttp((request, response) => {
    const name = `gw-${heard.event}-${Math.floor(systemClock.monotonic() * 1_000)}`
    response.setHeader('content-type', 'application/json')
    response.setHeader('set-cookie', 'anju_session=1; HttpOnly')
    response.statusCode = 201
    const answer = { id: name, mqtt: { url: `mqtt://127.0.0.1:${port}`, username: name, password: 'p' } }
    response.end(JSON.stringify(request.url?.endsWith('/gateways') ? answer : {}))
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  server.http = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return Object.assign(server, {
    async stop() {
      await new Promise<void>((resolve) => aedes.close(resolve))
      await new Promise((resolve) => broker.close(resolve))
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  })
}

let server: Awaited<ReturnType<typeof aServer>>
beforeEach(async () => {
  server = await aServer()
})
afterEach(() => server.stop())

const run = (options: Partial<FleetOptions>) =>
  runFleet(
    {
      http: server.http,
      account: { username: 'admin', password: 'p' },
      homes: 20,
      seed: 7,
      speed: 60,
      scenario: 'presses',
      duration: seconds(3),
      ...options,
    },
    { clock: systemClock, random: seededRandom(1), log: () => {} },
  )

test('a fleet says what was receipted and how long it took', async () => {
  const report = await run({})
  expect(server.heard.malformed).toEqual([])
  expect(report.unsettled).toBe(0)
  expect(report.sent.telemetry).toBeGreaterThanOrEqual(40) // a simulated minute a second, 20 homes
  expect(report.sent.life).toBeGreaterThan(20)
  expect(report.receipted).toEqual(report.sent)
  expect(report.latency.life).toMatchObject({ count: report.sent.life, p50Ms: expect.any(Number) })
  expect(report.connects).toBe(20)
  expect(server.heard.health).toBeGreaterThanOrEqual(20)
})

test('what is refused is counted by its code and not sent again', async () => {
  server.refuse = 'home-unknown'
  const report = await run({ homes: 5 })
  const sent = report.sent.life + report.sent.telemetry
  expect(report.refused).toEqual({ 'home-unknown': sent })
  expect(report.unsettled).toBe(0)
  expect(report.resent).toBe(0)
})

test('a press nobody receipts is sent again, and is unsettled at the end', async () => {
  server.silent = true
  const stop = new AbortController()
  const running = runFleet(
    {
      http: server.http,
      account: { username: 'admin', password: 'p' },
      homes: 3,
      seed: 7,
      speed: 60,
      scenario: 'presses',
      duration: seconds(30),
    },
    { clock: systemClock, random: seededRandom(1), log: () => {}, signal: stop.signal },
  )
  const { ids } = server.heard
  await expect.poll(() => ids.length - new Set(ids).size, { timeout: 20_000, interval: 50 }).toBeGreaterThan(0)
  // A press that is sent again is as old as it is, or a late one would be shown as fresh.
  await expect.poll(() => Math.max(...server.heard.ages), { timeout: 20_000, interval: 50 }).toBeGreaterThan(1_900)
  stop.abort()
  const report = await running
  expect(report.unsettled).toBeGreaterThan(0)
  expect(report.resent).toBeGreaterThan(0)
  expect(report.receipted.life).toBe(0)
})

test('numbers that make no sense are refused by name', async () => {
  await expect(run({ homes: 0 })).rejects.toThrow('homes:')
  await expect(run({ speed: 0.5 })).rejects.toThrow('speed:')
})
