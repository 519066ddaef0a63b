import { assertNever, type CentreId, type Instant } from '@anju/contract'
import type { ContactRole, Hours, Language, ResponderKind, ShiftKind } from '@anju/contract/api'
import type { AskedTarget } from '../domain/escalation/last-resort.ts'
import { contactAt, contactsAfter, inTurn, respondersFor } from '../domain/roster/order.ts'
import { inForce, isOnDuty } from '../domain/roster/shift.ts'
import { contains } from '../domain/roster/span.ts'
import { living } from '../domain/roster/ways.ts'
import { watchedFor } from '../domain/watching.ts'
import type { Recipient, Roster, Whose } from '../escalation/ports.ts'
import type { Transaction } from '../ports.ts'
import { respondersNear } from './near.ts'
import { type Staff, type StaffedShift, shiftsIn, supervisorsOf } from './on-shift.ts'
import { hoursOf, type StoredWay, WAYS, WAYS_TO_CONTACT, WITHDRAWN } from './rows.ts'

/** Nobody is helped when a hundred volunteers set out: the nearest ones are asked, the next ones the next time. */
const respondersAtOnceMax = 10
/** Of a long list: whoever gets up in vain should be few. */
const contactsAtOnceMax = 3

/** Who is meant by a target right now. It reads the rows of this moment: what was withdrawn a second ago is gone. */
export function createRoster(): Roster {
  const read = contactsReadOnce()
  return {
    async resolve(tx, whose, target, now, turn) {
      const found = await recipientsOf(tx, whose, target, { now, turn }, read)
      // Who has no way left is nobody: the next wave need not wait for them.
      return found.filter(({ ways }) => ways.length > 0)
    },
  }
}

const BELIEVED = `console_presence.at > (select app_now()) - interval '${watchedFor} ms'`

/** Whether a console of this centre listens to any server: a queue that nobody looks at is no place to wait in. */
const WATCHED = `exists (select from console_presence where console_presence.centre = centre.id and ${BELIEVED})`

/** Whether a console is this seat's: one that says so, or one that has said no seat, and so hears what any of them is asked. */
const MANNED = `exists (select from console_person join console_presence using (server, centre)
    left join session on session.id = console_person.session
    where console_person.centre = seat.centre and coalesce(session.seat, seat.id) = seat.id
      and ${BELIEVED})`

async function recipientsOf(
  tx: Transaction,
  whose: Whose,
  target: AskedTarget,
  { now, turn }: { readonly now: Instant; readonly turn: number },
  contactsOf: ContactsOf,
): Promise<readonly Recipient[]> {
  switch (target.to) {
    case 'queue':
      return queue(tx, whose.centre)
    case 'seat':
      return seat(tx, whose.centre, target.seat, now)
    case 'supervisors':
      return supervisors(tx, whose.centre, now)
    case 'shift':
      return shift(tx, whose.centre, target.shift, now)
    case 'off-duty':
      return offDuty(tx, whose.centre, now)
    case 'contact':
      return contact(contactsOf(tx, whose.home, whose.openedAt ?? now), whose, target, now)
    case 'contacts':
      return eachInTurn(
        await contactsFrom(contactsOf(tx, whose.home, whose.openedAt ?? now), whose, target.after, now),
        turn,
        contactsAtOnceMax,
      )
    case 'responders':
      return eachInTurn(await responders(tx, whose, target.kind ?? null, now), turn, respondersAtOnceMax)
    case 'centre':
      return centre(tx, whose.centre, target.centre)
    case 'next-centre':
      return centre(tx, whose.centre, null)
    default:
      return assertNever(target)
  }
}

/** Each with how often they had their own turn, by which their numbers take turns, too. */
const eachInTurn = (all: readonly Recipient[], turn: number, atOnceMax: number): readonly Recipient[] =>
  inTurn(all, turn, atOnceMax).map(({ one, turn: own }) => ({ ...one, turn: own }))

async function queue(tx: Transaction, id: CentreId): Promise<Recipient[]> {
  const rows = await tx.query<{ id: string; name: string; watched: boolean }>(
    `select id, name, ${WATCHED} as watched from centre where id = $1`,
    [id],
    'roster-queue',
  )
  return rows.filter(({ watched }) => watched).map((row) => consoles(row))
}

