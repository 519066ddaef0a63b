import type { Pool, PoolClient } from 'pg'
import type { LineTransaction } from '../ports.ts'
import { failureOf, unavailable } from './failure.ts'
import { Sending } from './sending.ts'

/**
 * Transactions one behind the other on one connection, each sent whole and before the one before it has been answered. While
 * PostgreSQL writes a batch, the next one is made ready here and lies before it when it is done: neither waits for the other.
 * A transaction may build on what the one before it will have written; when that one is not saved, neither is this one.
 */
export class Line {
  readonly #pool: Pool
  #client: Promise<PoolClient> | undefined
  #last = 0
  /** Sent, and neither saved nor refused yet. */
  readonly #unanswered = new Set<number>()
  readonly #dropped = new WeakSet<PoolClient>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** `work` runs in one turn and only sends; when it sends nothing, there is no transaction. */
  async send<T>(
    work: (tx: LineTransaction) => T,
  ): Promise<{ readonly result: T; readonly tasks: readonly (() => void)[] }> {
    const client = await this.#connected()
    const sending = new Sending(client)
    const [last, whenSaved, whenRefused]: [(() => void)[], (() => void)[], (() => void)[]] = [[], [], []]
    let number = 0
    let early = false
    let result: T
    try {
      result = work({
        query: (text, values, name) => {
          if (number === 0) number = this.#begin(sending)
          return sending.statement(text, values, name)
        },
        beforeCommit: (task) => void last.push(task),
        unlocksEarly: () => {
          early = true
        },
        afterCommit: (task) => void whenSaved.push(task),
        ifRefused: (task) => void whenRefused.push(task),
      })
      for (const task of last) task()
      if (number > 0) await sending.commit(early)
    } catch (error) {
      // In this very turn, so that nobody can build on what it will not have written.
      for (const task of whenRefused) task()
      this.#unanswered.delete(number)
      if (failureOf(error) === 'unavailable') this.#drop(client, error as Error)
      else if (number > 0) await sending.rollback()
      throw error
    }
    this.#unanswered.delete(number)
    return { result, tasks: whenSaved }
  }

  /** Gives its connection back, so that the pool can end. */
  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    if (client) this.#drop(client, new Error('the line is closed'))
  }

  #begin(sending: Sending): number {
    void sending.command('begin')
    const previous = this.#unanswered.has(this.#last) ? String(this.#last) : ''
    this.#last++
    this.#unanswered.add(this.#last)
    void sending.statement('select in_line($1, $2)', [previous, String(this.#last)], 'in-line')
    return this.#last
  }

  #connected(): Promise<PoolClient> {
    this.#client ??= this.#pool.connect().then(
      (client) => {
        client.on('error', (error) => this.#drop(client, error))
        return client
      },
      (error: unknown) => {
        this.#client = undefined
        throw unavailable(error)
      },
    )
    return this.#client
  }

  /** After a lost connection or a time-out its state is unknown: it is thrown away, which also rolls back. */
  #drop(client: PoolClient, reason: Error): void {
    if (this.#dropped.has(client)) return
    this.#dropped.add(client)
    this.#client = undefined
    client.release(reason)
  }
}
