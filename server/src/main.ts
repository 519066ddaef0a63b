import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError, errorMessage, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { startApp } from './app.ts'
import { type Config, loadConfig } from './config.ts'

/** A stop that takes longer than this hangs, and whoever asked for it is waiting. */
const stopWithin = seconds(8)

async function main(): Promise<void> {
  const config = loadConfig()
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const pidFile = claimDataDir(config)
  process.on('exit', () => rmSync(pidFile, { force: true }))

  let stopping = false
  const starting = startApp({ config, clock: systemClock, random: systemRandom, log })
  const stop = (why: string) => {
    if (stopping) return
    stopping = true
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
}

/** One server per data directory: two would each stop the other's PostgreSQL. */
function claimDataDir({ dataDir }: Config): string {
  const folder = join(dataDir, 'run')
  mkdirSync(folder, { recursive: true })
  const pidFile = join(folder, 'server.pid')
  const other = Number(readIfThere(pidFile))
  if (Number.isInteger(other) && other > 1 && other !== process.pid && isServer(other))
    throw new DomainError('config-malformed', `ANJU_DATA_DIR: another server (pid ${other}) uses ${dataDir}`)
  writeFileSync(pidFile, `${process.pid}\n`)
  return pidFile
}

function isServer(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // After a power cut the number may belong to anything; where /proc tells, believe it.
  const commandLine = readIfThere(`/proc/${pid}/cmdline`)
  return commandLine === undefined ? process.platform !== 'linux' : commandLine.includes('server/src/main.ts')
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`server: ${errorMessage(error)}\n`)
  if (!(error instanceof DomainError)) console.error(error)
  process.exit(1)
})
