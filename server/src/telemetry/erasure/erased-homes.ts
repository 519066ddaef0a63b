import { type Clock, type Instant, millis, type Timer } from '@anju/contract'
import type { Actor, Database } from '../../ports.ts'

const actor: Actor = { kind: 'system', part: 'erasure' }
const refreshEvery = millis(5_000)
/** A transaction that was open at the last reading may commit an older time. */
const overlapMs = 60_000

/** What was measured there before then is erased. */
export interface ErasedHome {
  readonly home: string
  readonly until: number
}

/**
 * Every home that was ever erased, in memory: a gateway may come back with samples from before after weeks, and each is to be
 * dropped without a question to the database. They are few.
 */
export class ErasedHomes {
  readonly #database: Database
  readonly #timer: Timer
  readonly #listeners: ((homes: readonly ErasedHome[]) => void)[] = []
  readonly #until = new Map<string, number>()
  #readUntil = Number.NEGATIVE_INFINITY

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#timer = clock.every(refreshEvery, () => {
      this.refresh().catch(() => undefined) // the database's own probe says what is wrong with it
    })
  }

  get all(): readonly ErasedHome[] {
    return [...this.#until].map(([home, until]) => ({ home, until }))
  }

  has(home: string): boolean {
    return this.#until.has(home)
  }

  /** Hears of all that are known, and of each that comes. */
  onErased(listener: (homes: readonly ErasedHome[]) => void): void {
    this.#listeners.push(listener)
    if (this.#until.size > 0) listener(this.all)
  }

  /** Reads what came since the last time. */
  async refresh(): Promise<void> {
    const since = this.#readUntil === Number.NEGATIVE_INFINITY ? 0 : this.#readUntil - overlapMs
    const rows = await this.#database.transaction(actor, (tx) =>
      tx.query<{ home: string; until: Instant }>(
        'select home, max(until) as until from telemetry_erasure where until >= to_timestamp($1::float8 / 1000) group by home',
        [since],
      ),
    )
    const fresh = rows.filter(({ home, until }) => until > (this.#until.get(home) ?? Number.NEGATIVE_INFINITY))
    for (const { home, until } of fresh) {
      this.#until.set(home, until)
      this.#readUntil = Math.max(this.#readUntil, until)
    }
    if (fresh.length > 0) for (const listener of this.#listeners) listener(fresh)
  }

  close(): void {
    this.#timer.cancel()
  }
}
