import { DomainError } from '@anju/contract'
import type { Colleague, Way, Ways } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { unlessWritten, type WrittenFrom, written } from '../database/versions.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { changing, type RosterParts } from './change.ts'
import { type StoredWay, WAYS, wayView } from './rows.ts'
import { proveWay, writeWays } from './ways.ts'

/** How those who work for a centre are reached away from a console, and how the centre itself is: its robots, its telephone. */
export interface Colleagues {
  list(actor: PersonActor): Promise<Colleague[]>
  /** @throws DomainError `person-unknown`, `person-changed`. */
  setWays(author: Author, person: string, ways: Ways, writtenFrom?: WrittenFrom): Promise<Colleague>
  prove(author: Author, person: string, way: string): Promise<Colleague>
  ofCentre(actor: PersonActor): Promise<Way[]>
  setOfCentre(author: Author, ways: Ways): Promise<Way[]>
}

const colleaguesMax = 1_000
const SELECT = `select id, version, name, role, ${WAYS('person', 'person.id')} as ways from person`
type Row = Omit<Colleague, 'ways'> & { ways: readonly StoredWay[] }

export function createColleagues(parts: RosterParts): Colleagues {
  const withPerson = (author: Author, id: string, work: (tx: Transaction) => Promise<void>): Promise<Colleague> =>
    changing(parts, author, async (tx) => {
      const found = await tx.query(
        `select 1 from person where id = $1 and centre = $2 and role <> 'family' for no key update`,
        [id, author.actor.centre],
      )
      if (found.length === 0) throw new DomainError('person-unknown', 'nobody of this centre')
      await work(tx)
      const [row] = await tx.query<Row>(`${SELECT} where id = $1`, [id])
      return viewOf(row as Row)
    })

  return {
    list: (actor) =>
      parts.database.transaction(actor, async (tx) => {
        const rows = await tx.query<Row>(
          `${SELECT} where centre = $1 and role <> 'family' order by role, name, id limit ${colleaguesMax}`,
          [actor.centre],
        )
        return rows.map(viewOf)
      }),

    setWays: (author, id, ways, writtenFrom) =>
      withPerson(author, id, async (tx) => {
        await unlessWritten(tx, 'person', id, writtenFrom)
        await written(tx, 'person', id, author.actor.name)
        await writeWays(tx, parts, { kind: 'person', id, centre: author.actor.centre, home: null }, ways)
        await author.note(tx, { action: 'person.changed', subjects: [id], changed: ['ways'] })
      }),

    prove: (author, id, way) =>
      withPerson(author, id, async (tx) => {
        await proveWay(tx, { kind: 'person', id }, way)
        await author.note(tx, { action: 'way.proven', subjects: [id, way], changed: ['lastProvenOn'] })
      }),

    ofCentre: (actor) => parts.database.transaction(actor, (tx) => waysOfCentre(tx, actor.centre)),

    setOfCentre: (author, ways) =>
      changing(parts, author, async (tx) => {
        const { centre } = author.actor
        await tx.query('select 1 from centre where id = $1 for no key update', [centre])
        await writeWays(tx, parts, { kind: 'centre', id: centre, centre, home: null }, ways)
        await author.note(tx, { action: 'centre.changed', subjects: [centre], changed: ['ways'] })
        return waysOfCentre(tx, centre)
      }),
  }
}

async function waysOfCentre(tx: Transaction, centre: string): Promise<Way[]> {
  const [row] = await tx.query<{ ways: readonly StoredWay[] }>(
    `select ${WAYS('centre', 'centre.id')} as ways from centre where id = $1`,
    [centre],
  )
  return row?.ways.map(wayView) ?? []
}

const viewOf = (row: Row): Colleague => ({ ...row, ways: row.ways.map(wayView) })
