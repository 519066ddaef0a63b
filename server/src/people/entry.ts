import { malformed } from '@anju/contract'
import type { Database, Transaction } from '../ports.ts'
import { requireAccount } from './account-rows.ts'
import { type Keeper, type Kept } from './keeping.ts'
import { hashPassword } from './secrets.ts'

/** What lets a person in, and what keeps them out: the password, the second factor and the lock. */

export const passwordCharsMin = 10
export const passwordCharsMax = 256

/** @throws DomainError `request-malformed` */
export function checkPassword(username: string, password: string): void {
  if (password.length < passwordCharsMin) throw malformed('password', `has fewer than ${passwordCharsMin} characters`)
  if (password.length > passwordCharsMax) throw malformed('password', `has more than ${passwordCharsMax} characters`)
  if (password.toLowerCase().includes(username)) throw malformed('password', 'contains the user name')
}

/**
 * The sessions of the account are over: whoever knew the old password is out within seconds.
 * @throws DomainError `request-malformed`, `person-unknown`
 */
export async function setPassword(
  database: Database,
  keeper: Keeper,
  username: string,
  password: string,
): Promise<void> {
  checkPassword(username, password)
  const stored = await hashPassword(password)
  await database.transaction(keeper.actor, async (tx) => {
    const { id, centre } = await requireAccount(tx, username)
    await tx.query('update person set password = $2 where id = $1', [id, stored])
    await endSessions(tx, id)
    await keeper.note(tx, centre, { action: 'account.changed', subjects: [id], changed: ['password'] })
  })
}

/**
 * Whoever is locked is out within seconds, on every page and with every token; the alarms they hold come back to the queue.
 * @throws DomainError `person-unknown`
 */
export async function setLocked(database: Database, keeper: Keeper, username: string, lock: boolean): Promise<Kept> {
  return database.transaction(keeper.actor, async (tx) => {
    const { id, centre, locked } = await requireAccount(tx, username)
    if (locked === lock) return { is: 'unchanged' }
    await tx.query('update person set locked_at = case when $2 then app_now() end where id = $1', [id, lock])
    if (lock) await endSessions(tx, id)
    await keeper.note(tx, centre, {
      action: lock ? 'account.locked' : 'account.unlocked',
      subjects: [id],
      changed: ['locked'],
    })
    return { is: 'changed', changed: ['locked'] }
  })
}

/**
 * For a lost telephone: the next log-in sets up another authenticator. The sessions are over, too: whoever found it may have one.
 * @throws DomainError `person-unknown`
 */
export async function resetSecondFactor(database: Database, keeper: Keeper, username: string): Promise<Kept> {
  return database.transaction(keeper.actor, async (tx) => {
    const { id, centre, secondFactor } = await requireAccount(tx, username)
    await tx.query('delete from second_factor where person = $1', [id])
    if (secondFactor !== 'enrolled') return { is: 'unchanged' }
    await tx.query('update person set second_factor_since = null where id = $1', [id])
    await endSessions(tx, id)
    await keeper.note(tx, centre, { action: 'account.changed', subjects: [id], changed: ['secondFactor'] })
    return { is: 'changed', changed: ['secondFactor'] }
  })
}

async function endSessions(tx: Transaction, person: string): Promise<void> {
  await tx.query('update session set ended_at = app_now() where person = $1 and ended_at is null', [person])
}
