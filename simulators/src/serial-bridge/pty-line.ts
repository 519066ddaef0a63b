import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { accessSync, constants, existsSync, rmSync, watch } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { errorMessage, type Millis, millis, type Timer } from '@anju/contract'
import { type LineParts, type SimulatedLine, waitingBytesMax } from './line.ts'

const restartDelayMax = millis(2_000)
const startWithin = millis(5_000)
const stopWithin = millis(1_500)

/** Where socat is on a PATH; undefined when it is not installed. */
export function findSocat(path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'socat'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/**
 * A pseudo-terminal whose far end is ours, made by socat. Our end is socat's standard input and output, so socat ends with
 * this process however this process ends. A socat that dies is started again under the same path.
 * @throws Error when the pseudo-terminal cannot be made.
 */
export async function openPtyLine(
  options: { readonly socat: string; readonly path: string; readonly settings: string },
  parts: LineParts,
): Promise<SimulatedLine & { readonly pid: number | undefined }> {
  const line = new PtyLine(options, parts)
  await line.start()
  return line
}

type Socat = ChildProcessByStdio<Writable, Readable, Readable>

class PtyLine implements SimulatedLine {
  readonly url: string
  readonly #socat: string
  readonly #path: string
  readonly #parts: LineParts
  #child: Socat | undefined
  #restart: Timer | undefined
  #restartDelay: Millis = millis(50)
  #stopped = false

  constructor(
    { socat, path, settings }: { readonly socat: string; readonly path: string; readonly settings: string },
    parts: LineParts,
  ) {
    this.url = `serial:${path}?${settings}`
    this.#socat = socat
    this.#path = path
    this.#parts = parts
  }

  /** Of the socat that carries the line now. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(): Promise<void> {
    rmSync(this.#path, { force: true }) // the link of a socat that was killed points nowhere
    const child = this.#spawn()
    await this.#linked(child)
  }

  write(bytes: Uint8Array): void {
    const stdin = this.#child?.stdin
    if (stdin?.writable && stdin.writableLength < waitingBytesMax) stdin.write(bytes)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#restart?.cancel()
    const child = this.#child
    if (!child) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const force = this.#parts.clock.after(stopWithin, () => child.kill('SIGKILL'))
    child.kill('SIGTERM')
    await gone
    force.cancel()
    rmSync(this.#path, { force: true })
  }

  #spawn(): Socat {
    const child = spawn(this.#socat, [`pty,raw,echo=0,link=${this.#path}`, 'STDIO'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stdout.on('data', (bytes: Buffer) => this.#parts.hear(bytes))
    child.stderr.on('data', (text: Buffer) => this.#parts.log(`socat: ${text.toString().trim().slice(0, 300)}`))
    child.stdin.on('error', () => {}) // told by `exit`
    child.on('error', (error) => this.#parts.log(`socat cannot be started: ${error.message}`))
    child.once('close', (code, signal) => this.#ended(child, code, signal))
    return child
  }

  #ended(child: Socat, code: number | null, signal: string | null): void {
    if (this.#child === child) this.#child = undefined
    if (this.#stopped) return
    this.#parts.log(`socat ended (${signal ?? code}), the line is made again in ${this.#restartDelay} ms`)
    this.#restart = this.#parts.clock.after(this.#restartDelay, () => {
      void this.#startAgain()
    })
    this.#restartDelay = millis(Math.min(this.#restartDelay * 2, restartDelayMax))
  }

  /** A socat that cannot be started ends, and its end is what tries the next time. */
  async #startAgain(): Promise<void> {
    try {
      await this.start()
      this.#restartDelay = millis(50)
    } catch (error) {
      this.#parts.log(errorMessage(error))
    }
  }

  /** The link appears once the pseudo-terminal is there. */
  #linked(child: Socat): Promise<void> {
    return new Promise((resolve, reject) => {
      const watcher = watch(dirname(this.#path), (_, name) => {
        if (name === null || name === basename(this.#path)) look()
      })
      const finish = (error?: Error) => {
        watcher.close()
        tooLong.cancel()
        child.removeListener('close', died)
        if (error) reject(error)
        else resolve()
      }
      const died = () => finish(new Error(`socat ended before ${this.#path} was there`))
      const tooLong = this.#parts.clock.after(startWithin, () => {
        child.kill('SIGKILL')
        finish(new Error(`socat did not make ${this.#path} within ${startWithin} ms`))
      })
      const look = () => {
        if (existsSync(this.#path)) finish()
      }
      child.once('close', died)
      look()
    })
  }
}
