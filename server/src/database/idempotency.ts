import { createHash } from 'node:crypto'
import { DomainError } from '@anju/contract'
import type { Transaction } from '../ports.ts'

/** A command's Idempotency-Key, whose it is, and what the command was. */
export interface Once {
  readonly centre: string
  readonly person: string
  readonly key: string
  readonly fingerprint: string
}

export const fingerprint = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/**
 * Runs a command once per key: its answer is kept in the command's own transaction, so that after a crash either both are
 * there or neither. A refused command is not kept; asked again, it is judged again.
 * @throws DomainError `idempotency-conflict` when the key was used for something else.
 */
export async function once<T>(tx: Transaction, given: Once | undefined, run: () => Promise<T>): Promise<T> {
  if (!given) return run()
  const { centre, person, key } = given
  // Waits for another transaction with the same key, and then finds its answer or its absence.
  const fresh = await tx.query(
    `insert into idempotency (centre, person, key, fingerprint, status, at) values ($1, $2, $3, $4, 0, app_now())
     on conflict (centre, person, key) do update
       set fingerprint = excluded.fingerprint, answer = null, at = excluded.at
       where idempotency.at < excluded.at - interval '24 hours'
     returning 1`,
    [centre, person, key, given.fingerprint],
  )
  if (fresh.length === 0) {
    // The answer is given once more: only when the disk has what it answers for.
    tx.unlocksEarly()
    const [before] = await tx.query<{ fingerprint: string; answer: string | null }>(
      'select fingerprint, answer from idempotency where centre = $1 and person = $2 and key = $3',
      [centre, person, key],
    )
    if (before?.fingerprint !== given.fingerprint)
      throw new DomainError('idempotency-conflict', 'this Idempotency-Key was used for another request')
    return JSON.parse(before.answer ?? 'null') as T
  }
  const answer = await run()
  await tx.query('update idempotency set status = 200, answer = $4 where centre = $1 and person = $2 and key = $3', [
    centre,
    person,
    key,
    JSON.stringify(answer),
  ])
  return answer
}
