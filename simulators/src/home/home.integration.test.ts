import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { Aedes } from 'aedes'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RunningHome, startHome } from './app.ts'
import { askControl, controlSocket } from './control.ts'

let folder = ''
let home: RunningHome
let broker: Awaited<ReturnType<typeof aBroker>>

/** A plain broker in place of the gateway's. */
async function aBroker() {
  const aedes = await Aedes.createBroker()
  const server: Server = createServer(aedes.handle)
  const heard: { topic: string; payload: string }[] = []
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client) heard.push({ topic, payload: payload.toString() })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    heard,
    port: (server.address() as AddressInfo).port,
    async stop() {
      await new Promise<void>((resolve) => aedes.close(resolve))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'anju-home-'))
  broker = await aBroker()
  home = await startHome(
    {
      dataDir: folder,
      seed: 82,
      timeZone: 'Asia/Shanghai',
      broker: { url: `mqtt://127.0.0.1:${broker.port}`, username: 'z2m', password: 'p' },
      button: { friendlyName: 'bathroom button' },
      meter: { address: '000000000161', line: { kind: 'tcp', host: '127.0.0.1', port: 0 } },
      radar: { line: { kind: 'tcp', host: '127.0.0.1', port: 0 } },
    },
    { clock: systemClock, random: seededRandom(1), log: () => {} },
  )
})
afterEach(async () => {
  await home.stop()
  await broker.stop()
  rmSync(folder, { recursive: true, force: true })
})

const actions = () =>
  broker.heard
    .filter(({ topic }) => topic === 'zigbee2mqtt/bathroom button')
    .map(({ payload }) => (JSON.parse(payload) as { action?: string }).action)
    .filter((action) => action !== undefined) // its check-in

const ask = (request: { do: string; minutes?: number }) =>
  askControl(controlSocket(folder, 'home'), request, systemClock)

test('a press asked for from a second shell is published, acknowledged, and followed by the empty action', async () => {
  expect(await ask({ do: 'press-sos' })).toMatchObject({ ok: true, said: expect.stringContaining('bathroom button') })
  await expect.poll(actions, { timeout: 5_000, interval: 10 }).toEqual(['emergency', ''])
  const online = { topic: 'zigbee2mqtt/bridge/state', payload: '{"state":"online"}' }
  await expect.poll(() => broker.heard, { timeout: 5_000, interval: 10 }).toContainEqual(online)
  expect(statSync(controlSocket(folder, 'home')).mode & 0o077).toBe(0)
})

test('the meter answers on its line, and is silent after stop-meter', async () => {
  const socket = connect(Number(new URL(home.lines.meter).port), '127.0.0.1')
  const voltage = Buffer.from('6861010000000068110433343435ED16'.replace('ED', checksum()), 'hex')
  socket.write(voltage)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  expect(answer.toString('hex')).toMatch(/^fefefefe6861010000000068910633343435....[0-9a-f]{2}16$/)

  expect(await ask({ do: 'stop-meter' })).toMatchObject({ ok: true })
  socket.write(voltage)
  expect(await ask({ do: 'status' })).toMatchObject({ ok: true, meterAnswering: false })
  expect(await ask({ do: 'start-meter' })).toMatchObject({ ok: true })
  socket.write(voltage)
  await once(socket, 'data')
  expect(await ask({ do: 'status' })).toMatchObject({ ok: true, meterAnswering: true, meterAnswered: 2 })
  socket.destroy()
})

function checksum(): string {
  const body = Buffer.from('6861010000000068110433343435', 'hex')
  return (body.reduce((sum, byte) => sum + byte, 0) & 0xff).toString(16)
}

test('a fall is on the radar line at once, and only once until the resident gets up', async () => {
  const socket = connect(Number(new URL(home.lines.radar).port), '127.0.0.1')
  await once(socket, 'connect')
  let heard = ''
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString('hex')
  })
  await expect.poll(() => heard, { timeout: 5_000, interval: 20 }).toMatch(/0e02..00ff/)
  expect(await ask({ do: 'fall' })).toMatchObject({ ok: true })
  await expect.poll(() => heard, { timeout: 5_000, interval: 20 }).toMatch(/0e02..01fe/)
  expect(await ask({ do: 'fall' })).toMatchObject({ ok: false, error: expect.stringContaining('already') })
  expect(await ask({ do: 'rise' })).toMatchObject({ ok: true })
  socket.destroy()
})

test('a wrong command and a wrong length are refused with what is known', async () => {
  expect(await ask({ do: 'explode' })).toMatchObject({ ok: false, error: expect.stringContaining('press-sos') })
  expect(await ask({ do: 'toString' })).toMatchObject({ ok: false })
  expect(await ask({ do: 'leave', minutes: -5 })).toMatchObject({
    ok: false,
    error: expect.stringContaining('minutes'),
  })
  expect(await ask({ do: 'leave', minutes: 30 })).toMatchObject({ ok: true })
  expect(await ask({ do: 'status' })).toMatchObject({ room: 'out' })
  expect(await ask({ do: 'return' })).toMatchObject({ ok: true })
})

test('a second home on the same data is refused while the first lives', async () => {
  const second = startHome(
    {
      dataDir: folder,
      seed: 1,
      timeZone: 'UTC',
      broker: { url: `mqtt://127.0.0.1:${broker.port}`, username: 'z2m', password: 'p' },
      button: { friendlyName: 'b' },
      meter: { address: '000000000161', line: { kind: 'tcp', host: '127.0.0.1', port: 0 } },
      radar: { line: { kind: 'tcp', host: '127.0.0.1', port: 0 } },
    },
    { clock: systemClock, random: seededRandom(1), log: () => {} },
  )
  await expect(second).rejects.toThrow('EADDRINUSE')
})
