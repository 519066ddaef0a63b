import { DomainError, malformed } from '@anju/contract'
import type { PushAnswer, SubscriptionBody, Way } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { written } from '../database/versions.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { changing, newId, type RosterParts } from './change.ts'
import { type StoredWay, WAYS, wayView } from './rows.ts'

/** Old browsers are given away without a word: only the ones used last are kept. */
const browsersMax = 10

export interface PushParts {
  readonly pushPublicKey: string
  readonly pushTakes: (subscription: string) => boolean
}

/** A person's own browsers, as ways to reach them. */
export interface Subscriptions {
  about(actor: PersonActor): Promise<PushAnswer>
  /**
   * Said at every visit of the page, so that the browser used last is the one that rings. The answer says when it is dead: a
   * push service never takes an address back, and the browser has to ask for another.
   * @throws DomainError `contact-unknown` for a relative whom nobody would ever ask, `request-malformed`.
   */
  add(author: Author, subscription: SubscriptionBody): Promise<Way>
  /** @throws DomainError `way-unknown`. */
  remove(author: Author, way: string): Promise<void>
}

export function createSubscriptions(parts: RosterParts, { pushPublicKey, pushTakes }: PushParts): Subscriptions {
  /** What is on its way to a browser does not arrive there once it is somebody else's, or nobody's. */
  async function withdraw(tx: Transaction, owner: string, address: string): Promise<void> {
    const [account] = await tx.query<{ contact: string | null }>('select contact from person where id = $1', [owner])
    const way = { channel: 'push', address } as const
    parts.withdrawals.withdraw(tx, { kind: 'person', id: owner, way })
    const contact = account ? account.contact : owner
    if (contact !== null) parts.withdrawals.withdraw(tx, { kind: 'contact', id: contact, way })
  }

  return {
    about: (actor) =>
      parts.database.transaction(actor, async (tx) => {
        const { asked } = await accountOf(tx, actor, '')
        return { publicKey: pushPublicKey, asked }
      }),

    add: (author, { endpoint, keys }) =>
      changing(parts, author, async (tx) => {
        const { person, centre } = author.actor
        const address = JSON.stringify({ endpoint, keys })
        if (!pushTakes(address)) throw malformed('body/endpoint', 'is of no push service that this server sends to')
        const { asked, home } = await accountOf(tx, author.actor, LOCKED)
        if (!asked)
          throw new DomainError('contact-unknown', 'this account is none of the home’s contacts: nobody would ask it')
        const gone = await tx.query<{ owner: string }>(
          `delete from way where channel = 'push' and address = $1 and (owner_kind, owner) <> ('person', $2) returning owner`,
          [address, person],
        )
        for (const { owner } of gone) await withdraw(tx, owner, address)
        const before = await browsersOf(tx, person)
        await tx.query(`update way set position = position + 1 where owner_kind = 'person' and owner = $1`, [person])
        await tx.query(
          `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
           values ($1, $2, $3, 'person', $4, 'push', $5, 1)
           on conflict on constraint way_once do update set position = excluded.position`,
          [newId(parts, 'way'), centre, home, person, address],
        )
        await tx.query(
          `delete from way where id in (select id from way where owner_kind = 'person' and owner = $1 and channel = 'push'
             order by position, id offset ${browsersMax})`,
          [person],
        )
        const added = (await browsersOf(tx, person)).find((way) => way.address === address)
        if (!added) throw new DomainError('internal', 'a subscription was not saved')
        if (!before.some(({ id }) => id === added.id)) {
          await written(tx, 'person', person, author.actor.name)
          await author.note(tx, { action: 'subscription.added', subjects: [person, added.id], changed: ['ways'] })
        }
        return wayView(added)
      }),

    remove: (author, way) =>
      changing(parts, author, async (tx) => {
        const { person } = author.actor
        const [gone] = await tx.query<{ address: string }>(
          `delete from way where id = $1 and owner_kind = 'person' and owner = $2 and channel = 'push' returning address`,
          [way, person],
        )
        if (!gone) throw new DomainError('way-unknown', 'this account has no such browser')
        await withdraw(tx, person, gone.address)
        await written(tx, 'person', person, author.actor.name)
        await author.note(tx, { action: 'subscription.removed', subjects: [person, way], changed: ['ways'] })
      }),
  }
}

/** Two browsers of one account come one after the other. */
const LOCKED = 'for no key update of person'

/** Who works for the centre is asked by the rota; a relative, only as one of the home's contacts. */
async function accountOf(
  tx: Transaction,
  { person, role }: PersonActor,
  lock: '' | typeof LOCKED,
): Promise<{ readonly asked: boolean; readonly home: string | null }> {
  const [row] = await tx.query<{ home: string | null; is_contact: boolean }>(
    `select home, exists (select from contact where contact.id = person.contact and removed_at is null) as is_contact
     from person where id = $1 ${lock}`,
    [person],
  )
  return { asked: role !== 'family' || row?.is_contact === true, home: row?.home ?? null }
}

async function browsersOf(tx: Transaction, person: string): Promise<readonly StoredWay[]> {
  const [row] = await tx.query<{ ways: readonly StoredWay[] }>(`select ${WAYS('person', '$1')} as ways`, [person])
  return row?.ways.filter(({ channel }) => channel === 'push') ?? []
}
