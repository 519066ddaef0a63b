import { DomainError, errorMessage } from '@anju/contract'

/** What a failed statement means for whoever asked. */
export type Failure = 'retry' | 'unavailable' | 'ours'

interface PostgresError extends Error {
  readonly code?: string
  readonly constraint?: string
}

/**
 * Unique races that a fresh transaction settles: the other writer has committed, so the second try reads what it wrote.
 * Any other unique violation is a caller's error and is not repeated.
 */
const RACES = new Set(['event_once', 'alarm_open_episode', 'idempotency_pkey'])

/** SQLSTATE classes in which PostgreSQL is not able to serve: connection, resources, operator intervention, system, corruption. */
const UNAVAILABLE = /^(08|53|57|58|XX)/

const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** pg speaks of a lost connection in words only. */
const WORDS =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|Query read timeout|Client was closed|Cannot use a pool after|timeout expired|Connection ended|Called end on pool/i

export function failureOf(error: unknown): Failure {
  if (error instanceof DomainError) return error.code === 'store-unavailable' ? 'unavailable' : 'ours'
  const { code, constraint } = error as PostgresError
  if (code === '40001' || code === '40P01') return 'retry'
  if (code === '23505' && constraint && RACES.has(constraint)) return 'retry'
  // A transaction that idled too long was ended by the server: a fresh one may be quick enough.
  if (code === '25P03') return 'retry'
  // A server that takes no writes (a standby, a disk that someone protected) may take them later.
  if (code === '25006') return 'unavailable'
  if (code && (UNAVAILABLE.test(code) || SOCKET.has(code))) return 'unavailable'
  return WORDS.test(errorMessage(error)) ? 'unavailable' : 'ours'
}

export const constraintOf = (error: unknown): string | undefined => (error as PostgresError | undefined)?.constraint

export const unavailable = (cause: unknown): DomainError =>
  cause instanceof DomainError
    ? cause
    : new DomainError('store-unavailable', 'the database cannot be reached', { why: errorMessage(cause) }, { cause })
