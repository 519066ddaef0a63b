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
  /** What two words of one key come to that wait together; without it, the later one. */
  readonly merge?: (before: V, after: V) => V
}

/**
 * What a city's gateways say of themselves, written once a second for all of them together: a few statements, and not a transaction
 * each. Of one key one word is written. As many as there are gateways and what is found of each, and no more.
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
    this.#waiting.set(key, this.#both(this.#waiting.get(key), value))
  }

  /** Writes what waits; what could not be written waits for the next time. Never rejects. */
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
        for (const [key, value] of some) this.#waiting.set(key, this.#both(value, this.#waiting.get(key)))
      }
    }
  }

  #both(before: V | undefined, after: V): V
  #both(before: V, after: V | undefined): V
  #both(before: V | undefined, after: V | undefined): V | undefined {
    if (before === undefined || after === undefined) return after ?? before
    return this.#writing.merge?.(before, after) ?? after
  }
}
