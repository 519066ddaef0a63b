import { DomainError } from '@anju/contract'
import type { Seat } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { unlessWritten, written } from '../database/versions.ts'
import type { PersonActor } from '../ports.ts'
import { changing, newId, type RosterParts } from './change.ts'

export interface Seats {
  list(actor: PersonActor): Promise<Seat[]>
  add(author: Author, name: string): Promise<Seat>
  /** @throws DomainError `seat-unknown`, `seat-changed`. */
  rename(author: Author, id: string, name: string, writtenFrom?: number): Promise<Seat>
  /** @throws DomainError `seat-changed`; `seat-in-use` while a shift is planned at it or a policy asks for it. */
  remove(author: Author, id: string, writtenFrom?: number): Promise<void>
}

const seatsMax = 1_000

export function createSeats(parts: RosterParts): Seats {
  return {
    list: (actor) =>
      parts.database.transaction(actor, (tx) =>
        tx.query<Seat>(`select id, version, name from seat where centre = $1 order by name, id limit ${seatsMax}`, [
          actor.centre,
        ]),
      ),

    add: (author, name) =>
      changing(parts, author, async (tx) => {
        const id = newId(parts, 'seat')
        await tx.query('insert into seat (id, centre, name) values ($1, $2, $3)', [id, author.actor.centre, name])
        await author.note(tx, { action: 'seat.added', subjects: [id], changed: ['name'] })
        return { id, version: 1, name }
      }),

    rename: (author, id, name, writtenFrom) =>
      changing(parts, author, async (tx) => {
        const { centre, name: by } = author.actor
        const found = await tx.query('select 1 from seat where id = $1 and centre = $2 for no key update', [id, centre])
        if (found.length === 0) throw unknown()
        await unlessWritten(tx, 'seat', id, writtenFrom)
        await written(tx, 'seat', id, by)
        const [row] = await tx.query<Seat>('update seat set name = $2 where id = $1 returning id, version, name', [
          id,
          name,
        ])
        await author.note(tx, { action: 'seat.changed', subjects: [id], changed: ['name'] })
        return row as Seat
      }),

    remove: (author, id, writtenFrom) =>
      changing(parts, author, async (tx) => {
        const { centre } = author.actor
        // Locked first: a shift that is planned at it in this moment either is seen below, or finds no seat.
        const found = await tx.query('select 1 from seat where id = $1 and centre = $2 for update', [id, centre])
        if (found.length === 0) throw unknown()
        await unlessWritten(tx, 'seat', id, writtenFrom)
        const used = await tx.query(
          `select 1 from shift where seat = $1
           union all
           select 1 from escalation_policy where centre = $2 and removed_at is null
             and jsonb_path_exists(tracks, '$.*.steps[*].targets[*] ? (@.seat == $seat)', jsonb_build_object('seat', $1::text))
           limit 1`,
          [id, centre],
        )
        if (used.length > 0)
          throw new DomainError('seat-in-use', 'a shift is planned at this seat, or a policy asks for it')
        await tx.query('delete from seat where id = $1', [id])
        await author.note(tx, { action: 'seat.removed', subjects: [id], changed: [] })
      }),
  }
}

const unknown = () => new DomainError('seat-unknown', 'there is no such seat')
