import type { Instant } from '@anju/contract'
import { ageAt } from '../domain/resident.ts'
import type { Transaction } from '../ports.ts'
import type { HomeFacts } from './view.ts'

export interface Place {
  readonly home: string
  readonly placement: string
}

export interface Facts {
  /** The database's time, read after the locks that came before in this transaction. */
  readonly now: Instant
  readonly mode: (home: string) => string
  readonly of: (place: Place) => HomeFacts
}

interface Row {
  now: number
  home: string | null
  placement: string
  name: string | null
  address: string | null
  mode: string | null
  resident: string | null
  born_on: string | null
  placement_name: string | null
}

const FACTS = `select clock.now, given.home, given.placement, home.name, home.address, home.mode,
    who.name as resident, who.born_on, placement.name as placement_name
  from (select app_now() as now) as clock
  left join (select * from unnest($1::text[], $2::text[])) as given (home, placement) on true
  left join home on home.id = given.home
  left join placement on placement.home = given.home and placement.id = given.placement
  left join lateral (select name, born_on from resident where resident.home = given.home order by id limit 1) as who on true`

/** What the rows of these places say, and the time. Ask for it after the row locks. */
export async function homeFacts(tx: Transaction, places: readonly Place[]): Promise<Facts> {
  const rows = await tx.query<Row>(
    FACTS,
    [places.map(({ home }) => home), places.map(({ placement }) => placement)],
    'home-facts',
  )
  const now = (rows[0]?.now ?? 0) as Instant
  const byPlace = new Map<string, HomeFacts>()
  const modes = new Map<string, string>()
  for (const row of rows) {
    if (row.home === null) continue
    modes.set(row.home, row.mode ?? 'home')
    byPlace.set(`${row.home}/${row.placement}`, {
      name: row.name ?? row.home,
      address: row.address ?? '',
      residentName: row.resident,
      residentAge: ageAt(row.born_on, now),
      placementName: row.placement_name ?? row.placement,
    })
  }
  return {
    now,
    mode: (home) => modes.get(home) ?? 'home',
    of: ({ home, placement }) =>
      byPlace.get(`${home}/${placement}`) ?? {
        name: home,
        address: '',
        residentName: null,
        residentAge: null,
        placementName: placement,
      },
  }
}
