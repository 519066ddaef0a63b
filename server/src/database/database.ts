import type { Clock, Random } from '@anju/contract'
import { DomainError, errorMessage, millis } from '@anju/contract'
import { escapeLiteral, Pool, type PoolClient } from 'pg'
import type { Actor, Database, Transaction } from '../ports.ts'
import { constraintOf, failureOf, unavailable } from './failure.ts'
import { Line } from './line.ts'
import { startProbe } from './probe.ts'
import { Sending } from './sending.ts'
import { valueTypes } from './types.ts'

/**
 * Who has connections of their own, and how many: a page full of slow requests must not hold up a press, a claim, a relative's
 * answer, or a heartbeat, without which a whole city would be called silent. Few of each: every one plans all of its statements
 * for itself, and what runs at once waits for the same rows.
 */
const CONNECTIONS = { intake: 4, work: 4, commands: 3, presence: 2, answers: 1, auditor: 1, requests: 4 } as const
type Kind = keyof typeof CONNECTIONS
const connectWaitMs = 2_000
const statementMs = 5_000
/** A transaction that waits this long for us has lost its owner (a frozen process), and holds locks others need. */
const idleInTransactionMs = 1_000
const attemptsMax = 5
/** Whose work is found by its keys. `work` is beside the intake and never in its way; whoever audits it shares nothing with it. */
const KIND_OF = new Map<string, Kind>([
  ['ingest', 'intake'],
  ['deadlines', 'intake'],
  ['notifications', 'work'],
  ['outages', 'work'],
  ['refill', 'work'],
  ['answers', 'answers'],
  // Who it is that claims, and what the others have told meanwhile.
  ['login', 'commands'],
  ['live', 'presence'],
  ['gateways', 'presence'],
  ['presence', 'presence'],
  ['auditor', 'auditor'],
  ['clock', 'auditor'],
])

export interface DatabaseOptions {
  /** The application role's. */
  readonly url: string
  readonly clock: Clock
  readonly random: Random
  readonly log: { warn(detail: object, message: string): void; info(detail: object, message: string): void }
}

