import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeAnswer } from '@anju/device-profiles/protocols/dlt645/encode'
import mqtt from 'mqtt'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const main = join(import.meta.dirname, 'main.ts')
let dir: string
const children: ChildProcess[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'anju-cli-'))
})
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  rmSync(dir, { recursive: true, force: true })
})

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ANJU_DATA_DIR: '' },
  })
  children.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString()))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { child, said, exit }
}
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
async function configFile(more: object = {}): Promise<{ file: string; broker: number; http: number }> {
  const [broker, http] = [await freePort(), await freePort()]
  const file = join(dir, 'gateway.json')
  const config = {
    gatewayId: 'gw-cli',
    dataDir: join(dir, 'data'),
    uplink: { url: 'mqtt://127.0.0.1:1' },
    broker: { host: '127.0.0.1', port: broker, allowLoopbackAnonymous: true },
    http: { host: '127.0.0.1', port: http },
    devices: [
      { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', topic: 'zigbee2mqtt/bathroom button' },
    ],
    ...more,
  }
  writeFileSync(file, JSON.stringify(config))
  return { file, broker, http }
}
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 30_000, interval: 20 })

test('the gateway runs, keeps its folder to itself, and a SIGTERM ends it within two seconds with its pid file gone', async () => {
  const { file, http } = await configFile()
  const { child, said, exit } = start(['--config', file])
  const pidFile = join(dir, 'data', 'run', 'gateway.pid')
  await until(() => expect(readFileSync(pidFile, 'utf8')).toBe(`${child.pid}\n`))
  await until(async () => expect((await fetch(`http://127.0.0.1:${http}/api/status`)).status).toBe(200))
  expect(statSync(join(dir, 'data')).mode & 0o77).toBe(0)
  const askedAt = performance.now()
  child.kill('SIGTERM')
  expect(await exit).toBe(0)
  expect(performance.now() - askedAt).toBeLessThan(2_500)
  expect(existsSync(pidFile)).toBe(false)
  expect(said.err).toBe('')
})

test('kill -9 between presses: each one that was acknowledged is there after the next start, once', async () => {
  const { file, broker, http } = await configFile()
  let acknowledged = 0
  for (let round = 0; round < 3; round++) {
    const { child, exit } = start(['--config', file])
    const client = await until(() => mqtt.connectAsync(`mqtt://127.0.0.1:${broker}`, { reconnectPeriod: 0 }, false))
    client.on('error', () => undefined)
    await client.publishAsync('zigbee2mqtt/bathroom button', '{"action":"emergency"}', { qos: 1 })
    const pressedAt = Date.now()
    acknowledged++
    child.kill('SIGKILL')
    await exit
    client.end(true)
    // Presses closer than a second are one; the clock of the machine is the only one both processes share.
    await until(() => expect(Date.now() - pressedAt).toBeGreaterThan(1_000))
  }
  start(['--config', file])
  const status = await until(
    async () =>
      (await (await fetch(`http://127.0.0.1:${http}/api/status`)).json()) as { queue: { life: number }; boot: number },
  )
  expect(status).toMatchObject({ boot: 4, queue: { life: acknowledged } })
})

test('a wrong file, a taken port and an unknown command each end with exit code 1 and a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const wrong = start(['--config', (await configFile({ broker: { host: '127.0.0.1', port: 'x' } })).file])
  expect(await wrong.exit).toBe(1)
  expect(wrong.said.err).toContain('broker.port: ')
  const busy = start(['--config', (await configFile({ broker: { host: '127.0.0.1', port } })).file])
  expect(await busy.exit).toBe(1)
  expect(busy.said.err).toContain(`broker 127.0.0.1:${port}: `)
  const unknown = start(['dance'])
  expect(await unknown.exit).toBe(1)
  expect(unknown.said.err).toContain('no command dance')
  await new Promise((resolve) => taken.close(resolve))
})

test('the doctor names what is wrong and how to mend it', async () => {
  const { file } = await configFile({ lines: [{ id: 'rs485-1', url: 'serial:/dev/no-such-port' }], devices: [] })
  const { said, exit } = start(['doctor', '--config', file])
  expect(await exit).toBe(1)
  expect(said.out).toMatch(/^ok {3}config: gateway gw-cli/m)
  expect(said.out).toMatch(/^ok {3}broker: /m)
  expect(said.out).toMatch(/^BAD {2}line rs485-1: .*no-such-port.*\n {5}→ check the plug/m)
  expect(said.out).toMatch(/^BAD {2}uplink: 127\.0\.0\.1:1: .*\n {5}→ /m)
})

test('the scan finds the meter on a line, and says what to look at when there is none', async () => {
  const converter = createServer((socket) => {
    socket.on('data', () => socket.write(encodeAnswer({ dialect: '2007', say: 'address', address: '000000000161' })))
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(converter, 'listening')
  const address = converter.address()
  const url = `tcp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const found = start(['scan', '--line', url])
  expect(await found.exit).toBe(0)
  expect(JSON.parse(found.said.out)).toEqual({ protocol: 'dlt645', address: '000000000161' })
  await new Promise((resolve) => converter.close(resolve))
  const nothing = start(['scan', '--line', url])
  expect(await nothing.exit).toBe(1)
  expect(nothing.said.err).not.toBe('')
})
