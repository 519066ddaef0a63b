import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Clock, elapsed, type Millis, type Monotonic, millis, seconds, type Timer } from '@anju/contract'
import { partEnvironment } from './config.ts'
import { LogFile } from './log-file.ts'

const restartDelayMin = millis(100)
const restartDelayMax = seconds(2)
/** A part that lived this long has not failed to start; its next end is a new story. */
const settledAfter = seconds(10)
const rotateEvery = seconds(5)

export interface PartOptions {
  readonly name: string
  /** The file it runs, from the top of the repository. */
  readonly runs: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly root: string
  /** Loaded before its own first line. */
  readonly preload: string
  readonly logDir: string
  readonly clock: Clock
  readonly say: (message: string) => void
  /** It ended again and again right after its start. Answers whether to give it up. */
  readonly givesUp: (why: string) => boolean
}

/** As many ends in a row, each soon after a start, are no accident. */
const failuresMax = 5

/** One process of the demo, kept alive until it is stopped. */
export class Part {
  readonly name: string
  readonly #options: PartOptions
  readonly #log: LogFile
  readonly #rotating: Timer
  #child: ChildProcess | undefined
  #restart: Timer | undefined
  #restartDelay: Millis = restartDelayMin
  #startedAt: Monotonic
  #failures = 0
  #stopping = false

  constructor(options: PartOptions) {
    this.name = options.name
    this.#options = options
    this.#log = new LogFile(join(options.logDir, `${options.name}.log`))
    this.#rotating = options.clock.every(rotateEvery, () => this.#log.rotateWhenFull())
    this.#startedAt = options.clock.monotonic()
    this.#start()
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Ends the process and lets it be started anew, with what its files say by now. */
  restart(): void {
    this.#child?.kill('SIGTERM')
  }

  /** Asks it to stop; insists with SIGKILL after `within`. Resolves, once it is gone, whether it stopped by itself. */
  async stop(within: Millis): Promise<boolean> {
    this.#stopping = true
    this.#restart?.cancel()
    this.#rotating.cancel()
    const child = this.#child
    let forced = false
    if (child) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      const force = this.#options.clock.after(within, () => {
        forced = true
        child.kill('SIGKILL')
      })
      child.kill('SIGTERM')
      await ended
      force.cancel()
    }
    this.#log.close()
    return !forced
  }

  #start(): void {
    const { root, preload, runs, args, env } = this.#options
    this.#startedAt = this.#options.clock.monotonic()
    const child = spawn(process.execPath, ['--import', preload, join(root, runs), ...args], {
      cwd: root,
      env: partEnvironment(env),
      // A group of its own: Ctrl-C reaches the launcher alone, which then stops the parts in order.
      detached: true,
      stdio: ['ignore', this.#log.descriptor, this.#log.descriptor, 'ipc'],
    })
    this.#child = child
    child.once('error', (error) => this.#ended(child, error.message))
    child.once('exit', (code, signal) => this.#ended(child, signal ?? `exit code ${code}`))
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return
    this.#child = undefined
    if (this.#stopping) return
    const { clock, say, givesUp } = this.#options
    if (elapsed(this.#startedAt, clock.monotonic()) >= settledAfter) {
      this.#restartDelay = restartDelayMin
      this.#failures = 0
    }
    this.#failures += 1
    if (this.#failures >= failuresMax && givesUp(this.#log.lastLine() || how)) return
    say(`the ${this.name} ended (${how}); starting it again in ${this.#restartDelay / 1_000} s`)
    this.#restart = clock.after(this.#restartDelay, () => this.#start())
    this.#restartDelay = millis(Math.min(this.#restartDelay * 2, restartDelayMax))
  }
}
