import { DomainError } from '@anju/contract'
import type { Actor, Database } from '../ports.ts'

interface Place {
  readonly time_zone: string
  readonly placed: boolean
}

/** The home's time zone, and whether it has such a placement. @throws DomainError `home-unknown`, also for another centre's */
export async function placeOf(database: Database, actor: Actor, home: string, placement: string): Promise<Place> {
  const [place] = await database.transaction(actor, (tx) =>
    tx.query<Place>(
      `select time_zone, exists (select from placement where home = $1 and id = $2) as placed from home where id = $1`,
      [home, placement],
    ),
  )
  if (!place) throw new DomainError('home-unknown', 'there is no such home')
  return place
}
