import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Clock, DomainError, formatInstant } from '@anju/contract'
import type { Vault } from '../telemetry/influx-setup/token-shelf.ts'

/**
 * New tokens go into a file that only its owner can read, and are never printed: a terminal's scrollback, a recording of it and
 * the log of a deployment keep what they show. Lines are added, none is replaced: what was there before may still be in use.
 */
export class TokenFile implements Vault {
  readonly #path: string
  readonly #clock: Clock
  #file: FileHandle | undefined
  /** The names of what was put into it. */
  readonly written: string[] = []

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  /** @throws DomainError `config-malformed` when it cannot be written, or when others can read it. */
  async open(): Promise<void> {
    if (this.#file) return
    let file: FileHandle | undefined
    try {
      await mkdir(dirname(this.#path), { recursive: true })
      file = await open(this.#path, 'a', 0o600)
    } catch (error) {
      throw new DomainError('config-malformed', `--tokens: ${this.#path} cannot be written`, {}, { cause: error })
    }
    const { mode } = await file.stat()
    if ((mode & 0o077) !== 0) {
      await file.close()
      throw new DomainError(
        'config-malformed',
        `--tokens: others can read ${this.#path}: chmod 600 it, or name another`,
      )
    }
    this.#file = file
  }

  async put(name: string, secret: string): Promise<void> {
    const variable = `INFLUX_TOKEN_${name.replace(/^anju (\w+).*$/, '$1').toUpperCase()}`
    await this.#file?.appendFile(`# ${name}, ${formatInstant(this.#clock.now())}\n${variable}=${secret}\n`)
    await this.#file?.sync()
    this.written.push(variable)
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }
}
