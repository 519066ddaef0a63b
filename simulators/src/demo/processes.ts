import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, type Millis, millis, seconds, sleep } from '@anju/contract'

const askEvery = millis(20)
const endsWithin = seconds(4)

/** The number in a pid file; undefined when there is none. */
export async function pidIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const pid = Number(text.trim())
  return Number.isInteger(pid) && pid > 1 ? pid : undefined
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Command line and environment of a process, as far as the system shows them to us; empty when it shows nothing. */
export async function describeProcess(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')
    const commandLine = await read('cmdline')
    return commandLine === '' ? '' : `${commandLine}\0${await read('environ')}`.replaceAll('\0', '\n')
  }
  return new Promise((resolve) => {
    execFile('ps', ['-wwE', '-o', 'command=', '-p', String(pid)], (error, stdout) => resolve(error ? '' : stdout))
  })
}

/** A part of ours by the file it runs and the folder it works in. A pid alone may by now be anybody's. */
export async function isOurs(pid: number, runs: string, dataDir: string): Promise<boolean> {
  const description = await describeProcess(pid)
  return description.includes(runs) && description.includes(dataDir)
}

/** Resolves whether the process is gone in time. */
export async function gone(pid: number, clock: Clock, within: Millis): Promise<boolean> {
  const end = clock.monotonic() + within
  // A zombie waits for a parent that is not us and does nothing any more.
  const over = async () => !isAlive(pid) || (await describeProcess(pid)) === ''
  while (!(await over())) {
    if (clock.monotonic() > end) return false
    await sleep(clock, askEvery)
  }
  return true
}

const parts = [
  { name: 'home', runs: 'simulators/src/home/main.ts' },
  { name: 'gateway', runs: 'gateway/src/cli/main.ts' },
  { name: 'server', runs: 'server/dist/main.js' },
  // As the release before ran it.
  { name: 'server', runs: 'server/src/main.ts' },
] as const

/**
 * Ends what an earlier start left running: parts whose launcher was killed. A PostgreSQL that outlived its server is the next
 * server's to stop; it knows how.
 */
export async function endLeftovers(dataDir: string, clock: Clock, say: (message: string) => void): Promise<void> {
  await Promise.all(
    parts.map(async ({ name, runs }) => {
      const pid = await pidIn(join(dataDir, 'run', `${name}.pid`))
      if (pid === undefined || pid === process.pid || !isAlive(pid) || !(await isOurs(pid, runs, dataDir))) return
      say(`ending the ${name} (pid ${pid}) that an earlier start left behind`)
      signal(pid, 'SIGTERM')
      if (await gone(pid, clock, endsWithin)) return
      signal(pid, 'SIGKILL')
      await gone(pid, clock, endsWithin)
    }),
  )
}

/** A process that ended in between needs no signal. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
