import { randomBytes } from 'node:crypto'
import type { Clock } from '@anju/contract'
import { noteChange } from '../../server/src/audit/audit.ts'
import { createOwnAccounts, type OwnAccounts } from '../../server/src/people/own-account.ts'
import { createPeople, type People } from '../../server/src/people/people.ts'
import { createProving } from '../../server/src/people/proving.ts'
import { sealingKeyOf } from '../../server/src/people/sealing.ts'
import { createSecondFactors } from '../../server/src/people/second-factors.ts'
import type { Database } from '../../server/src/ports.ts'

const key = randomBytes(32).toString('base64url')

/** Accounts and sessions as the server has them; all of one run seal under one key, as servers of one centre do. */
export function accountsOf(
  database: Database,
  clock: Clock,
  sealedUnder = key,
): { readonly people: People; readonly own: OwnAccounts } {
  const secondFactors = createSecondFactors(sealingKeyOf(sealedUnder, 'the test'))
  const parts = { database, clock, secondFactors, proving: createProving(database, clock), note: noteChange }
  const people = createPeople(parts)
  return { people, own: createOwnAccounts({ ...parts, people }) }
}

export const peopleOf = (database: Database, clock: Clock, sealedUnder = key): People =>
  accountsOf(database, clock, sealedUnder).people
