import { type Clock, DomainError, malformed, type Random } from '@anju/contract'
import { USERNAME } from '@anju/contract/account-rules'
import { type Language, ROLES, type Role } from '@anju/contract/api'
import { ulid } from 'ulid'
import type { Database, Transaction } from '../ports.ts'
import { type Account, lockAccount, SELECT_ACCOUNTS } from './account-rows.ts'
import { requireCentre } from './centres.ts'
import { endSessions } from './entry.ts'
import { differing, type Keeper, type Kept, nameIn } from './keeping.ts'

/** What is not mentioned stays as it is. */
export interface AccountWish {
  readonly centre?: string | undefined
  readonly name?: string | undefined
  readonly role?: Role | undefined
  /** Of a family member, and of nobody else. */
  readonly home?: string | undefined
  /** Which of the home's contacts a family member is: what they answer is that contact's answer. */
  readonly contact?: string | null | undefined
  readonly language?: Language | undefined
}

export interface AccountParts {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
}

export const listAccounts = (database: Database, { actor }: Keeper, centre?: string): Promise<Account[]> =>
  database.transaction(actor, (tx) =>
    tx.query<Account>(
      `${SELECT_ACCOUNTS} where $1::text is null or person.centre = $1 order by person.centre, username`,
      [centre ?? null],
    ),
  )

/**
 * Makes an account, or changes the one there is; the same once more changes nothing. A new one has no password yet.
 * @throws DomainError `request-malformed` naming the field, `person-unknown`, `username-taken`, `centre-unknown`, `home-unknown`,
 * `contact-unknown`
 */
export async function keepAccount(
  parts: AccountParts,
  keeper: Keeper,
  username: string,
  given: AccountWish,
): Promise<Kept> {
  return parts.database.transaction(keeper.actor, (tx) => keepAccountIn(tx, parts, keeper, username, given))
}

/** The same within a transaction of the keeper's. */
export async function keepAccountIn(
  tx: Transaction,
  parts: Pick<AccountParts, 'clock' | 'random'>,
  keeper: Keeper,
  username: string,
  given: AccountWish,
): Promise<Kept> {
  if (!USERNAME.test(username))
    throw malformed('username', 'lower-case letters, digits, dots, dashes and underscores only, at most 64')
  const wish = { ...given, name: given.name === undefined ? undefined : nameIn('name', given.name) }
  const stored = await lockAccount(tx, username)
  if (!stored) return add(parts, tx, keeper, username, wish)
  if (wish.centre !== undefined && wish.centre !== stored.centre)
    throw malformed(
      'centre',
      `${username} belongs to ${stored.centre}, and so does what they did: make another account`,
    )
  const next = becoming(stored, wish)
  await checkPlace(tx, username, next, wish)
  const changed = differing(next, stored)
  if (changed.length === 0) return { is: 'unchanged' }
  await tx.query('update person set name = $2, role = $3, home = $4, contact = $5, language = $6 where id = $1', [
    stored.id,
    next.name,
    next.role,
    next.home,
    next.contact,
    next.language,
  ])
  // A page that was loaded for another role or another home is no page of theirs any more.
  if (next.role !== stored.role || next.home !== stored.home) await endSessions(tx, stored.id)
  await keeper.note(tx, stored.centre, { action: 'account.changed', subjects: [stored.id], changed })
  return { is: 'changed', changed }
}

async function add(
  { clock, random }: Pick<AccountParts, 'clock' | 'random'>,
  tx: Transaction,
  keeper: Keeper,
  username: string,
  wish: AccountWish,
): Promise<Kept> {
  const { centre, name, role, home = null, contact = null, language = 'zh-CN' } = wish
  if (centre === undefined || name === undefined || role === undefined)
    throw new DomainError(
      'person-unknown',
      `there is no account ${username}; to make it, give its centre, name and role (${ROLES.join(', ')})`,
    )
  await requireCentre(tx, 'centre', centre)
  await checkPlace(tx, username, { centre, role, home, contact }, wish)
  const id = `person-${ulid(clock.now(), () => random.uniform()).toLowerCase()}`
  const made = await tx.query(
    `insert into person (id, centre, username, name, role, home, contact, language, password)
     values ($1, $2, $3, $4, $5, $6, $7, $8, '') on conflict (username) do nothing returning 1`,
    [id, centre, username, name, role, home, contact, language],
  )
  // One of another centre, which whoever asks cannot see, or one that was made this moment.
  if (made.length === 0) throw new DomainError('username-taken', `username: ${username} is taken`)
  await keeper.note(tx, centre, { action: 'account.added', subjects: [id], changed: Object.keys(defined(wish)) })
  return { is: 'added' }
}

/** Who is no family member has no home, and who is moved to another home is no contact of the last one. */
function becoming(stored: Account, wish: AccountWish): Account {
  const next = { ...stored, ...defined(wish) }
  if (next.role !== 'family') return { ...next, home: null, contact: null }
  return wish.contact === undefined && next.home !== stored.home ? { ...next, contact: null } : next
}

/** A family member belongs to one home, and may be one of its contacts; nobody else does. */
async function checkPlace(
  tx: Transaction,
  username: string,
  { centre, role, home, contact }: Pick<Account, 'centre' | 'role' | 'home' | 'contact'>,
  wish: AccountWish,
): Promise<void> {
  if (role !== 'family') {
    if (wish.home) throw malformed('home', `only an account of the role family has one, not ${role}`)
    if (wish.contact) throw malformed('contact', `only an account of the role family is one, not ${role}`)
    return
  }
  if (home === null) throw malformed('home', 'an account of the role family needs the home it may know of')
  const homes = await tx.query('select 1 from home where id = $1 and centre = $2', [home, centre])
  if (homes.length === 0) throw new DomainError('home-unknown', `home: centre ${centre} has no home ${home}`)
  if (contact === null) return
  const [found] = await tx.query<{ account: string | null }>(
    `select (select username from person where person.contact = contact.id) as account from contact
     where id = $1 and home = $2`,
    [contact, home],
  )
  if (!found) throw new DomainError('contact-unknown', `contact: home ${home} has no contact ${contact}`)
  if (found.account !== null && found.account !== username)
    throw malformed('contact', `${contact} has an account already: ${found.account}`)
}

const defined = (wish: AccountWish): { [K in keyof AccountWish]: Exclude<AccountWish[K], undefined> } =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined))
