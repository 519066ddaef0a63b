import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { errorMessage, formatInstant } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { startHome } from './app.ts'
import { readHomeConfig } from './config.ts'

/** One simulated home in a process of its own: `node simulators/src/home/main.ts --config FILE`. */
const log = (message: string) => console.log(`${formatInstant(systemClock.now())} ${message}`)

try {
  const { values } = parseArgs({ options: { config: { type: 'string' } } })
  if (!values.config) throw new Error('say which home: --config FILE')
  const config = readHomeConfig(values.config)
  const pidFile = join(config.dataDir, 'run', 'home.pid')
  mkdirSync(join(config.dataDir, 'run'), { recursive: true })
  const home = await startHome(config, { clock: systemClock, random: systemRandom, log })
  writeFileSync(pidFile, `${process.pid}\n`)
  log(`the home lives; meter at ${home.lines.meter}, radar at ${home.lines.radar}`)

  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) return
    stopping = true
    log(`${signal}: stopping`)
    await home.stop()
    rmSync(pidFile, { force: true })
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log(`could not stop in order: ${errorMessage(error)}`)
        process.exit(1)
      })
    })
} catch (error) {
  console.error(`the home cannot start: ${errorMessage(error)}`)
  process.exit(1)
}
