import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { repositoryRoot } from './root.ts'
import { until, within } from './wait.ts'

/**
 * The Node that everything of ours runs on: the one pinned in the repository. A test may have been started by another, and a
 * part under test must not inherit that.
 */
export const nodePath = ((): string => {
  const pinned = resolve(repositoryRoot, 'node_modules/node/bin/node')
  return existsSync(pinned) ? pinned : process.execPath
})()

/** What one part compiled, every other one finds: it starts with half the work. */
export const compileCache = join(repositoryRoot, 'node_modules/.cache/anju-parts')

const logBytesMax = 256 * 1024
const lastLinesMax = 40

export interface Part {
  readonly name: string
  readonly pid: number
  /** The end of what it said on both streams. */
  log(): string
  /** One line on its standard input. */
  tell(line: string): void
  readonly alive: boolean
  /** Whether it lives, else how it ended, in words. */
  readonly fate: string
  /** How it ended, once it has. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Ends it as an operator would, and insists after the deadline. */
  stop(withinMs?: number): Promise<void>
  /** As a power cut would. */
  kill(): Promise<void>
}

const alive = new Set<ChildProcess>()
// A test run that dies takes its parts along; only those it started itself.
// Clusters and load processes add one of their own each.
process.setMaxListeners(100)
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

export interface StartOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly nodeArgs?: readonly string[]
  readonly cwd?: string
}

/** For commands of ours that start parts: a Ctrl-C or a kill must pass through `exit`, which takes the parts along. */
export function takePartsAlong(): void {
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.once(signal, () => process.exit(128 + number))
}

/** Starts one TypeScript entry of the repository as a process of its own. */
export function startPart(name: string, entry: string, options: StartOptions = {}): Part {
  const child = spawn(nodePath, [...(options.nodeArgs ?? []), join(repositoryRoot, entry), ...(options.args ?? [])], {
    cwd: options.cwd ?? repositoryRoot,
    env: cleanEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return partOf(name, child)
}

/** Starts any other program (a broker, a browser, a shell command). */
export function startProgram(name: string, program: string, args: readonly string[], options: StartOptions = {}): Part {
  const child = spawn(program, [...args], {
    cwd: options.cwd ?? repositoryRoot,
    env: cleanEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  return partOf(name, child)
}

/** The parent's environment without anything of ours, so that a developer's settings cannot change a test. */
function cleanEnvironment(more: Readonly<Record<string, string | undefined>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([key]) => !/^(?:ANJU_|DATABASE_|INFLUX_|VITEST|NODE_OPTIONS|TEST$)/.test(key),
  )
  return { ...Object.fromEntries(kept), ...more }
}

function partOf(name: string, child: ChildProcess): Part {
  let said = ''
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-logBytesMax)
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  alive.add(child)
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    // `close` comes after the last word on both streams.
    child.once('close', (code, signal) => {
      alive.delete(child)
      done({ code, signal })
    })
    child.once('error', (error) => {
      said += `\n${error.message}`
      alive.delete(child)
      done({ code: -1, signal: null })
    })
  })
  if (child.pid === undefined) throw new Error(`${name} could not be started`)
  const pid = child.pid
  return {
    name,
    pid,
    log: () => said,
    tell: (line) => void child.stdin?.write(`${line}\n`),
    get alive() {
      return child.exitCode === null && child.signalCode === null
    },
    get fate() {
      const { exitCode, signalCode } = child
      if (exitCode === null && signalCode === null) return `lives (pid ${pid})`
      return `ended with ${signalCode ?? `exit code ${exitCode}`}`
    },
    ended,
    async stop(withinMs = 10_000) {
      child.kill('SIGTERM')
      try {
        await within(`stopping ${name}`, withinMs, ended)
      } catch (error) {
        child.kill('SIGKILL')
        await ended
        throw new Error(`${(error as Error).message}; it last said:\n${said.slice(-2_000)}`, { cause: error })
      }
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/**
 * Waits for a part to be useful. @throws Error, when it ends instead or the time is over: what `ask` threw last, whether the part
 * lives or how it ended, and the last lines of its log.
 */
export async function ready(part: Part, what: string, ask: () => Promise<boolean>, withinMs: number): Promise<void> {
  const over = new AbortController()
  const gone = part.ended.then(() => {
    over.abort()
    throw new Error(`${part.name} ${part.fate} instead of being ${what}`)
  })
  try {
    const asking = until(`${part.name}: ${what}`, async () => over.signal.aborted || (await ask()), {
      withinMs,
      everyMs: 25,
    })
    await Promise.race([asking, gone])
  } catch (error) {
    const lines = part.log().trimEnd().split('\n').slice(-lastLinesMax)
    const title = `--- ${part.name} ${part.fate}; its last ${lines.length} lines ---`
    throw new Error([(error as Error).message, title, ...lines].join('\n'), { cause: error })
  } finally {
    gone.catch(() => undefined)
  }
}

/** CPU time a process has used so far, in µs, all its threads; Linux only. */
export function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  // utime and stime are fields 14 and 15 of the line, in ticks of 10 ms (USER_HZ is 100 on every Linux we run on).
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Resident memory of a process in KiB; Linux only. */
export function rssKiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  if (!line) throw new Error(`no VmRSS for process ${pid}`)
  return Number(line[1])
}
