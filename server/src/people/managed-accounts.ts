import { type Clock, DomainError, type Random } from '@anju/contract'
import type { Account as AccountView, Role } from '@anju/contract/api'
import { type AccountAdd, type AccountChange, type AccountList, type OneTimePassword, ROLES } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { once } from '../database/idempotency.ts'
import type { Actor, Database, PersonActor, Transaction } from '../ports.ts'
import { type Account, lockAccount, requireAccount, SELECT_ACCOUNTS } from './account-rows.ts'
import { keepAccountIn } from './accounts.ts'
import { dropFactor, lockOut, storePassword } from './entry.ts'
import type { Keeper, Kept } from './keeping.ts'
import type { People } from './people.ts'
import { hashPassword, newTypedSecret } from './secrets.ts'

/**
 * The accounts of a centre, for whoever answers for them: never their own, and never one of a role above theirs. So whoever
 * acts is always left, and can act still: nobody locks themselves out, and an administrator remains.
 * All of them throw DomainError `person-unknown`, `own-account`, `forbidden`.
 */
export interface ManagedAccounts {
  list(actor: PersonActor, after: string | undefined): Promise<AccountList>
  /** With a password for once. @throws DomainError `username-taken`, `request-malformed` naming the field, too. */
  add(author: Author, given: AccountAdd): Promise<OneTimePassword>
  change(author: Author, id: string, given: AccountChange): Promise<AccountView>
  /** A password for once, told this once: it is replaced at the next log-in. Sessions there were are over. */
  resetPassword(author: Author, id: string): Promise<OneTimePassword>
  resetSecondFactor(author: Author, id: string): Promise<AccountView>
  setLocked(author: Author, id: string, lock: boolean): Promise<AccountView>
}

export interface ManagedAccountParts {
  readonly database: Database
  readonly clock: Clock
  readonly random: Random
  readonly people: Pick<People, 'doubt'>
  readonly mayManage: (role: Role, other: Role) => boolean
}

const accountsPerPage = 200
/** Over a weekend it is still good; a slip of paper found later is not. */
const oneTimeHours = 72
/** The second factor is no person's to see, so a part of the server does it; whose centre it is, it asks itself. */
const PART: Actor = { kind: 'system', part: 'accounts' }

export function createManagedAccounts(parts: ManagedAccountParts): ManagedAccounts {
  const { database, people, mayManage } = parts

  const viewOf = ({ role, person }: PersonActor, account: Account): AccountView => ({
    ...shown(account),
    manageable: account.id !== person && mayManage(role, account.role),
  })

  /** One act on one account, by somebody who may at this very moment. */
  function acting(
    author: Author,
    id: string,
    act: (tx: Transaction, account: Account, by: Account) => Promise<Kept | undefined>,
  ): Promise<AccountView> {
    return database
      .transaction(PART, (tx) =>
        once(tx, author.key, async () => {
          const { account, by } = await manageable(tx, author.actor, id)
          await act(tx, account, by)
          return viewOf(author.actor, await requireAccount(tx, account.username))
        }),
      )
      .finally(() => people.doubt(id))
  }

  /** The account, and whoever acts as they are now: their session may not know yet. @throws DomainError `person-unknown`, `own-account`, `forbidden` */
  async function manageable(
    tx: Transaction,
    actor: PersonActor,
    id: string,
  ): Promise<{ readonly account: Account; readonly by: Account }> {
    if (id === actor.person) throw new DomainError('own-account', 'nobody does this to their own account')
    // Both rows, always in this order: of two who lock each other out at once, the second finds that they may no more.
    const rows = await tx.query<Account>(
      `${SELECT_ACCOUNTS} where person.id = any ($1) and person.centre = $2 order by person.id for no key update of person`,
      [[id, actor.person], actor.centre],
    )
    const account = rows.find((one) => one.id === id)
    if (!account) throw new DomainError('person-unknown', 'nobody of this centre')
    const by = rows.find((one) => one.id === actor.person)
    refuseUnless(by, account.role)
    return { account, by }
  }

  function refuseUnless(by: Account | undefined, role: Role): asserts by is Account {
    if (!by || by.locked || !mayManage(by.role, role))
      throw new DomainError('forbidden', 'this account or this role is above your own')
  }

  return {
    async list(actor, after) {
      const rows = await database.transaction(actor, (tx) =>
        tx.query<Account>(
          `${SELECT_ACCOUNTS} where person.centre = $1 and username > $2 order by username limit ${accountsPerPage + 1}`,
          [actor.centre, after ?? ''],
        ),
      )
      const page = rows.slice(0, accountsPerPage)
      return {
        items: page.map((row) => viewOf(actor, row)),
        nextCursor: rows.length > page.length ? (page.at(-1)?.username ?? null) : null,
        gives: ROLES.filter((role) => mayManage(actor.role, role)),
      }
    },

    async add(author, { username, ...wish }) {
      const { actor } = author
      const password = newTypedSecret()
      const stored = await hashPassword(password)
      return database.transaction(PART, async (tx) => {
        const [by] = await tx.query<Account>(`${SELECT_ACCOUNTS} where person.id = $1 for no key update of person`, [
          actor.person,
        ])
        refuseUnless(by, wish.role)
        // Whoever asks twice for one name gets no second password for it, and learns nothing of another centre's accounts.
        if (await lockAccount(tx, username)) throw new DomainError('username-taken', `username: ${username} is taken`)
        const keeper = keeperOf(author)
        await keepAccountIn(tx, parts, keeper, username, { ...wish, centre: actor.centre })
        await storePassword(tx, keeper, await requireAccount(tx, username), stored, oneTimeHours)
        return { account: viewOf(actor, await requireAccount(tx, username)), password }
      })
    },

    change: (author, id, given) =>
      acting(author, id, async (tx, account, by) => {
        if (given.role) refuseUnless(by, given.role)
        return keepAccountIn(tx, parts, keeperOf(author), account.username, given)
      }),

    async resetPassword(author, id) {
      const password = newTypedSecret()
      const stored = await hashPassword(password)
      // Never under a key: a password that is told must be the one that is stored, and none is kept with an answer.
      const account = await acting({ ...author, key: undefined }, id, async (tx, found) => {
        await storePassword(tx, keeperOf(author), found, stored, oneTimeHours)
        return undefined
      })
      return { account, password }
    },

    resetSecondFactor: (author, id) => acting(author, id, (tx, account) => dropFactor(tx, keeperOf(author), account)),

    setLocked: (author, id, lock) => acting(author, id, (tx, account) => lockOut(tx, keeperOf(author), account, lock)),
  }
}

function shown(account: Account): Omit<AccountView, 'manageable'> {
  const { id, username, name, role, home, language, locked, secondFactor, hasPassword, oneTime } = account
  const password = !hasPassword ? 'none' : oneTime ? 'for-once' : 'set'
  return { id, username, name, role, home, language, locked, password, secondFactor }
}

const keeperOf = (author: Author): Keeper => ({
  actor: PART,
  note: (tx, _centre, change) => author.note(tx, change),
})