/** The console there, while somebody sits at it, and who is on duty there on their own telephone. */
async function seat(tx: Transaction, centreId: CentreId, id: string, now: Instant): Promise<Recipient[]> {
  const [rows, shifts] = await Promise.all([
    tx.query<{ id: string; name: string; watched: boolean }>(
      `select id, name, ${MANNED} as watched from seat where id = $1 and centre = $2`,
      [id, centreId],
      'roster-seat',
    ),
    shiftsIn(tx, centreId, ['seat'], { from: now, to: now }),
  ])
  const there = onDuty(shifts, now).filter((one) => one.seat === id)
  return [
    ...rows.filter(({ watched }) => watched).map((row) => consoles(row)),
    ...distinct(there.map(({ who }) => staff(who, null))),
  ]
}

async function shift(tx: Transaction, centreId: CentreId, kind: ShiftKind, now: Instant): Promise<Recipient[]> {
  const shifts = onDuty(await shiftsIn(tx, centreId, [kind], { from: now, to: now }), now)
  // Who is on call is at home: a console that nobody looks at would only be waited for.
  return distinct(shifts.map((one) => staff(one.who, kind === 'on-call' ? null : (one.seat ?? centreId))))
}

async function supervisors(tx: Transaction, centreId: CentreId, now: Instant): Promise<Recipient[]> {
  const [shifts, all, [seen]] = await Promise.all([
    shiftsIn(tx, centreId, ['supervisor'], { from: now, to: now }),
    supervisorsOf(tx, centreId),
    tx.query<{ watched: boolean }>(`select ${WATCHED} as watched from centre where id = $1`, [centreId], 'roster-seen'),
  ])
  const at = (console: string) => (seen?.watched ? console : null)
  if (!shifts.some((one) => contains(inForce(one), now))) return all.map((who) => staff(who, at(centreId)))
  const there = onDuty(shifts, now).filter(({ role }) => role === 'supervisor')
  return distinct(there.map((one) => staff(one.who, at(one.seat ?? centreId))))
}

/** Every supervisor, and whoever is on call by a plan that is in force: nobody else is there, so their hours do not count. */
async function offDuty(tx: Transaction, centreId: CentreId, now: Instant): Promise<Recipient[]> {
  const [all, onCall] = await Promise.all([
    supervisorsOf(tx, centreId),
    shiftsIn(tx, centreId, ['on-call'], { from: now, to: now }),
  ])
  return distinct([...all, ...onCall.map(({ who }) => who)].map((one) => staff(one, null)))
}

interface ContactRow {
  readonly id: string
  readonly name: string
  readonly role: ContactRole
  readonly language: Language
  readonly hours: readonly Hours[] | null
  readonly time_zone: string
  readonly withdrawn: boolean
  readonly withdrawnBefore: boolean
  readonly ways: readonly StoredWay[]
}
type ContactsOf = (tx: Transaction, home: string, since: Instant) => Promise<readonly ContactRow[]>

/** A home's list, in its order, with who was removed after `since`. */
const CONTACTS = `
  select contact.id, contact.name, contact.role, contact.language, contact.hours, home.time_zone,
    contact.removed_at is not null or ${WITHDRAWN('contact', 'contact.home', 'contact.id')} as withdrawn,
    ${WITHDRAWN('contact', 'contact.home', 'contact.id', { by: 'to_timestamp($2::float8 / 1000)' })} as "withdrawnBefore",
    ${WAYS_TO_CONTACT('contact.id')} as ways
  from contact join home on home.id = contact.home
  where contact.home = $1 and (contact.removed_at is null or contact.removed_at > to_timestamp($2::float8 / 1000))
  order by contact.position, contact.id`

/** The first contact, the second and the third are three targets of one list: a transaction reads it once. */
function contactsReadOnce(): ContactsOf {
  const lists = new WeakMap<Transaction, Map<string, Promise<readonly ContactRow[]>>>()
  return (tx, home, since) => {
    const known = lists.get(tx) ?? new Map<string, Promise<readonly ContactRow[]>>()
    lists.set(tx, known)
    const key = `${home} ${since}`
    const list = known.get(key) ?? tx.query<ContactRow>(CONTACTS, [home, since], 'roster-contacts')
    known.set(key, list)
    return list
  }
}

