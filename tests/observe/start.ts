import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../bench/figures.ts'
import { logIn } from '../harness/api.ts'
import { type Part, ready, startPart } from '../harness/child.ts'
import { freePort } from '../harness/ports.ts'
import { demoPassword, temporaryFolder } from '../harness/server.ts'
import { slowness, until } from '../harness/wait.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const runs = { short: 1, full: 5 } as const satisfies Record<Scale, number>
const boundsS = { ready: 20, stop: 5 }
const parts = ['server', 'gateway', 'postgres', 'home'] as const

export const start: Observation = {
  id: 'start',
  what: '`npm start` on a fresh data folder: ready in 20 s, everything ended 5 s after Ctrl-C, alarms and telemetry kept over a second start and over kill -9 of everything',
  async run(scale, say) {
    const expect = new Expectations()
    const times = { first: [] as number[], stop: [] as number[], second: [] as number[], afterKill: [] as number[] }
    for (let run = 1; run <= runs[scale]; run++) {
      const dataDir = temporaryFolder('anju-start')
      const env = await environment(dataDir)
      let launcher: Part | undefined
      try {
        const began = async () => {
          const from = performance.now()
          launcher = startPart('npm start', 'simulators/src/demo/start.ts', { env })
          const part = launcher
          await ready(part, 'the line "ready"', async () => /^ready$/m.test(part.log()), 60_000)
          return (performance.now() - from) / 1_000
        }
        times.first.push(await began())
        const operator = await logIn(`http://127.0.0.1:${env['ANJU_HTTP_PORT']}`, 'operator', demoPassword)
        const press = startPart('press-sos', 'simulators/src/cli/main.ts', { args: ['press-sos'], env })
        expect.that((await press.ended).code === 0, `press-sos ended badly: ${press.log()}`)
        const alarm = await until('the alarm', async () => (await operator.alarms()).find(isPress), { withinMs: 5_000 })

        times.stop.push(await ctrlC(launcher, dataDir, expect))
        times.second.push(await began())
        const again = await logIn(operator.base, 'operator', demoPassword)
        expect.that(
          (await again.alarms()).some(({ id }) => id === alarm.id),
          'a second start lost the alarm',
        )

        const pids = pidsOf(dataDir)
        expect.that(Object.keys(pids).length === parts.length, `pid files: ${Object.keys(pids).join(', ')}`)
        await launcher?.kill()
        for (const pid of Object.values(pids)) killIfThere(pid)
        times.afterKill.push(await began())
        const third = await logIn(operator.base, 'operator', demoPassword)
        expect.that(
          (await third.alarms()).some(({ id }) => id === alarm.id),
          'kill -9 of everything lost the alarm',
        )
        await ctrlC(launcher, dataDir, expect)
      } finally {
        if (launcher?.alive) await launcher.kill()
        for (const pid of Object.values(pidsOf(dataDir))) killIfThere(pid)
        rmSync(dataDir, { recursive: true, force: true })
      }
      say(`run ${run}: ready ${times.first.at(-1)?.toFixed(1)} s, stopped ${times.stop.at(-1)?.toFixed(1)} s`)
    }
    const margin = slowness
    const seconds = Object.fromEntries(Object.entries(times).map(([what, list]) => [what, rounded(median(list))]))
    expect.that(median(times.first) <= boundsS.ready * margin, `first start ready after ${seconds['first']} s`)
    expect.that(median(times.afterKill) <= boundsS.ready * margin, `start after kill -9: ${seconds['afterKill']} s`)
    expect.that(median(times.stop) <= boundsS.stop * margin, `Ctrl-C took ${seconds['stop']} s`)
    return {
      figures: {
        runs: runs[scale],
        'first start ready s': seconds['first'] ?? 0,
        'second start ready s': seconds['second'] ?? 0,
        'start after kill -9 ready s': seconds['afterKill'] ?? 0,
        'Ctrl-C to the last process gone s': seconds['stop'] ?? 0,
      },
      wrong: expect.wrong,
    }
  },
}

const isPress = ({ type }: { type: string }): boolean => type === 'sos-pressed'

async function environment(dataDir: string): Promise<Record<string, string>> {
  const names = ['ANJU_HTTP_PORT', 'ANJU_MQTT_PORT', 'ANJU_GATEWAY_MQTT_PORT', 'ANJU_GATEWAY_HTTP_PORT']
  const env: Record<string, string> = { ANJU_DATA_DIR: dataDir, ANJU_DEMO_PASSWORD: demoPassword }
  for (const name of names) env[name] = String(await freePort())
  return env
}

/** The parts' own pid files. */
function pidsOf(dataDir: string): Record<string, number> {
  const folder = join(dataDir, 'run')
  if (!existsSync(folder)) return {}
  return Object.fromEntries(
    readdirSync(folder)
      .filter((file) => parts.some((part) => file === `${part}.pid`))
      .map((file) => [file.replace('.pid', ''), Number(readFileSync(join(folder, file), 'utf8'))]),
  )
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie has ended: it only waits to be counted by its parent.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function killIfThere(pid: number): void {
  if (Number.isInteger(pid) && pid > 1 && isThere(pid)) process.kill(pid, 'SIGKILL')
}

/** Seconds from SIGINT until the launcher and every part of it are gone. */
async function ctrlC(launcher: Part | undefined, dataDir: string, expect: Expectations): Promise<number> {
  if (!launcher) throw new Error('nothing was started')
  const pids = Object.values(pidsOf(dataDir))
  expect.that(pids.length === parts.length, `only ${pids.length} of ${parts.length} parts have a pid file`)
  const from = performance.now()
  process.kill(launcher.pid, 'SIGINT')
  await until('every process to end', () => !launcher.alive && !pids.some(isThere), { withinMs: 30_000 })
  return (performance.now() - from) / 1_000
}
