import { malformed } from '@anju/contract'
import { type PasswordFault, passwordCharsMax, passwordCharsMin, passwordFault } from '@anju/contract/account-rules'
import type { Database, Transaction } from '../ports.ts'
import { type Account, requireAccount } from './account-rows.ts'
import { type Keeper, type Kept } from './keeping.ts'
import { hashPassword } from './secrets.ts'

/** What lets a person in, and what keeps them out: the password, the second factor and the lock. */

const FAULTS: Readonly<Record<PasswordFault, string>> = {
  'too-short': `has fewer than ${passwordCharsMin} characters`,
  'too-long': `has more than ${passwordCharsMax} characters`,
  'holds-username': 'contains the user name',
}

/** @throws DomainError `request-malformed` naming the field */
export function checkPassword(username: string, password: string, field = 'password'): void {
  const fault = passwordFault(username, password)
  if (fault) throw malformed(field, FAULTS[fault])
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
    const account = await requireAccount(tx, username)
    await storePassword(tx, keeper, account, stored)
  })
}

/** `oneTimeHours`: it is not its owner's own, and good for the one log-in that replaces it within that time. */
export async function storePassword(
  tx: Transaction,
  keeper: Keeper,
  { id, centre }: Account,
  stored: string,
  oneTimeHours?: number,
): Promise<void> {
  await tx.query(
    `update person set password = $2, one_time_until = app_now() + $3::integer * interval '1 hour' where id = $1`,
    [id, stored, oneTimeHours ?? null],
  )
  await endSessions(tx, id)
  await keeper.note(tx, centre, { action: 'account.changed', subjects: [id], changed: ['password'] })
}

/**
 * Whoever is locked is out within seconds, on every page and with every token; the alarms they hold come back to the queue.
 * @throws DomainError `person-unknown`
 */
export async function setLocked(database: Database, keeper: Keeper, username: string, lock: boolean): Promise<Kept> {
  return database.transaction(keeper.actor, async (tx) => lockOut(tx, keeper, await requireAccount(tx, username), lock))
}

export async function lockOut(
  tx: Transaction,
  keeper: Keeper,
  { id, centre, locked }: Account,
  lock: boolean,
): Promise<Kept> {
  if (locked === lock) return { is: 'unchanged' }
  await tx.query('update person set locked_at = case when $2 then app_now() end where id = $1', [id, lock])
  if (lock) await endSessions(tx, id)
  await keeper.note(tx, centre, {
    action: lock ? 'account.locked' : 'account.unlocked',
    subjects: [id],
    changed: ['locked'],
  })
  return { is: 'changed', changed: ['locked'] }
}

/**
 * For a lost telephone: the next log-in sets up another authenticator. The sessions are over, too: whoever found it may have one.
 * @throws DomainError `person-unknown`
 */
export async function resetSecondFactor(database: Database, keeper: Keeper, username: string): Promise<Kept> {
  return database.transaction(keeper.actor, async (tx) => dropFactor(tx, keeper, await requireAccount(tx, username)))
}

export async function dropFactor(
  tx: Transaction,
  keeper: Keeper,
  { id, centre, secondFactor }: Account,
): Promise<Kept> {
  await tx.query('delete from second_factor where person = $1', [id])
  await tx.query('delete from recovery_code where person = $1', [id])
  if (secondFactor !== 'enrolled') return { is: 'unchanged' }
  await tx.query('update person set second_factor_since = null where id = $1', [id])
  await endSessions(tx, id)
  await keeper.note(tx, centre, { action: 'account.changed', subjects: [id], changed: ['secondFactor'] })
  return { is: 'changed', changed: ['secondFactor'] }
}

/** All of them, or all but the one in which this is asked for. */
export async function endSessions(tx: Transaction, person: string, but = ''): Promise<void> {
  await tx.query('update session set ended_at = app_now() where person = $1 and ended_at is null and id <> $2', [
    person,
    but,
  ])
}
