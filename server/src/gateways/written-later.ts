import { type Clock, seconds, type Timer } from '@anju/contract'
import type { Actor, Database, Transaction } from '../ports.ts'
import type { Log } from '../uplink-ports.ts'

const actor: Actor = { kind: 'system', part: 'gateways' }
const flushEvery = seconds(1)

interface Writing<V> {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** What it is, for the log: "what gateways hear". */
  readonly what: string
  readonly perWriteMax: number
  readonly write: (tx: Transaction, some: readonly V[]) => Promise<unknown>
}

/**
 * What a city's gateways say of themselves, written once a second for all of them together: a few statements, and not a transaction
 * each. Of one key the last word is written. As many as there are gateways and what is found of each, and no more.
 */
export class WrittenLater<V> {
  readonly #writing: Writing<V>
  readonly #timer: Timer
  #waiting = new Map<string, V>()
  #flight: Promise<void> | undefined

  constructor(writing: Writing<V>) {
    this.#writing = writing
    this.#timer = writing.clock.every(flushEvery, () => void this.flush())
  }

  set(key: string, value: V): void {
    this.#waiting.set(key, value)
  }

  /** Writes what waits; what could not be written waits for the next time, unless there is a newer word by then. Never rejects. */
  async flush(): Promise<void> {
    this.#flight ??= this.#write().finally(() => {
      this.#flight = undefined
    })
    await this.#flight
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await this.#flight
    await this.flush()
  }

  async #write(): Promise<void> {
    const { database, log, what, perWriteMax, write } = this.#writing
    const all = [...this.#waiting]
    this.#waiting = new Map()
    for (let from = 0; from < all.length; from += perWriteMax) {
      const some = all.slice(from, from + perWriteMax)
      try {
        await database.transaction(actor, (tx) =>
          write(
            tx,
            some.map(([, value]) => value),
          ),
        )
      } catch (error) {
        log.warn({ err: error, waiting: some.length }, `${what} is written later`)
        for (const [key, value] of some) if (!this.#waiting.has(key)) this.#waiting.set(key, value)
      }
    }
  }
}
