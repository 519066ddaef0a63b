import { flushCompileCache } from 'node:module'
import { DomainError, errorMessage, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { claimDataDir } from './app/data-dir.ts'
import { startApp } from './app.ts'
import { runCommand } from './cli/commands.ts'
import { loadConfig } from './config.ts'

/** A stop that takes longer than this hangs, and whoever asked for it is waiting. */
const stopWithin = seconds(8)

async function main(): Promise<void> {
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
    starting
      .then((app) => app.close())
      .then(
        // Without a code of its own: after a bug the supervisor must see that this was no ordinary end.
        () => process.exit(),
        () => process.exit(1),
      )
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

const [command, ...rest] = process.argv.slice(2)
const run = command === undefined ? main() : runCommand(command, rest).then((code) => process.exit(code))
run.catch((error: unknown) => {
  // A message may quote a file somebody was sent: nothing of it may steer the terminal.
  process.stderr.write(`server: ${errorMessage(error).replaceAll(/\p{Cc}/gu, ' ')}\n`)
  if (!(error instanceof DomainError)) console.error(error)
  process.exit(1)
})
