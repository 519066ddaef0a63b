import { type Clock, DomainError, type HomeId, type Random } from '@anju/contract'
import { ulid } from 'ulid'
import type { Author } from '../audit/audit.ts'
import { once } from '../database/idempotency.ts'
import type { Means } from '../domain/roster/ways.ts'
import type { Database, PersonActor, Transaction } from '../ports.ts'
import type { Withdrawals } from './ports.ts'

/** What every resource of this folder is made of. */
export interface RosterParts {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly withdrawals: Withdrawals
  readonly means: Means
}

export const newId = ({ clock, random }: RosterParts, what: string): string =>
  `${what}-${ulid(clock.now(), () => random.uniform()).toLowerCase()}`

/** One change: once per key, in the author's own name. */
export const changing = <T>(
  { database }: RosterParts,
  author: Author,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => database.transaction(author.actor, (tx) => once(tx, author.key, () => work(tx)))

/**
 * The home, locked, so that two people who edit its list do so one after the other. Not as firmly as an update would: an alarm
 * that comes in refers to the home, and must not wait for a form. One that was only lent to this centre with an alarm is not its.
 * @throws DomainError `home-unknown`.
 */
export async function lockHome(tx: Transaction, { centre }: PersonActor, home: HomeId): Promise<void> {
  const found = await tx.query('select 1 from home where id = $1 and centre = $2 for no key update', [home, centre])
  if (found.length === 0) throw new DomainError('home-unknown', 'there is no such home', { home })
}

/** `set` for the fields that were given, numbered from `$3`: `$1` and `$2` say whose. */
export function assignments(columns: Readonly<Record<string, string>>, given: object) {
  const entries = Object.entries(given).filter(([field, value]) => field in columns && value !== undefined)
  return {
    sets: entries.map(([field], index) => `, ${columns[field]} = $${index + 3}`).join(''),
    values: entries.map(([, value]) => value as unknown),
  }
}
