import type { DatabaseSync } from 'node:sqlite'
import { DomainError, errorMessage } from '@anju/contract'

interface Job {
  /** Smaller goes first when room is short: a press before a measurement. */
  readonly rank: number
  readonly work: () => unknown
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

export interface GroupHooks {
  /** Last thing inside each transaction. */
  beforeCommit(): void
  /** What the jobs of this transaction did is on the disk. */
  afterCommit(): void
  /** Nothing of it happened. */
  afterRollback(): void
  /** The disk or the database's limit is full; frees what may be freed. Returns whether it is worth trying again. */
  makeRoom(): boolean
  /** The file itself is broken: only opening it anew can mend it. Told once. */
  onDamaged(why: string): void
}

const SQLITE_FULL = 13
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26
const jobsWaitingMax = 20_000
/** One transaction may hold the loop for a few milliseconds, not for a second. */
const jobsPerGroupMax = 2_000

/**
 * Everything that arrives in one turn of the event loop shares one transaction and one fsync; each caller's promise resolves
 * after it. There is no timer: a lone press is committed at the end of its own turn.
 */
export class GroupCommit {
  readonly #db: DatabaseSync
  readonly #hooks: GroupHooks
  #waiting: Job[] = []
  #scheduled = false
  #closed = false
  #damaged = false

  constructor(db: DatabaseSync, hooks: GroupHooks) {
    this.#db = db
    this.#hooks = hooks
  }

  /** @throws DomainError `overloaded` when too much waits, `store-unavailable` when the disk would not take it. */
  run<T>(rank: number, work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new DomainError('store-unavailable', 'the outbox is closed'))
    if (this.#waiting.length >= jobsWaitingMax)
      return Promise.reject(new DomainError('overloaded', `more than ${jobsWaitingMax} writes wait for the disk`))
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ rank, work, resolve, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      setImmediate(() => this.flush())
    })
  }

  flush(): void {
    this.#scheduled = false
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, jobsPerGroupMax))
  }

  /** Commits what waits, then takes nothing more. */
  close(): void {
    this.flush()
    this.#closed = true
  }

  #commit(jobs: readonly Job[]): void {
    let failure = this.#attempt(jobs)
    if (failure && isFull(failure.error) && this.#hooks.makeRoom()) failure = this.#attempt(jobs)
    if (!failure) return
    if (!this.#damaged && isDamage(failure.error)) {
      this.#damaged = true
      this.#hooks.onDamaged(errorMessage(failure.error))
    }
    // One job that cannot be stored must not take its neighbours with it: the most urgent first, each on its own.
    if (jobs.length > 1)
      for (const job of [...jobs].sort((a, b) => a.rank - b.rank)) {
        const alone = this.#attempt([job])
        if (alone) job.reject(asDomainError(alone.error))
      }
    else jobs[0]?.reject(asDomainError(failure.error))
  }

  #attempt(jobs: readonly Job[]): { error: unknown } | undefined {
    const results: unknown[] = []
    try {
      this.#db.exec('BEGIN IMMEDIATE')
      for (const job of jobs) results.push(job.work())
      this.#hooks.beforeCommit()
      this.#db.exec('COMMIT')
    } catch (error) {
      // SQLite has already rolled back by itself after some failures.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      this.#hooks.afterRollback()
      return { error }
    }
    this.#hooks.afterCommit()
    for (const [index, job] of jobs.entries()) job.resolve(results[index] as never)
    return undefined
  }
}

/** Extended codes keep the primary one in their low byte. */
const codeOf = (error: unknown): number => ((error as { errcode?: number }).errcode ?? 0) & 0xff

/** A full disk may also surface as a failed write (IOERR_WRITE). */
const isFull = (error: unknown): boolean => [SQLITE_FULL, SQLITE_IOERR].includes(codeOf(error))
const isDamage = (error: unknown): boolean => [SQLITE_CORRUPT, SQLITE_NOTADB].includes(codeOf(error))

const asDomainError = (error: unknown): DomainError =>
  error instanceof DomainError
    ? error
    : new DomainError('store-unavailable', `not stored: ${errorMessage(error)}`, {}, { cause: error })
