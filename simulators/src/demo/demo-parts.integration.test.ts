import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { millis, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadDemoConfig } from './config.ts'
import { LogFile } from './log-file.ts'
import { Part } from './part.ts'
import { checkPorts } from './ports.ts'
import { endLeftovers, isAlive } from './processes.ts'

const patience = { timeout: 15_000, interval: 20 }
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-demo-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A part that runs a script written for the occasion. */
function aPart(script: string, givesUp: (why: string) => boolean = () => false) {
  writeFileSync(join(folder, 'script.ts'), script)
  const said: string[] = []
  const part = new Part({
    name: 'script',
    runs: 'script.ts',
    args: [],
    env: {},
    root: folder,
    preload: join(import.meta.dirname, 'parent-watch.ts'),
    logDir: folder,
    clock: systemClock,
    say: (message) => said.push(message),
    givesUp,
  })
  return { part, said, log: () => readFileSync(join(folder, 'script.log'), 'utf8') }
}

test('a part that is killed comes back, and that is said', async () => {
  const { part, said, log } = aPart("console.log('alive', process.pid); setInterval(() => {}, 1_000)")
  await expect.poll(log, patience).toMatch(/alive \d+\n/)
  const first = part.pid ?? 0
  process.kill(first, 'SIGKILL')
  await expect.poll(log, patience).toMatch(/alive \d+\nalive \d+\n/)
  expect(part.pid).not.toBe(first)
  expect(said).toEqual(['the script ended (SIGKILL); starting it again in 0.1 s'])
  const second = part.pid ?? first
  expect(await part.stop(seconds(3))).toBe(true)
  expect(isAlive(second)).toBe(false)
})

test('a part that never gets up is given up with its own last words', async () => {
  const hopeless = Promise.withResolvers<string>()
  const { part, said } = aPart("console.error('the disk is full'); process.exit(3)", (why) => {
    hopeless.resolve(why)
    return true
  })
  expect(await hopeless.promise).toBe('the disk is full')
  expect(said[0]).toBe('the script ended (exit code 3); starting it again in 0.1 s')
  expect(said).toHaveLength(4)
  await part.stop(seconds(1))
})

test('a part that will not stop is made to', async () => {
  const { part, log } = aPart("process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1_000)")
  await expect.poll(log, patience).toContain('deaf')
  const pid = part.pid ?? 0
  expect(await part.stop(millis(200))).toBe(false)
  expect(isAlive(pid)).toBe(false)
})

const aProcess = async (file: string) => {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  return child
}

test('leftovers are ended, and a stranger with the same number is not', async () => {
  const runs = join(folder, 'simulators/src/home/main.ts')
  mkdirSync(join(folder, 'simulators/src/home'), { recursive: true })
  mkdirSync(join(folder, 'run'))
  writeFileSync(runs, "console.log('up'); setInterval(() => {}, 1_000)")
  const left = await aProcess(runs)
  writeFileSync(join(folder, 'stranger.ts'), readFileSync(runs))
  const stranger = await aProcess(join(folder, 'stranger.ts'))
  writeFileSync(join(folder, 'run', 'home.pid'), `${left.pid}\n`)
  writeFileSync(join(folder, 'run', 'server.pid'), `${stranger.pid}\n`)
  writeFileSync(join(folder, 'run', 'gateway.pid'), 'not a number')

  const ended = once(left, 'exit')
  const said: string[] = []
  await endLeftovers(folder, systemClock, (message) => said.push(message))
  expect(await ended).toEqual([null, 'SIGTERM'])
  expect(said).toEqual([`ending the home (pid ${left.pid}) that an earlier start left behind`])
  expect(isAlive(stranger.pid ?? 0)).toBe(true)
  stranger.kill('SIGKILL')
})

test('a port in use is named together with its variable', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const taken = String((server.address() as AddressInfo).port)
  const free = { ANJU_HTTP_PORT: '21001', ANJU_MQTT_PORT: '21002', ANJU_GATEWAY_MQTT_PORT: '21003' }
  const check = (env: Record<string, string>) => checkPorts(loadDemoConfig({ ...free, ...env }))
  await expect(check({ ANJU_GATEWAY_HTTP_PORT: taken })).rejects.toThrow(
    `port ${taken} on 127.0.0.1 cannot be used (another program listens there): set ANJU_GATEWAY_HTTP_PORT to a free one`,
  )
  await expect(check({ ANJU_GATEWAY_HTTP_PORT: '21001' })).rejects.toThrow('ANJU_HTTP_PORT and ANJU_GATEWAY_HTTP_PORT')
  await new Promise((resolve) => server.close(resolve))
})

test('a full log makes room and keeps what was last', () => {
  const log = new LogFile(join(folder, 'x.log'))
  appendFileSync(log.path, 'a line\n')
  log.rotateWhenFull()
  expect(existsSync(`${log.path}.1`)).toBe(false)
  expect(log.lastLine()).toBe('a line')
  appendFileSync(log.path, `${'x'.repeat(4 * 1024 * 1024)}\n`)
  log.rotateWhenFull()
  expect(statSync(`${log.path}.1`).size).toBeGreaterThan(4 * 1024 * 1024)
  appendFileSync(log.path, 'the next line\n')
  expect(readFileSync(log.path, 'utf8')).toBe('the next line\n')
  log.close()
})
