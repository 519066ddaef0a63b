import { formatInstant, type HomeId, type Instant } from '@anju/contract'
import type { Contact, ContactRole, Home, Hours, Language, Placement } from '@anju/contract/api'
import { ageAt } from '../domain/resident.ts'
import type { Transaction } from '../ports.ts'
import { ACCOUNT_OF, type StoredWay, WAYS, WITHDRAWN, wayView } from '../roster/rows.ts'

/** A resident as stored; what a screen shows of them depends on the day and on who looks. */
export interface Resident {
  readonly access: string
  asSeenAt(now: Instant): {
    readonly name: string
    readonly age: number | null
    readonly address: string
    readonly medical: string[]
    readonly language: string
  }
}

export async function residentOf(tx: Transaction, home: HomeId): Promise<Resident | null> {
  const [row] = await tx.query<{
    name: string
    born_on: string | null
    address: string
    access: string
    medical: string[]
    language: string
  }>(
    `select resident.name, born_on, address, access, medical, language
     from resident join home on home.id = resident.home where home = $1 order by resident.id limit 1`,
    [home],
  )
  if (!row) return null
  const { access, born_on, name, address, medical, language } = row
  return { access, asSeenAt: (now) => ({ name, age: ageAt(born_on, now), address, medical, language }) }
}

interface ContactRow {
  id: string
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
    `select id, name, relation, phone, key_holder, last_proven_on, last_outcome, role, language, hours, distance_m, note,
       ${WITHDRAWN('contact', 'contact.home', 'contact.id')} as withdrawn, ${WAYS('contact', 'contact.id')} as ways,
       ${WAYS('person', ACCOUNT_OF('contact.id'))} as account_ways
     from contact where home = $1 and removed_at is null order by position, id`,
    [home],
  )
  return rows.map((row, index) => ({
    id: row.id,
    name: row.name,
    relation: row.relation,
    phone: row.phone,
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

export const respondersOf = (tx: Transaction): Promise<{ id: string; name: string; phone: string }[]> =>
  tx.query('select id, name, phone from responder where removed_at is null order by name, id limit 200')

export const placementsOf = (tx: Transaction, home: HomeId): Promise<Placement[]> =>
  tx.query<Placement>('select id, name, room, profile, points from placement where home = $1 order by id', [home])

export interface HomeRow {
  id: string
  name: string
  time_zone: string
  address: string
  mode: string
  mode_until: number | null
}
export const HOME_COLUMNS = 'id, name, time_zone, address, mode, mode_until'

export const homeOf = ({ id, name, time_zone, address, mode, mode_until }: HomeRow): Home => ({
  id,
  name,
  timeZone: time_zone,
  address,
  mode,
  modeUntil: mode_until === null ? null : formatInstant(mode_until as Instant),
})
