import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodePath } from '../harness/child.ts'
import { repositoryRoot } from '../harness/root.ts'
import { until } from '../harness/wait.ts'

export const PARTS = ['server', 'gateway', 'postgres', 'home'] as const
export type PartName = (typeof PARTS)[number]

const readyWithinMs = 20_000

/** `npm start` as somebody in a terminal runs it: in a process group of its own. */
export class Terminal {
  readonly child: ChildProcess
  readonly ended: Promise<[number | null, NodeJS.Signals | null]>
  printed = ''

  constructor(env: NodeJS.ProcessEnv) {
    this.child = spawn('npm', ['start'], {
      cwd: repositoryRoot,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text: Buffer) => {
        this.printed += text.toString()
      })
    this.ended = once(this.child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  }

  async ready(): Promise<void> {
    const printedReady = () => {
      if (this.child.exitCode !== null) throw new Error('npm start ended')
      return /^ready$/m.test(this.printed)
    }
    await until('npm start to print ready', printedReady, { withinMs: readyWithinMs }).catch((error: Error) => {
      throw new Error(`${error.message}\n--- it printed ---\n${this.printed}`)
    })
  }

  /** What a terminal does at Ctrl-C: the signal reaches the whole group. */
  signal(name: NodeJS.Signals): void {
    if (this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null)
      process.kill(-this.child.pid, name)
  }
}

export function pidOf(dataDir: string, part: PartName): number | undefined {
  const file = join(dataDir, 'run', `${part}.pid`)
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined
}

export function isRunning(pid: number | undefined): boolean {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    // A zombie whose new parent has not looked yet runs nothing.
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** `npm run simulate -- …` in a second shell. */
export async function simulate(
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<{ code: number | null; said: string }> {
  const child = spawn(nodePath, [join(repositoryRoot, 'simulators/src/cli/main.ts'), ...args], { env })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      said += text.toString()
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}
