import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Clock, DomainError, errorMessage, millis, sleep } from '@anju/contract'
import { Client } from 'pg'
import type { Account } from './account.ts'

/** Of its socket's name only: it listens on no network. */
export const PORT = 5432
const logLinesMax = 60
const pollMs = 20
const fastStopMs = 4_000
/** It gives its children five seconds before it kills them. */
const immediateStopMs = 8_000
const answersWithinMs = 60_000
/** On a machine that has much else to do a log-in takes its time. */
export const connectWithinMs = 10_000
/** SQLSTATE `cannot_connect_now`. */
const STARTING_UP = '57P03'

/** One run of `postgres`; its last words are kept for whoever has to say why it ended. */
export interface Postmaster {
  readonly pid: number
  readonly ended: Promise<string>
  /** Fast shutdown (SIGINT): ends sessions, writes a checkpoint; immediate (SIGQUIT) when that takes too long, and SIGKILL. */
  stop(): Promise<void>
}

export function launch(
  program: string,
  args: readonly string[],
  cwd: string,
  account: Account | undefined,
  clock: Clock,
): Postmaster {
  // Its own process group: a Ctrl-C in the terminal is ours to pass on, after what is in flight has been committed.
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    ...account,
  })
  const lines: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter(Boolean))
    lines.splice(0, lines.length - logLinesMax)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`${signal ?? `exit ${code}`}: ${lines.slice(-5).join(' | ')}`))
  })
  return { pid: child.pid ?? -1, ended, stop: () => stopChild(child, ended, clock) }
}

async function stopChild(child: ChildProcess, ended: Promise<string>, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGINT')
  await Promise.race([ended, sleep(clock, millis(fastStopMs))])
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGQUIT')
  await Promise.race([ended, sleep(clock, millis(immediateStopMs))])
  // It hangs; what it leaves running is found by the next start.
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  await ended
}

/**
 * Resolves when it takes connections. One that lives and says that it is not that far yet is waited for: on a slow disk a recovery
 * takes long, and one that is broken off begins anew.
 * @throws DomainError `store-unavailable` when it ended, or said nothing for a minute.
 */
export async function answering(url: string, postmaster: Postmaster, clock: Clock): Promise<void> {
  let end = clock.monotonic() + answersWithinMs
  let ended: string | undefined
  const watch = async () => {
    ended = await postmaster.ended
  }
  void watch()
  for (let why = ''; ; ) {
    if (ended) throw new DomainError('store-unavailable', `PostgreSQL ended: ${ended}`)
    const client = new Client({ connectionString: url, connectionTimeoutMillis: connectWithinMs })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      why = errorMessage(error)
      if ((error as { code?: string }).code === STARTING_UP) end = clock.monotonic() + answersWithinMs
      await client.end().catch(() => undefined)
    }
    if (clock.monotonic() > end) throw new DomainError('store-unavailable', `PostgreSQL does not answer: ${why}`)
    await sleep(clock, millis(15))
  }
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * A postmaster outlives a killed server. It is stopped rather than adopted: it may run with other settings or programs than
 * this version's, and a fast shutdown costs a fraction of a second. Answers its pid, or undefined when there was none.
 * What locks it left on the cluster and on its socket are taken away: a killed one may linger as a zombie that nobody has
 * reaped yet, and PostgreSQL would take that pid for a living postmaster.
 */
export async function stopOrphan(cluster: string, sockets: string, clock: Clock): Promise<number | undefined> {
  const lockFile = join(cluster, 'postmaster.pid')
  const pid = Number((await readFile(lockFile, 'utf8').catch(() => '')).split('\n')[0])
  const socketLock = join(sockets, `.s.PGSQL.${PORT}.lock`)
  if (!Number.isInteger(pid) || pid <= 1) {
    await rm(socketLock, { force: true })
    return undefined
  }
  if (!alive(pid) || !(await isPostgresOf(pid, cluster))) {
    // Left by a power cut; the pid may by now belong to anything, and PostgreSQL would refuse to start beside it.
    for (const file of [lockFile, socketLock]) await rm(file, { force: true })
    return undefined
  }
  process.kill(pid, 'SIGINT')
  await gone(pid, fastStopMs, clock)
  if (alive(pid)) process.kill(pid, 'SIGQUIT')
  await gone(pid, fastStopMs, clock)
  return pid
}

async function gone(pid: number, withinMs: number, clock: Clock): Promise<void> {
  const end = clock.monotonic() + withinMs
  while (alive(pid) && clock.monotonic() < end) await sleep(clock, millis(pollMs))
}

/** By its working directory, which for a postmaster is its cluster; where /proc does not exist, by its lock file alone. */
async function isPostgresOf(pid: number, cluster: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  return commandLine === undefined ? process.platform !== 'linux' : commandLine.includes(cluster)
}

/**
 * Ends whatever works in a cluster that no postmaster of ours runs on: children that have missed the death of theirs, and a
 * postmaster that hangs. Nothing that was committed is lost by it. Answers their pids; where /proc does not exist, none.
 */
export async function endLeftovers(cluster: string): Promise<readonly number[]> {
  const folder = await realpath(cluster)
  const ended: number[] = []
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    const [works, program] = await Promise.all(
      ['cwd', 'exe'].map((link) => readlink(`/proc/${name}/${link}`).catch(() => '')),
    )
    if (works !== folder || !basename(program ?? '').startsWith('postgres')) continue
    try {
      process.kill(pid, 'SIGKILL')
      ended.push(pid)
    } catch {
      // It went by itself meanwhile.
    }
  }
  return ended
}
