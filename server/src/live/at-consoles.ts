import type { AtConsole } from '@anju/contract/api'
import type { Database, PersonActor } from '../ports.ts'

export interface AtConsoles {
  /** Who of the caller's centre looks at its queue at this moment and may take an alarm from it, the caller among them. */
  list(actor: PersonActor): Promise<AtConsole[]>
}

const peopleMax = 1_000

export const createAtConsoles = (database: Database): AtConsoles => ({
  list: (actor) => database.transaction(actor, (tx) => tx.query<AtConsole>(THERE, [actor.centre], 'at-consoles')),
})

/** Three renewals of a server may be missed, as where it is asked whether anybody looks at a queue at all. */
const THERE = `
  select distinct person.id as "personId", person.name, person.role
  from console_person
  join console_presence using (server, centre)
  join person on person.id = console_person.person and person.locked_at is null
  where console_person.centre = $1 and console_presence.at > (select app_now()) - interval '20 seconds'
  order by person.name, person.id limit ${peopleMax}`