export function openDatabase({ url, clock, random, log }: DatabaseOptions): Database {
  /** Serve parts of the server only, and carry that scope from the start. */
  const ofParts = (kind: Kind) => newPool(url, CONNECTIONS[kind], [...BY_KEY, `anju.part=${kind}`])
  const pools = {
    intake: ofParts('intake'),
    work: ofParts('work'),
    commands: newPool(url, CONNECTIONS.commands, BY_KEY),
    presence: ofParts('presence'),
    answers: ofParts('answers'),
    auditor: ofParts('auditor'),
    requests: newPool(url, CONNECTIONS.requests, []),
  } satisfies Record<Kind, Pool>
  const servesPeople: readonly Pool[] = [pools.commands, pools.requests]
  const line = new Line(pools.intake)
  const probe = startProbe(url, clock, log)
  // An idle connection that breaks is not an error of any caller; the probe finds out how things stand.
  for (const pool of Object.values(pools)) pool.on('error', () => probe.suspect())
  const poolFor = (actor: Actor, asks?: 'by-key'): Pool => {
    if (actor.kind === 'system') return pools[KIND_OF.get(actor.part) ?? 'requests']
    return asks === 'by-key' ? pools.commands : pools.requests
  }

  async function attempt<T>(pool: Pool, actor: Actor, done: (tx: Transaction) => Promise<T>): Promise<T> {
    // Whatever keeps us from a connection (a network, a password that was changed), nothing has been asked yet.
    const client = await pool.connect().catch((error: unknown) => {
      throw unavailable(error)
    })
    const [last, tasks]: [(() => void)[], (() => void)[]] = [[], []]
    let broken: Error | undefined
    let early = false
    // Its first word says why; those that follow, that it is so.
    const onError = (error: Error) => {
      broken ??= error
    }
    client.on('error', onError)
    const sending = new Sending(client)
    let result: T
    try {
      // Sent without waiting (pipelined with the first statement of the work): one round trip less for every transaction.
      void sending.command(servesPeople.includes(pool) ? beginAs(actor) : 'begin')
      result = await done({
        query: (text, values, name) => sending.statement(text, values, name),
        beforeCommit: (task) => void last.push(task),
        unlocksEarly: () => {
          early = true
        },
        afterCommit: (task) => void tasks.push(task),
      })
      for (const task of last) task()
      await sending.commit(early)
    } catch (thrown) {
      const reason = await sending.reason(thrown)
      // A statement on a broken connection says only that it is broken; what PostgreSQL said before says whether to try again.
      const error = broken && failureOf(reason) === 'unavailable' ? broken : reason
      // After a lost connection or a time-out the connection's state is unknown: it is thrown away, which also rolls back.
      const lost = broken ?? (failureOf(error) === 'unavailable' ? (error as Error) : undefined)
      release(lost ?? (await rolledBack(client)))
      throw error
    }
    // Outside the `try`: the connection is somebody else's now, and what is committed stays so, whatever a task does.
    release(undefined)
    for (const task of tasks) runSafely(task)
    return result

    function release(reason: Error | undefined): void {
      client.off('error', onError)
      client.release(reason)
    }
  }

  function runSafely(task: () => void): void {
    try {
      task()
    } catch (error) {
      log.warn({ err: error }, 'something went wrong after a commit; what was committed stays')
    }
  }

  return {
    async transaction(actor, work, asks) {
      const pool = poolFor(actor, asks)
      for (let tries = 1; ; tries++) {
        try {
          const result = await attempt(pool, actor, work)
          probe.answered()
          return result
        } catch (error) {
          const failure = failureOf(error)
          if (failure === 'unavailable') {
            probe.suspect()
            throw unavailable(error)
          }
          if (failure === 'ours') throw error
          if (tries >= attemptsMax)
            throw new DomainError('overloaded', 'too many at once wanted the same rows', { why: errorMessage(error) })
          await new Promise<void>((resolve) => clock.after(millis(random.uniform() * 10 * tries), resolve))
        }
      }
    },
    async inLine(work) {
      try {
        const { result, tasks } = await line.send(work)
        for (const task of tasks) runSafely(task)
        return { outcome: 'saved', result }
      } catch (error) {
        const failure = failureOf(error)
        if (failure === 'retry') return { outcome: 'refused', taken: constraintOf(error) }
        if (failure === 'ours') throw error
        probe.suspect()
        throw unavailable(error)
      }
    },
    get healthy() {
      return probe.healthy
    },
    onHealth: (listener) => probe.onHealth(listener),
    async close() {
      await probe.stop()
      await line.close()
      await Promise.all(Object.values(pools).map((pool) => pool.end()))
    },
  }
}

/**
 * Statements that are few, prepared, and find rows by key. Planning each anew for its arrays would cost more than running it, and
 * a plan made while a table was small must not scan it when it has grown.
 */
const BY_KEY = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  // An index in its order ends where enough was found, and remembers which of its entries are dead.
  'enable_bitmapscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]

function newPool(url: string, max: number, settings: readonly string[]): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    // Kept open: opening one costs a fork and a SCRAM exchange, and a press should not pay for it.
    min: 0,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectWaitMs,
    query_timeout: statementMs + 1_000,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    options: ['TimeZone=UTC', 'DateStyle=ISO,YMD', ...settings].map((setting) => `-c ${setting}`).join(' '),
    application_name: 'anju',
    pipeline: true,
    types: valueTypes,
  })
  // On its way from the pool to whoever asked for it nobody listens to a connection. One that ends at that very moment (the
  // postmaster was killed while it logged in) would end the whole process; this way only its first statement fails.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** `local`, so that the connection forgets whom it served; one simple query, so that it is one message. */
function beginAs(actor: Actor): string {
  const part = actor.kind === 'system' ? actor.part : ''
  const centre = actor.kind === 'person' ? actor.centre : ''
  return `begin; set local anju.centre = ${escapeLiteral(centre)}; set local anju.part = ${escapeLiteral(part)}`
}

async function rolledBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error as Error
  }
}
