import { DomainError, type HomeId, malformed } from '@anju/contract'
import type { Contact, ContactAdd, ContactChange } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { unlessWritten, type WrittenFrom, written } from '../database/versions.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { assignments, changing, lockHome, newId, type RosterParts } from './change.ts'
import { proveWay, writeWays } from './ways.ts'

/** More than anybody calls one after the other in an hour. */
const contactsMax = 50

/** Every call answers with the home's whole list: an order is only understood as a whole. */
export interface Contacts {
  list(actor: PersonActor, home: HomeId): Promise<{ items: Contact[]; orderVersion: number }>
  add(author: Author, home: HomeId, given: ContactAdd): Promise<Contact>
  /** Also brings a removed one back. @throws DomainError `contact-unknown`, `contact-changed`. */
  change(author: Author, home: HomeId, contact: string, given: ContactChange): Promise<Contact>
  /** @throws DomainError `contact-unknown`, `contact-changed`. */
  remove(author: Author, home: HomeId, contact: string, writtenFrom?: number): Promise<void>
  /** Their order is one thing, and has a version of its own. @throws DomainError `contact-order-changed`, `request-malformed`. */
  reorder(author: Author, home: HomeId, contacts: readonly string[], writtenFrom?: number): Promise<Contact[]>
  /** Somebody answered there. @throws DomainError `way-unknown`. */
  prove(author: Author, home: HomeId, contact: string, way: string): Promise<Contact>
}

/** A home's contacts as everybody sees them; `homes/` reads them. */
export type ContactReader = (tx: Transaction, home: HomeId) => Promise<Contact[]>

const COLUMNS = {
  name: 'name',
  relation: 'relation',
  role: 'role',
  keyHolder: 'key_holder',
  language: 'language',
  hours: 'hours',
  distanceM: 'distance_m',
  note: 'note',
  phone: 'phone',
}

