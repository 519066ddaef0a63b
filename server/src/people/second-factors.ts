import { DomainError } from '@anju/contract'
import type { Database, Transaction } from '../ports.ts'
import { type SealingKey, seal, unseal } from './sealing.ts'
import { secretOf } from './secrets.ts'
import { type Enrolment, enrolmentOf, stepLengthS, stepOfCode, totpSecretBytes } from './totp.ts'

export type TakenCode =
  /** `first`: it confirmed the enrolment. */
  { readonly is: 'right'; readonly first: boolean } | { readonly is: 'wrong' }

/** What is stored of people's authenticators. Each call runs in a transaction of a part of the server. */
export interface SecondFactors {
  /** A fresh secret in place of the one that nobody confirmed; undefined when one is confirmed. */
  propose(tx: Transaction, person: string, username: string): Promise<Enrolment | undefined>
  /**
   * Takes a code once: neither it nor an older one is taken again.
   * @throws DomainError `config-malformed` when another key than this server's sealed the secret.
   */
  take(tx: Transaction, person: string, code: string): Promise<TakenCode>
  /** How many this server could not check. */
  sealedByOthers(database: Database): Promise<number>
}

export function createSecondFactors(key: SealingKey): SecondFactors {
  return {
    async propose(tx, person, username) {
      const secret = secretOf(totpSecretBytes)
      const stored = await tx.query(
        `insert into second_factor (person, sealed, sealed_by, created_at)
         select id, $2, $3, app_now() from person where id = $1 and second_factor_since is null
         on conflict (person) do update
           set sealed = excluded.sealed, sealed_by = excluded.sealed_by, created_at = excluded.created_at, last_step = 0
           where (select second_factor_since from person where id = second_factor.person) is null
         returning 1`,
        [person, seal(key, secret, person), key.id],
      )
      return stored.length > 0 ? enrolmentOf(secret, username) : undefined
    },

    async take(tx, person, code) {
      const [row] = await tx.query<{ sealed: Buffer; sealed_by: string; last_step: string }>(
        'select sealed, sealed_by, last_step from second_factor where person = $1 for update',
        [person],
      )
      if (!row) return { is: 'wrong' }
      const secret = row.sealed_by === key.id ? unseal(key, row.sealed, person) : undefined
      if (!secret)
        throw new DomainError(
          'config-malformed',
          'this server has another key than the one that sealed the second factor of this account; see docs/first-centre.md',
        )
      // After the lock, by the database's clock: two servers agree on it, whatever their machines think.
      const [time] = await tx.query<{ step: number }>(
        `select floor(extract(epoch from app_now()) / ${stepLengthS})::integer as step`,
      )
      const step = time && stepOfCode(secret, code, time.step)
      if (step === undefined || step <= Number(row.last_step)) return { is: 'wrong' }
      await tx.query('update second_factor set last_step = $2 where person = $1', [person, step])
      const first = await tx.query(
        'update person set second_factor_since = app_now() where id = $1 and second_factor_since is null returning 1',
        [person],
      )
      return { is: 'right', first: first.length > 0 }
    },

    async sealedByOthers(database) {
      const [row] = await database.transaction({ kind: 'system', part: 'login' }, (tx) =>
        tx.query<{ count: number }>('select count(*)::integer as count from second_factor where sealed_by <> $1', [
          key.id,
        ]),
      )
      return row?.count ?? 0
    },
  }
}
