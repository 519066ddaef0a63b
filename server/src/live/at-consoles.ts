import { DomainError, formatInstant, type Instant } from '@anju/contract'
import type { AskedOfSeat, AtConsole, SeatTaken } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { once } from '../database/idempotency.ts'
import { watchedFor } from '../domain/watching.ts'
import type { Database, PersonActor } from '../ports.ts'

export interface AtConsoles {
  /** Who of the caller's centre looks at its queue at this moment and may take an alarm from it, the caller among them. */
  list(actor: PersonActor): Promise<AtConsole[]>
  /**
   * The author's session sits at this seat from now on; null: at none that it says.
   * @throws DomainError `seat-unknown`; `forbidden` to a program, which sits nowhere.
   */
  sit(author: Author, seat: string | null): Promise<SeatTaken | null>
  /** What nobody has taken and is asked for at the seat where the caller says they sit, longest first; nothing of none. */
  asked(actor: PersonActor): Promise<AskedOfSeat[]>
}

const peopleMax = 1_000
const askedMax = 500

export const createAtConsoles = (database: Database): AtConsoles => ({
  list: (actor) => database.transaction(actor, (tx) => tx.query<AtConsole>(THERE, [actor.centre], 'at-consoles')),

  sit: (author, seat) =>
    database.transaction(author.actor, (tx) =>
      once(tx, author.key, async () => {
        const { centre, session } = author.actor
        const [taken] = await tx.query<SeatTaken>('select id, name from seat where id = $1 and centre = $2', [
          seat,
          centre,
        ])
        if (seat !== null && !taken) throw new DomainError('seat-unknown', 'there is no such seat')
        const sat = await tx.query('update session set seat = $2 where id = $1 returning 1', [session, seat])
        if (sat.length === 0) throw new DomainError('forbidden', 'a program sits at no seat')
        await author.note(tx, {
          action: 'session.changed',
          subjects: seat === null ? [session] : [session, seat],
          changed: ['seat'],
        })
        return taken ?? null
      }),
    ),

  asked: (actor) =>
    database.transaction(actor, async (tx) => {
      const rows = await tx.query<{ alarm: string; at: Instant }>(ASKED, [actor.centre, actor.session], 'asked-of-seat')
      return rows.map(({ alarm, at }) => ({ alarm, at: formatInstant(at) }))
    }),
})

const THERE = `
  select person.id as "personId", person.name, person.role,
    coalesce(jsonb_agg(distinct jsonb_build_object('id', seat.id, 'name', seat.name)) filter (where seat.id is not null), '[]') as seats
  from console_person
  join console_presence using (server, centre)
  join person on person.id = console_person.person and person.locked_at is null
  left join session on session.id = console_person.session
  left join seat on seat.id = session.seat and seat.centre = console_person.centre
  where console_person.centre = $1 and console_presence.at > (select app_now()) - interval '${watchedFor} ms'
  group by person.id
  order by person.name, person.id limit ${peopleMax}`

/** By the ledger: what a page has heard on the stream is gone when it is loaded anew. */
const ASKED = `
  select alarm.id as alarm, min(notification.queued_at) as at
  from session
  join alarm on alarm.centre = $1 and alarm.handling = 'new'
  join notification on notification.alarm = alarm.id and notification.recipient_kind = 'queue' and notification.recipient = session.seat
    and notification.channel = 'console' and notification.purpose = 'alarm' and notification.state <> 'cancelled'
  where session.id = $2
  group by alarm.id order by at, alarm.id limit ${askedMax}`
