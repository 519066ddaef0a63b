import { DomainError } from '@anju/contract'
import type { ContactOutcome } from '@anju/contract/api'
import { isTelephone, onlyTelephone } from '../domain/roster/ways.ts'
import type { Transaction } from '../ports.ts'
import type { Withdrawals } from './ports.ts'
import { type StoredWay, WAYS_TO_CONTACT } from './rows.ts'

/** A call that a person made to a contact. */
export interface Call {
  readonly contact: string
  readonly outcome: ContactOutcome
  /** Which of their numbers; undefined when nobody said. */
  readonly way?: string | undefined
}

/** Why a number is dead when a stranger answered there. */
export const WRONG_NUMBER = 'wrong-number' satisfies ContactOutcome

/**
 * What a call says of the number it went to. Whoever was reached there has proven it, whatever a provider said of it. Where a
 * stranger answered nothing more is sent, calls and messages alike, and what was queued there has failed. That nobody answered
 * says nothing of a number.
 * @throws DomainError `way-unknown`.
 */
export async function afterCall(tx: Transaction, withdrawals: Pick<Withdrawals, 'bury'>, call: Call): Promise<void> {
  const { contact, outcome } = call
  if (call.way === undefined && outcome !== 'reached' && outcome !== WRONG_NUMBER) return
  const [{ ways } = { ways: [] }] = await tx.query<{ ways: readonly StoredWay[] }>(
    `select ${WAYS_TO_CONTACT('$1')} as ways`,
    [contact],
  )
  const called =
    call.way === undefined ? onlyTelephone(ways) : ways.filter(isTelephone).find(({ id }) => id === call.way)
  if (!called && call.way !== undefined) throw new DomainError('way-unknown', 'they have no such number')
  if (!called) return
  const same = ways.filter((one) => isTelephone(one) && one.address === called.address)
  const ids = same.map(({ id }) => id)
  if (outcome === 'reached')
    await tx.query(
      `update way set dead_since = null, dead_why = null, last_proven_on = case when id = $1 then app_now() else last_proven_on end
       where id = $1 or (id = any($2) and dead_why = $3)`,
      [called.id, ids, WRONG_NUMBER],
    )
  if (outcome !== WRONG_NUMBER) return
  await tx.query('update way set dead_since = coalesce(dead_since, app_now()), dead_why = $2 where id = any($1)', [
    ids,
    WRONG_NUMBER,
  ])
  for (const { channel, address } of same)
    withdrawals.bury(tx, { kind: 'contact', id: contact, way: { channel, address } })
}
