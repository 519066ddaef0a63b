import { flushCompileCache } from 'node:module'
import { seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { type App, startApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { claimDataDir } from './data-dir.ts'

/** A stop that takes longer than this hangs, and whoever asked for it is waiting. */
const stopWithin = seconds(8)

/** Runs the server until it is asked to stop. */
export async function serve(): Promise<void> {
  const config = loadConfig()
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const release = claimDataDir(config.dataDir)
  process.on('exit', release)

  const stopped = new AbortController()
  const starting = startApp({ config, clock: systemClock, random: systemRandom, log, stopped: stopped.signal })
  const stop = (why: string) => {
    if (stopped.signal.aborted) return
    stopped.abort()
    log.info({ why }, 'stopping')
    systemClock.after(stopWithin, () => {
      log.fatal({}, 'did not stop in time')
      process.exit(1)
    })
    // A start that is given up is told where it was awaited.
    starting.then(end, () => undefined)
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  // A promise nobody waited for is a bug; going on in an unknown state would hide it. Homes keep what was not receipted.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug')
    process.exitCode = 1
    stop('a bug')
  })

  const app = await starting
  log.info({ url: app.url, pid: process.pid }, 'server is up')
  process.stdout.write(`server ${app.url}\n`)
  // Where it is kept at all (NODE_COMPILE_CACHE), what was compiled is kept also by a process that is killed.
  flushCompileCache()
}

const end = (app: App): Promise<never> =>
  app.close().then(
    // Without a code of its own: after a bug the supervisor must see that this was no ordinary end.
    () => process.exit(),
    () => process.exit(1),
  )
