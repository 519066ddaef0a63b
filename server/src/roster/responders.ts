import { DomainError } from '@anju/contract'
import type { Hours, Language, Responder, ResponderAdd, ResponderChange, ResponderKind } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { unlessWritten, written } from '../database/versions.ts'
import { numberToDial } from '../domain/roster/ways.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { assignments, changing, newId, type RosterParts } from './change.ts'
import { type StoredWay, WAYS, wayView } from './rows.ts'
import { proveWay, writeWays } from './ways.ts'

const pageMax = 200

export interface Responders {
  list(actor: PersonActor, cursor: string | undefined): Promise<{ items: Responder[]; nextCursor: string | null }>
  add(author: Author, given: ResponderAdd): Promise<Responder>
  /** Also brings a removed one back. @throws DomainError `responder-unknown`, `responder-changed`. */
  change(author: Author, id: string, given: ResponderChange): Promise<Responder>
  /** @throws DomainError `responder-unknown`, `responder-changed`. */
  remove(author: Author, id: string, writtenFrom?: number): Promise<void>
  prove(author: Author, id: string, way: string): Promise<Responder>
}

interface Row {
  id: string
  version: number
  name: string
  phone: string
  kind: ResponderKind
  zone: string
  language: Language
  hours: Hours[] | null
  organisation: string
  ways: readonly StoredWay[]
}
const SELECT = `select id, version, name, phone, kind, zone, language, hours, organisation, ${WAYS('responder', 'responder.id')} as ways
  from responder`
const COLUMNS = {
  name: 'name',
  phone: 'phone',
  kind: 'kind',
  zone: 'zone',
  language: 'language',
  hours: 'hours',
  organisation: 'organisation',
  latitude: 'latitude',
  longitude: 'longitude',
}

export function createResponders(parts: RosterParts): Responders {
  return {
    list: (actor, cursor) =>
      parts.database.transaction(actor, async (tx) => {
        const rows = await tx.query<Row>(
          `${SELECT} where centre = $1 and id > $2 and removed_at is null order by id limit ${pageMax + 1}`,
          [actor.centre, cursor ?? ''],
        )
        const items = rows.slice(0, pageMax).map(viewOf)
        return { items, nextCursor: rows.length > pageMax ? (items.at(-1)?.id ?? null) : null }
      }),

    add: (author, { ways = [], ...given }) =>
      changing(parts, author, async (tx) => {
        const { centre } = author.actor
        const id = newId(parts, 'responder')
        await tx.query(`insert into responder (id, centre, name, phone) values ($1, $2, $3, '')`, [
          id,
          centre,
          given.name,
        ])
        const phone = await writeWays(tx, parts, { kind: 'responder', id, centre, home: null }, ways)
        await update(tx, centre, id, { ...given, phone })
        await author.note(tx, { action: 'responder.added', subjects: [id], changed: [...Object.keys(given), 'ways'] })
        return one(tx, id)
      }),

    change: (author, id, { ways, removed, writtenFrom, ...given }) =>
      changing(parts, author, async (tx) => {
        const { centre } = author.actor
        const gone = await locked(tx, centre, id)
        if (gone && removed !== false) throw unknown()
        await unlessWritten(tx, 'responder', id, writtenFrom)
        const phone = ways && (await writeWays(tx, parts, { kind: 'responder', id, centre, home: null }, ways))
        await update(tx, centre, id, { ...given, ...(phone === undefined ? {} : { phone }) })
        const changed = [...Object.keys(given), ...(ways ? ['ways'] : [])]
        if (changed.length > 0 || gone) await written(tx, 'responder', id, author.actor.name)
        if (gone) {
          await tx.query('update responder set removed_at = null where id = $1', [id])
          await author.note(tx, { action: 'responder.restored', subjects: [id], changed: [] })
        }
        if (changed.length > 0) await author.note(tx, { action: 'responder.changed', subjects: [id], changed })
        return one(tx, id)
      }),

    remove: (author, id, writtenFrom) =>
      changing(parts, author, async (tx) => {
        if (await locked(tx, author.actor.centre, id)) throw unknown()
        await unlessWritten(tx, 'responder', id, writtenFrom)
        await tx.query('update responder set removed_at = app_now() where id = $1', [id])
        await written(tx, 'responder', id, author.actor.name)
        parts.withdrawals.withdraw(tx, { kind: 'responder', id })
        await author.note(tx, { action: 'responder.removed', subjects: [id], changed: [] })
      }),

    prove: (author, id, way) =>
      changing(parts, author, async (tx) => {
        if (await locked(tx, author.actor.centre, id)) throw unknown()
        await proveWay(tx, { kind: 'responder', id }, way)
        await author.note(tx, { action: 'way.proven', subjects: [id, way], changed: ['lastProvenOn'] })
        return one(tx, id)
      }),
  }
}

/** @returns whether they were removed. */
async function locked(tx: Transaction, centre: string, id: string): Promise<boolean> {
  const [row] = await tx.query<{ gone: boolean }>(
    'select removed_at is not null as gone from responder where id = $1 and centre = $2 for no key update',
    [id, centre],
  )
  if (!row) throw unknown()
  return row.gone
}

async function update(
  tx: Transaction,
  centre: string,
  id: string,
  { base, hours, ...rest }: Omit<ResponderChange, 'ways' | 'removed' | 'writtenFrom'> & { phone?: string },
): Promise<void> {
  const { sets, values } = assignments(COLUMNS, {
    ...rest,
    ...(hours === undefined ? {} : { hours: hours && JSON.stringify(hours) }),
    ...(base === undefined ? {} : { latitude: base?.latitude ?? null, longitude: base?.longitude ?? null }),
  })
  if (sets) await tx.query(`update responder set id = id${sets} where id = $1 and centre = $2`, [id, centre, ...values])
}

async function one(tx: Transaction, id: string): Promise<Responder> {
  const [row] = await tx.query<Row>(`${SELECT} where id = $1`, [id])
  if (!row) throw unknown()
  return viewOf(row)
}

const viewOf = (row: Row): Responder => ({
  ...row,
  phone: numberToDial(row.ways) || row.phone,
  ways: row.ways.map(wayView),
})

const unknown = () => new DomainError('responder-unknown', 'there is no such responder')
