import { recoveryCodesAtOnce } from '@anju/contract/account-rules'
import type { Transaction } from '../ports.ts'
import { hashSecret, newTypedSecret, typedSecretIn } from './secrets.ts'

/** Each lets its owner in once without the authenticator. Only hashes are stored: they are shown when they are made. */

/** Ten fresh ones; those of before are worth nothing any more. */
export async function renewRecoveryCodes(tx: Transaction, person: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodesAtOnce }, newTypedSecret)
  await tx.query('delete from recovery_code where person = $1', [person])
  await tx.query(
    'insert into recovery_code (person, hash, created_at) select $1, hash, app_now() from unnest($2::bytea[]) as hash',
    [person, codes.map((code) => hashOf(person, code))],
  )
  return codes
}

/** How many are left once this one was taken; undefined when it is none. Of two who give one at once, one takes it. */
export async function takeRecoveryCode(tx: Transaction, person: string, given: string): Promise<number | undefined> {
  const code = typedSecretIn(given)
  if (code === undefined) return undefined
  const taken = await tx.query('delete from recovery_code where person = $1 and hash = $2 returning 1', [
    person,
    hashOf(person, code),
  ])
  return taken.length > 0 ? recoveryCodesLeft(tx, person) : undefined
}

export async function recoveryCodesLeft(tx: Transaction, person: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    'select count(*)::integer as count from recovery_code where person = $1',
    [person],
  )
  return row?.count ?? 0
}

/** The person in it: moved to another account, it opens nothing. */
const hashOf = (person: string, code: string): Buffer => hashSecret(`${person} ${code}`)
