import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { MeasurementAnswer } from '@anju/contract/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, logIn } from '../harness/api.ts'
import { freePort } from '../harness/ports.ts'
import { demoPassword, temporaryFolder } from '../harness/server.ts'
import { slowness, until } from '../harness/wait.ts'
import { isRunning, PARTS, type PartName, pidOf, simulate, Terminal } from './terminal.ts'

const stopWithinMs = 5_000
const patience = { withinMs: 15_000 }

let folder = ''
let dataDir = ''
let env: NodeJS.ProcessEnv = {}
let base = ''
let terminal: Terminal

beforeAll(async () => {
  folder = temporaryFolder('anju-start')
  dataDir = join(folder, 'var')
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:ANJU_|DATABASE_|INFLUX_|VITEST|NODE_OPTIONS|npm_)/.test(name),
  )
  env = {
    ...Object.fromEntries(inherited),
    ANJU_DATA_DIR: dataDir,
    ANJU_DEMO_PASSWORD: demoPassword,
    ANJU_HTTP_PORT: String(port),
    ANJU_MQTT_PORT: String(await freePort()),
    ANJU_GATEWAY_MQTT_PORT: String(await freePort()),
    ANJU_GATEWAY_HTTP_PORT: String(await freePort()),
  }
})
afterAll(async () => {
  terminal?.signal('SIGINT')
  await terminal?.ended
  rmSync(folder, { recursive: true, force: true })
})

const pids = () => PARTS.map((part) => pidOf(dataDir, part))
const running = () => PARTS.filter((part) => isRunning(pidOf(dataDir, part)))
const operator = () => logIn(base, 'operator', demoPassword)
const ableToTakeAlarms = async () => (await fetch(`${base}/readyz`)).ok
const presses = async (api: Api) => (await api.alarms()).filter(({ type }) => type === 'sos-pressed')

async function occurrences(count: number): Promise<void> {
  const api = await operator()
  const counted = async () => (await presses(api))[0]?.occurrences === count
  await until(`the open alarm to count ${count} presses`, counted, patience)
  expect(await presses(api)).toHaveLength(1)
}

async function seen(api: Api, point: string): Promise<MeasurementAnswer['items']> {
  const to = Date.now() + 1_000
  const span = `from=${new Date(to - 600_000).toISOString()}&to=${new Date(to).toISOString()}&every=1s`
  const path = `/homes/home-1/measurements?placement=meter&point=${point}&${span}`
  const { status, body } = await api.call<MeasurementAnswer>('GET', path)
  if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
  return body.items
}

// One story in order: each test leaves the system as the next one finds it.
test('npm start is ready in time, and says what a newcomer needs', async () => {
  terminal = new Terminal(env)
  await terminal.ready()
  expect(terminal.printed).toContain(`${base}/`)
  expect(terminal.printed).toContain(`account operator ${demoPassword}\n`)
  expect(terminal.printed.match(/^account \w+ \S+$/gm)).toHaveLength(6)
  expect(running()).toEqual(PARTS)
})

test('a press from a second shell is an alarm', async () => {
  const { code, said } = await simulate(env, 'press-sos')
  expect(said).toContain('on disk')
  expect(code).toBe(0)
  await occurrences(1)
})

test('the meter is drawn, and when it falls silent it is absent and never 0', async () => {
  const api = await operator()
  for (const point of ['voltage', 'active-power', 'active-energy'])
    await until(`${point} at the server`, async () => (await seen(api, point)).some(({ last }) => (last ?? 0) > 0), {
      withinMs: 20_000,
    })
  expect(await simulate(env, 'stop-meter')).toMatchObject({ code: 0 })
  const silent = async () => (await seen(api, 'active-power')).some(({ absent }) => absent === 'no-answer')
  await until('the meter to be absent because it does not answer', silent, { withinMs: 30_000 })
  const values = (await seen(api, 'active-power')).filter(({ last }) => last !== null)
  expect(values.length).toBeGreaterThan(0)
  expect(values.filter(({ min }) => (min ?? 0) <= 0)).toEqual([])
  expect(await simulate(env, 'start-meter')).toMatchObject({ code: 0 })
})

test('a second one on the same data says so and ends', async () => {
  const second = new Terminal(env)
  const [code] = await second.ended
  expect(second.printed).toContain(`npm start: it already runs on ${dataDir}`)
  expect(code).toBe(1)
  expect(running()).toEqual(PARTS)
})

test.for<PartName>(['home', 'gateway', 'server', 'postgres'])('a %s that is killed comes back', async (part) => {
  const killed = pidOf(dataDir, part)
  process.kill(killed ?? 0x7fffffff, 'SIGKILL')
  const back = () => pidOf(dataDir, part) !== killed && running().length === PARTS.length
  await until(`the ${part} to be back`, back, patience)
  await until('the server to be able to take an alarm', ableToTakeAlarms, patience)
  expect(running()).toEqual(PARTS)
})

test('a press after all that still arrives', async () => {
  await until('the home to press', async () => (await simulate(env, 'press-sos')).code === 0, patience)
  await occurrences(2)
  for (const part of ['home', 'gateway', 'server']) expect(terminal.printed).toContain(`the ${part} ended (SIGKILL)`)
})

test('Ctrl-C ends every process in time', async () => {
  const before = pids()
  const from = performance.now()
  terminal.signal('SIGINT')
  const [code, signal] = await terminal.ended
  await until('every process to be gone', () => !before.some(isRunning), { withinMs: stopWithinMs })
  expect(performance.now() - from).toBeLessThan(stopWithinMs * slowness)
  // We end with 0; npm hands the signal on to itself and may end by it.
  expect(code === 0 || signal === 'SIGINT').toBe(true)
  expect(pids().filter((pid) => pid !== undefined)).toEqual([])
})

test('a second start keeps the alarm and the measurements', async () => {
  terminal = new Terminal(env)
  await terminal.ready()
  await occurrences(2)
  expect((await seen(await operator(), 'voltage')).some(({ last }) => (last ?? 0) > 0)).toBe(true)
})

test('after kill -9 of everything, a start finds its way', async () => {
  const before = pids()
  terminal.signal('SIGKILL') // npm and the launcher
  for (const pid of before) if (pid && isRunning(pid)) process.kill(pid, 'SIGKILL')
  await until('every process to be gone', () => !before.some(isRunning), patience)
  terminal = new Terminal(env)
  await terminal.ready()
  await occurrences(2)
  expect(running()).toEqual(PARTS)
})

test('when only the launcher is killed, its parts end by themselves and leave the way free', async () => {
  const before = pids()
  terminal.signal('SIGKILL')
  await until('the parts to notice', () => !before.some(isRunning), { withinMs: stopWithinMs })
  terminal = new Terminal(env)
  await terminal.ready()
  expect(terminal.printed).not.toContain('left behind')
  await occurrences(2)
})