async function contact(
  list: Promise<readonly ContactRow[]>,
  whose: Whose,
  wanted: { readonly position: number; readonly role?: ContactRole | undefined },
  now: Instant,
): Promise<Recipient[]> {
  const rows = await list
  const given = rows.map((row) => ({ ...row, hours: hoursOf(row.hours) }))
  const found = contactAt(given, wanted, momentOf(given[0]?.time_zone, whose, now))
  return found ? [{ ...who('contact', found), ways: waysOf(found.ways) }] : []
}

/** Who has no way left takes nobody's turn. */
async function contactsFrom(
  list: Promise<readonly ContactRow[]>,
  whose: Whose,
  after: number,
  now: Instant,
): Promise<Recipient[]> {
  const given = (await list).map((row) => ({ ...row, hours: hoursOf(row.hours) }))
  return contactsAfter(given, after, momentOf(given[0]?.time_zone, whose, now))
    .map((one) => ({ ...who('contact', one), ways: waysOf(one.ways) }))
    .filter(({ ways }) => ways.length > 0)
}

async function responders(
  tx: Transaction,
  whose: Whose,
  kind: ResponderKind | null,
  now: Instant,
): Promise<Recipient[]> {
  const found = await respondersNear(tx, whose, { kind, anywhere: false, visit: whose.keepsHours ?? false }, now)
  if (!found) return []
  return respondersFor(found.responders, found.whither, momentOf(found.timeZone, whose, now))
    .map((one) => ({ ...who('responder', one), ways: waysOf(one.ways) }))
    .filter(({ ways }) => ways.length > 0)
}

/** Another centre, or the one that this centre has named to stand in for it: its consoles if anybody looks at them, its robots, its telephone. */
async function centre(tx: Transaction, asking: CentreId, wanted: string | null): Promise<Recipient[]> {
  const rows = await tx.query<{ id: string; name: string; watched: boolean; ways: readonly StoredWay[] }>(
    `select id, name, ${WATCHED} as watched, ${WAYS('centre', 'centre.id')} as ways from centre
     where id = coalesce($2, (select next_centre from centre where id = $1))`,
    [asking, wanted],
    'roster-centre',
  )
  return rows.map((row) => ({
    kind: 'centre',
    id: row.id,
    name: row.name,
    language: 'zh-CN',
    ways: [...(row.watched ? [{ channel: 'console' as const, address: row.id }] : []), ...waysOf(row.ways)],
  }))
}

const onDuty = (shifts: readonly StaffedShift[], now: Instant) => shifts.filter((one) => isOnDuty(one, now))

/** Every console that looks at this queue: a centre's, or the one of a seat. */
const consoles = ({ id, name }: { readonly id: string; readonly name: string }): Recipient => ({
  kind: 'queue',
  id,
  name,
  language: 'zh-CN',
  ways: [{ channel: 'console', address: id }],
})

const staff = (someone: Staff, consoleAt: string | null): Recipient => ({
  ...who(someone.kind, someone),
  ways: [...(consoleAt === null ? [] : [{ channel: 'console' as const, address: consoleAt }]), ...waysOf(someone.ways)],
})

const who = <K extends Recipient['kind']>(
  kind: K,
  { id, name, language }: { readonly id: string; readonly name: string; readonly language: Language },
) => ({ kind, id, name, language })

const waysOf = (ways: readonly StoredWay[]) => living(ways).map(({ channel, address }) => ({ channel, address }))

const momentOf = (timeZone: string | undefined, { keepsHours = false }: Whose, at: Instant) => ({
  at,
  timeZone: timeZone ?? 'Asia/Shanghai',
  keepsHours,
})

/** Somebody on two shifts at once is still one person. */
const distinct = (recipients: readonly Recipient[]): Recipient[] => [
  ...new Map(recipients.map((one) => [`${one.kind}/${one.id}`, one])).values(),
]
