import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant } from '@anju/contract'
import mqtt from 'mqtt'
import { SerialPort } from 'serialport'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { compileCache } from '../../../tests/harness/child.ts'
import { dlt645SinglePhase } from '../../../tests/harness/scanned-line.ts'

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
    env: { ...process.env, ANJU_DATA_DIR: '', NODE_COMPILE_CACHE: compileCache },
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

test('the scan finds the meter behind a converter, prints what goes into the configuration, and ends with Ctrl-C', async () => {
  const meter = dlt645SinglePhase('000000000161')
  const converter = createServer((socket) => {
    socket.on('data', (asked) => {
      const answer = meter.answer(asked, instant(Date.UTC(2026, 2, 9)))
      if (answer) socket.write(answer.bytes)
    })
    socket.on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(converter, 'listening')
  const address = converter.address()
  const url = `tcp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const scan = start(['scan', '--line', url])
  await until(() => expect(scan.said.out).toContain('\n'))
  expect(JSON.parse(scan.said.out)).toEqual({
    protocol: 'dlt645-2007',
    address: '000000000161',
    line: url,
    says: expect.stringMatching(/^Active energy.* kWh$/) as string,
    profiles: ['dlt645/single-phase', 'dlt645/three-phase'],
  })
  expect(scan.said.err).toMatch(/^1 setting, at most \d+ s; Ctrl-C ends it\n1 of 1: /)
  scan.child.kill('SIGINT')
  expect(await scan.exit).toBe(130)
  expect(scan.said.err).toMatch(/\nstopped at 1 of 1\n$/)
  await new Promise((resolve) => converter.close(resolve))
  const nothing = start(['scan', '--line', url])
  expect(await nothing.exit).toBe(1)
  expect(nothing.said.err).toMatch(/\nthe line could not be opened: .*ECONNREFUSED.*\n$/)
})

test('without a line the scan lists the ports of the machine and says what to type next', async () => {
  const { said, exit } = start(['scan'])
  const code = await exit
  const ports = said.out.split('\n').filter((text) => text !== '')
  for (const text of ports)
    expect(JSON.parse(text)).toMatchObject({ path: expect.stringMatching(/^\/dev\//) as string })
  expect(code).toBe(ports.length > 0 ? 0 : 1)
  expect(said.err).toMatch(/^(?:next: npm run gateway -- scan --line serial:|no serial port here|every port is held)/)
})

const socat = spawnSync('socat', ['-V']).error === undefined
if (!socat) console.warn('skipped: "the scan of a pseudo-terminal", socat is not installed')
test.skipIf(!socat)('the scan of a pseudo-terminal without a speed finds the meter at the first setting', async () => {
  const [ours, theirs] = [join(dir, 'adapter'), join(dir, 'meter')]
  const wire = spawn('socat', ['-d', `pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`], {
    stdio: 'ignore',
  })
  children.push(wire)
  await until(() => expect(existsSync(ours) && existsSync(theirs)).toBe(true))
  const meter = dlt645SinglePhase('000000000161')
  const port = new SerialPort({ path: theirs, baudRate: 2_400, parity: 'even' })
  port.on('data', (asked: Buffer) => {
    const answer = meter.answer(asked, instant(Date.UTC(2026, 2, 9)))
    if (answer) port.write(Buffer.from(answer.bytes))
  })
  const scan = start(['scan', '--line', `serial:${ours}`])
  await until(() => expect(scan.said.out).toContain('\n'))
  expect(JSON.parse(scan.said.out)).toMatchObject({
    protocol: 'dlt645-2007',
    address: '000000000161',
    line: `serial:${ours}?baud=2400&parity=even`,
  })
  scan.child.kill('SIGINT')
  expect(await scan.exit).toBe(130)
  await new Promise((resolve) => port.close(resolve))
})
