import { formatInstant, type HomeId, type Instant } from '@anju/contract'
import type { Contact, ContactRole, Home, HomeDetail, Hours, Language, Placement, Resident } from '@anju/contract/api'
import { ageAt } from '../domain/resident.ts'
import { numberToDial } from '../domain/roster/ways.ts'
import type { Transaction } from '../ports.ts'
import { ACCOUNT_OF, type StoredWay, WAYS, WITHDRAWN, wayView } from '../roster/rows.ts'

/** A resident as stored; what a screen shows of them depends on the day and on who looks. */
export interface StoredResident {
  readonly access: string
  asSeenAt(now: Instant): Omit<Resident, 'access'>
}

interface ResidentRow extends Omit<Resident, 'age' | 'callName' | 'livesAlone'> {
  born_on: string | null
  call_name: string
  lives_alone: boolean
}

export async function residentOf(tx: Transaction, home: HomeId): Promise<StoredResident | null> {
  const [row] = await tx.query<ResidentRow>(
    `select resident.version, resident.name, born_on, address, access, medical, language, call_name, risk, categories, hearing, lives_alone, arrival
     from resident join home on home.id = resident.home where home = $1 order by resident.id limit 1`,
    [home],
  )
  if (!row) return null
  const { access, born_on, call_name, lives_alone, ...shown } = row
  return {
    access,
    asSeenAt: (now) => ({ ...shown, age: ageAt(born_on, now), callName: call_name, livesAlone: lives_alone }),
  }
}

interface ContactRow {
  id: string
  version: number
  name: string
  relation: string
  phone: string
  key_holder: boolean
  last_proven_on: number | null
  last_outcome: Contact['lastOutcome']
  role: ContactRole
  language: Language
  hours: Hours[] | null
  distance_m: number | null
  note: string
  withdrawn: boolean
  ways: readonly StoredWay[]
  account_ways: readonly StoredWay[]
}

/** Those a home has now, in the order in which they are asked: their numbers are that order, whatever was removed in between. */
export async function contactsOf(tx: Transaction, home: HomeId): Promise<Contact[]> {
  const rows = await tx.query<ContactRow>(
    `select id, version, name, relation, phone, key_holder, last_proven_on, last_outcome, role, language, hours, distance_m, note,
       ${WITHDRAWN('contact', 'contact.home', 'contact.id')} as withdrawn, ${WAYS('contact', 'contact.id')} as ways,
       ${WAYS('person', ACCOUNT_OF('contact.id'))} as account_ways
     from contact where home = $1 and removed_at is null order by position, id`,
    [home],
  )
  return rows.map((row, index) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    relation: row.relation,
    phone: numberToDial(row.ways) || row.phone,
    keyHolder: row.key_holder,
    order: index + 1,
    lastProvenOn: row.last_proven_on === null ? null : formatInstant(row.last_proven_on as Instant),
    lastOutcome: row.last_outcome,
    role: row.role,
    language: row.language,
    hours: row.hours,
    distanceM: row.distance_m,
    note: row.note,
    withdrawn: row.withdrawn,
    ways: row.ways.map(wayView),
    accountWays: row.account_ways.map(wayView),
  }))
}

export const placementsOf = (tx: Transaction, home: HomeId): Promise<Placement[]> =>
  tx.query<Placement>('select id, name, room, profile, points from placement where home = $1 order by id', [home])

export interface HomeRow {
  id: string
  name: string
  time_zone: string
  address: string
  mode: string
  mode_until: number | null
  version: number
  order_version: number
}
export const HOME_COLUMNS = 'id, name, time_zone, address, mode, mode_until, version, order_version'

export const homeOf = ({ id, name, time_zone, address, mode, mode_until, version }: HomeRow): Home => ({
  id,
  name,
  timeZone: time_zone,
  address,
  mode,
  modeUntil: mode_until === null ? null : formatInstant(mode_until as Instant),
  version,
})

interface PlaceRow {
  arrival: string
  latitude: number | null
  longitude: number | null
  external_ref: string | null
  code: string | null
  names: string[] | null
}

/** Where a home is, as of today: the area's names from the province down. */
export async function placeOf(
  tx: Transaction,
  home: HomeId,
): Promise<Pick<HomeDetail, 'area' | 'arrival' | 'latitude' | 'longitude' | 'externalRef'>> {
  const [row] = await tx.query<PlaceRow>(
    `select arrival, latitude, longitude, external_ref, lies.code, lies.names
     from home left join lateral (
       select home_area.code, array(
         select area.name from area
         where area.code in (rpad(left(home_area.code, 2), 12, '0'), rpad(left(home_area.code, 4), 12, '0'),
             rpad(left(home_area.code, 6), 12, '0'), rpad(left(home_area.code, 9), 12, '0'), home_area.code)
           and area.valid_from <= day and (area.valid_to is null or area.valid_to > day)
         order by area.code
       ) as names
       from administrative_day() as day, home_area
       where home_area.home = home.id and home_area.valid_from <= day and (home_area.valid_to is null or home_area.valid_to > day)
     ) as lies on true
     where home.id = $1`,
    [home],
  )
  const { arrival = '', latitude = null, longitude = null, external_ref: externalRef = null } = row ?? {}
  const area = row?.code ? { code: row.code, names: row.names ?? [] } : null
  return { arrival, latitude, longitude, externalRef, area }
}
