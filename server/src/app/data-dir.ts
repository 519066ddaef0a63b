import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError } from '@anju/contract'

/** As built, or from its sources. */
const runsServer = /server\/(?:dist\/main\.js|src\/main\.ts)/
const pidFileOf = (dataDir: string): string => join(dataDir, 'run', 'server.pid')

/**
 * One server per data directory: two would each stop the other's PostgreSQL.
 * @returns what gives it back.
 */
export function claimDataDir(dataDir: string): () => void {
  mkdirSync(join(dataDir, 'run'), { recursive: true })
  const other = serverOf(dataDir)
  if (other !== undefined)
    throw new DomainError('config-malformed', `ANJU_DATA_DIR: another server (pid ${other}) uses ${dataDir}`)
  writeFileSync(pidFileOf(dataDir), `${process.pid}\n`)
  return () => rmSync(pidFileOf(dataDir), { force: true })
}

/** The living process that uses this data directory, when it is another one. */
export function serverOf(dataDir: string): number | undefined {
  const pid = Number(readIfThere(pidFileOf(dataDir)))
  return Number.isInteger(pid) && pid > 1 && pid !== process.pid && isServer(pid) ? pid : undefined
}

function isServer(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // After a power cut the number may belong to anything; where /proc tells, believe it.
  const commandLine = readIfThere(`/proc/${pid}/cmdline`)
  return commandLine === undefined ? process.platform !== 'linux' : runsServer.test(commandLine)
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
