import type { Writable } from 'node:stream'
import { DomainError } from '@anju/contract'
import type { PoolClient, QueryResultRow } from 'pg'

/**
 * Statements sent in one turn of the event loop leave in one write: without it each would be a system call of its own, on both
 * sides. `connection` is pg's own and not in its types; without it everything works, only dearer.
 */
export function inOneWrite<T>(client: PoolClient, send: () => T): T {
  const stream = (client as unknown as { connection?: { stream?: Partial<Writable> } }).connection?.stream
  if (!stream?.cork || !stream.uncork) return send()
  stream.cork()
  process.nextTick(() => stream.uncork?.())
  return send()
}

const TRANSACTION_ABORTED = '25P02'

/**
 * A transaction of its own that holds nothing: its commit waits until the disk (and a synchronous standby, where there is one) has
 * everything that was written before it, by whomever. Many wait for one write of the disk together.
 */
const FLUSH = `select pg_logical_emit_message(true, 'anju', '')`

/**
 * The statements of one transaction, sent without waiting (pipelined): whoever needs an answer awaits it, and whether all of
 * them went well is asked once, of `commit`.
 */
export class Sending {
  readonly #client: PoolClient
  readonly #sent: Promise<unknown>[] = []

  constructor(client: PoolClient) {
    this.#client = client
  }

  statement<Row>(text: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
    const statement = { text, values: [...values], ...(name ? { name } : {}) }
    const answer = this.#send(() => this.#client.query<QueryResultRow>(statement)).then(({ rows }) => rows as Row[])
    return this.#noted(answer)
  }

  /** One simple query, which may hold several commands. */
  command(text: string): Promise<{ readonly command: string }> {
    return this.#noted(this.#send(() => this.#client.query(text)))
  }

  /**
   * Sends COMMIT, and throws what any statement threw: COMMIT after a failed one answers ROLLBACK, and saves nothing.
   * @param early its locks are free before the disk has it; it resolves when the disk has it. The transaction that waits for the
   * disk is sent right behind COMMIT, also behind one that will turn out to have saved nothing: to look at its answer first would
   * cost every press a round trip, and the write of the disk that is about to begin. It holds nothing and changes nothing, so
   * after a failure it is only answered in vain; the connection is given back when it has been.
   */
  async commit(early = false): Promise<void> {
    const statements = this.#sent.slice()
    // It fails only after one that is a reason to fail, and is none itself.
    if (early) void this.command('set local synchronous_commit = off')
    const committed = this.command('commit')
    const flushed = early ? this.statement(FLUSH, [], 'flush') : undefined
    await Promise.all(statements)
    const { command } = await committed
    await flushed
    if (command !== 'COMMIT') throw new DomainError('internal', 'the transaction was rolled back', { command })
  }

  /**
   * Why a transaction failed. Of every statement after the one that did, PostgreSQL says only that it is too late for it; and the
   * one that did may be one that nobody waited for.
   */
  async reason(error: unknown): Promise<unknown> {
    if ((error as { code?: string } | undefined)?.code !== TRANSACTION_ABORTED) return error
    for (const answer of this.#sent)
      try {
        await answer
      } catch (first) {
        return first
      }
    return error
  }

  /** Resolves when everything that was sent has been answered and none of it is left. Nothing to roll back is no error. */
  async rollback(): Promise<void> {
    await this.command('rollback').catch(() => undefined)
  }

  #send<T>(send: () => T): T {
    return inOneWrite(this.#client, send)
  }

  /** A statement may be sent and not waited for: what it answers is looked at by `commit`. */
  #noted<T>(answer: Promise<T>): Promise<T> {
    answer.catch(() => undefined)
    this.#sent.push(answer)
    return answer
  }
}
