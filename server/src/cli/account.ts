import { DomainError, type SessionId } from '@anju/contract'
import { allows, type PolicyName } from '../policy/table.ts'
import type { Actor, Database, PersonActor } from '../ports.ts'

const CLI: Actor = { kind: 'system', part: 'cli' }
/** Whoever may start commands may read the database; the account says in whose name it is done, for the audit. */
const session = 'command-line' as SessionId
export const fromCommandLine = { ip: '', agent: 'command line' }

/** @throws DomainError `person-unknown`, `account-locked`, `forbidden` */
export async function accountOf(database: Database, username: string, policy: PolicyName): Promise<PersonActor> {
  const [row] = await database.transaction(CLI, (tx) =>
    tx.query<Pick<PersonActor, 'person' | 'name' | 'role' | 'centre'> & { readonly locked: boolean }>(
      'select id as person, name, role, centre, locked_at is not null as locked from person where username = $1',
      [username],
    ),
  )
  if (!row) throw new DomainError('person-unknown', `--as: there is no account ${username}`)
  const { locked, ...who } = row
  if (locked) throw new DomainError('account-locked', `--as: the account ${username} is locked`)
  if (!allows(policy, row.role)) throw new DomainError('forbidden', `--as: the role of ${username} may not do this`)
  return { kind: 'person', session, ...who }
}
