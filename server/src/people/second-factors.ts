import { DomainError } from '@anju/contract'
import type { Database, Transaction } from '../ports.ts'
import { takeRecoveryCode } from './recovery-codes.ts'
import { type SealingKey, seal, unseal } from './sealing.ts'
import { secretOf } from './secrets.ts'
import { type Enrolment, enrolmentOf, stepLengthS, stepOfCode, totpSecretBytes } from './totp.ts'

export type TakenCode =
  /** `first`: it confirmed the enrolment. `recoveryCodesLeft`: it was one of them. */
  { readonly is: 'right'; readonly first: boolean; readonly recoveryCodesLeft?: number } | { readonly is: 'wrong' }

/** A new authenticator waits this long for its first code. */
const nextMinutes = 10

/** What is stored of people's authenticators. Each call runs in a transaction of a part of the server. */
export interface SecondFactors {
  /** A fresh secret in place of the one that nobody confirmed; undefined when one is confirmed. */
  propose(tx: Transaction, person: string, username: string): Promise<Enrolment | undefined>
  /**
   * Takes a code once: neither it nor an older one is taken again. A recovery code is as good as one of the authenticator.
   * @throws DomainError `config-malformed` when another key than this server's sealed the secret.
   */
  take(tx: Transaction, person: string, code: string): Promise<TakenCode>
  /** A fresh secret beside the one there is, which counts until a code of this one was seen. */
  proposeNext(tx: Transaction, person: string, username: string): Promise<Enrolment>
  /**
   * Whether this is a code of the next authenticator, in time; then it is the only one.
   * @throws DomainError `config-malformed`, as `take`.
   */
  takeNext(tx: Transaction, person: string, code: string): Promise<boolean>
  /** How many this server could not check. */
  sealedByOthers(database: Database): Promise<number>
}

interface Sealed {
  readonly sealed: Buffer
  readonly sealed_by: string
  readonly last_step: string
}

export function createSecondFactors(key: SealingKey): SecondFactors {
  /** The step whose code this is; its row is locked. */
  async function stepIn(tx: Transaction, person: string, row: Sealed, code: string): Promise<number | undefined> {
    const secret = row.sealed_by === key.id ? unseal(key, row.sealed, person) : undefined
    if (!secret)
      throw new DomainError(
        'config-malformed',
        'this server has another key than the one that sealed the second factor of this account; see docs/first-centre.md',
      )
    // After the lock, by the database's clock: two servers agree on it, whatever their machines think. By what that says itself: the
    // telephone that made the code knows nothing of how deadlines are judged while it is being set right.
    const [time] = await tx.query<{ step: number }>(
      `select floor(extract(epoch from machine_now()) / ${stepLengthS})::integer as step`,
    )
    return time && stepOfCode(secret, code, time.step)
  }

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
      // The row is locked first in either case: what one account does, it does one after the other.
      const [row] = await tx.query<Sealed>(
        'select sealed, sealed_by, last_step from second_factor where person = $1 for update',
        [person],
      )
      if (!row) return { is: 'wrong' }
      const left = await takeRecoveryCode(tx, person, code)
      if (left !== undefined) return { is: 'right', first: false, recoveryCodesLeft: left }
      const step = await stepIn(tx, person, row, code)
      if (step === undefined || step <= Number(row.last_step)) return { is: 'wrong' }
      await tx.query('update second_factor set last_step = $2 where person = $1', [person, step])
      const first = await tx.query(
        'update person set second_factor_since = app_now() where id = $1 and second_factor_since is null returning 1',
        [person],
      )
      return { is: 'right', first: first.length > 0 }
    },

    async proposeNext(tx, person, username) {
      const secret = secretOf(totpSecretBytes)
      await tx.query(
        `update second_factor set next_sealed = $2, next_sealed_by = $3, next_created_at = app_now() where person = $1`,
        [person, seal(key, secret, person), key.id],
      )
      return enrolmentOf(secret, username)
    },

    async takeNext(tx, person, code) {
      const [row] = await tx.query<Sealed>(
        `select next_sealed as sealed, next_sealed_by as sealed_by, 0 as last_step from second_factor
         where person = $1 and next_created_at > app_now() - interval '${nextMinutes} minutes' for update`,
        [person],
      )
      const step = row && (await stepIn(tx, person, row, code))
      if (step === undefined) return false
      await tx.query(
        `update second_factor set sealed = next_sealed, sealed_by = next_sealed_by, created_at = app_now(), last_step = $2,
           next_sealed = null, next_sealed_by = null, next_created_at = null where person = $1`,
        [person, step],
      )
      return true
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