export function createContacts(parts: RosterParts, contactsOf: ContactReader): Contacts {
  const inHome = <T>(author: Author, home: HomeId, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    changing(parts, author, async (tx) => {
      await lockHome(tx, author.actor, home)
      return work(tx)
    })
  const one = async (tx: Transaction, home: HomeId, contact: string): Promise<Contact> => {
    const found = (await contactsOf(tx, home)).find(({ id }) => id === contact)
    if (!found) throw unknown()
    return found
  }

  return {
    list: (actor, home) =>
      parts.database.transaction(actor, async (tx) => {
        const [own] = await tx.query<{ order_version: number }>(
          'select order_version from home where id = $1 and centre = $2',
          [home, actor.centre],
        )
        if (!own) throw new DomainError('home-unknown', 'there is no such home')
        return { items: await contactsOf(tx, home), orderVersion: own.order_version }
      }),

    add: (author, home, { ways = [], ...given }) =>
      inHome(author, home, async (tx) => {
        const { centre } = author.actor
        const id = newId(parts, 'contact')
        const [{ count, last } = { count: 0, last: 0 }] = await tx.query<{ count: number; last: number }>(
          `select count(*) filter (where removed_at is null) as count, coalesce(max(position), 0) as last
           from contact where home = $1`,
          [home],
        )
        if (count >= contactsMax) throw malformed('body', `a home has at most ${contactsMax} contacts`)
        await tx.query(
          `insert into contact (id, centre, home, name, relation, phone, position) values ($1, $2, $3, $4, $5, '', $6)`,
          [id, centre, home, given.name, given.relation, last + 1],
        )
        const phone = await writeWays(tx, parts, { kind: 'contact', id, centre, home }, ways)
        await update(tx, home, id, { ...given, phone })
        await written(tx, 'contact-order', home, author.actor.name)
        await author.note(tx, {
          action: 'contact.added',
          subjects: [home, id],
          changed: [...Object.keys(given), 'ways'],
        })
        return one(tx, home, id)
      }),

    change: (author, home, id, { ways, removed, writtenFrom, ...given }) =>
      inHome(author, home, async (tx) => {
        const [row] = await tx.query<{ gone: boolean }>(
          'select removed_at is not null as gone from contact where id = $1 and home = $2',
          [id, home],
        )
        if (!row || (row.gone && removed !== false)) throw unknown()
        await unlessWritten(tx, 'contact', id, writtenFrom)
        const { centre, name } = author.actor
        const phone = ways && (await writeWays(tx, parts, { kind: 'contact', id, centre, home }, ways))
        await update(tx, home, id, { ...given, ...(phone === undefined ? {} : { phone }) })
        const changed = [...Object.keys(given), ...(ways ? ['ways'] : [])]
        if (changed.length > 0 || row.gone) await written(tx, 'contact', id, name)
        if (row.gone) {
          await tx.query('update contact set removed_at = null where id = $1', [id])
          await written(tx, 'contact-order', home, name)
          await author.note(tx, { action: 'contact.restored', subjects: [home, id], changed: [] })
        }
        if (changed.length > 0) await author.note(tx, { action: 'contact.changed', subjects: [home, id], changed })
        return one(tx, home, id)
      }),

    remove: (author, home, id, writtenFrom) =>
      inHome(author, home, async (tx) => {
        const found = await tx.query(
          'update contact set removed_at = app_now() where id = $1 and home = $2 and removed_at is null returning 1',
          [id, home],
        )
        if (found.length === 0) throw unknown()
        await removed(tx, { home, id, by: author.actor.name }, writtenFrom)
        parts.withdrawals.withdraw(tx, { kind: 'contact', id })
        await author.note(tx, { action: 'contact.removed', subjects: [home, id], changed: [] })
      }),

    reorder: (author, home, contacts, writtenFrom) =>
      inHome(author, home, async (tx) => {
        await unlessWritten(tx, 'contact-order', home, writtenFrom)
        const known = await tx.query<{ id: string }>('select id from contact where home = $1 and removed_at is null', [
          home,
        ])
        const complete = known.length === contacts.length && known.every(({ id }) => contacts.includes(id))
        if (!complete) throw malformed('body/contacts', 'must name every contact of this home once')
        await tx.query(
          `update contact set position = given.position
           from unnest($2::text[]) with ordinality as given (id, position) where contact.home = $1 and contact.id = given.id`,
          [home, contacts],
        )
        await written(tx, 'contact-order', home, author.actor.name)
        await author.note(tx, { action: 'contact.reordered', subjects: [home, ...contacts], changed: ['order'] })
        return contactsOf(tx, home)
      }),

    prove: (author, home, id, way) =>
      inHome(author, home, async (tx) => {
        await one(tx, home, id)
        await proveWay(tx, { kind: 'contact', id }, way)
        await tx.query('update contact set last_proven_on = app_now() where id = $1', [id])
        await author.note(tx, { action: 'way.proven', subjects: [home, id, way], changed: ['lastProvenOn'] })
        return one(tx, home, id)
      }),
  }
}

/** Refused, the removal before it is undone with its transaction. */
async function removed(
  tx: Transaction,
  { home, id, by }: { readonly home: HomeId; readonly id: string; readonly by: string },
  writtenFrom: WrittenFrom,
): Promise<void> {
  await unlessWritten(tx, 'contact', id, writtenFrom)
  await written(tx, 'contact', id, by)
  await written(tx, 'contact-order', home, by)
}

async function update(
  tx: Transaction,
  home: HomeId,
  id: string,
  given: Omit<ContactChange, 'ways' | 'removed' | 'writtenFrom'> & { phone?: string },
): Promise<void> {
  const { hours, ...rest } = given
  const stored = hours === undefined ? rest : { ...rest, hours: hours && JSON.stringify(hours) }
  const { sets, values } = assignments(COLUMNS, stored)
  if (sets) await tx.query(`update contact set home = home${sets} where id = $1 and home = $2`, [id, home, ...values])
}

const unknown = () => new DomainError('contact-unknown', 'this home has no such contact')
