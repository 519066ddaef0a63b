import { formatInstant, type Instant, integerBetween, minutes, parseInstant, plus, type Random } from '@anju/contract'
import { wallClock } from '@anju/contract/zoned-time'
import type { TestDatabase } from '../harness/postgres.ts'
import { type Addresses, addContacts, addStaff, addWays, HOME, type StoryStaff } from '../harness/story/people.ts'

export interface Span {
  readonly from: number
  readonly to: number
}
/** What never changes in one history, and whoever judges it must know. */
export interface Facts {
  /** In the home's own order. */
  readonly contacts: readonly string[]
  readonly responders: readonly string[]
  readonly supervisors: readonly string[]
  readonly onCall: { readonly who: string; readonly span: Span }
  /** Without a plan every supervisor of the centre counts. */
  readonly supervisorShift: { readonly who: string; readonly span: Span } | null
}

export const START = parseInstant('2026-03-01T02:10:00+08:00')
const ZONE = 'Asia/Shanghai'
const CONTACTS = [
  { name: 'daughter', ways: ['push', 'wechat', 'sms', 'voice'] },
  { name: 'son', ways: ['sms', 'voice'] },
  { name: 'neighbour', role: 'neighbour', ways: ['sms'] },
  { name: 'cousin', ways: ['wechat'] },
] as const
const RESPONDERS = [
  { name: 'nurse', ways: ['sms', 'voice'] },
  { name: 'volunteer', ways: ['wechat', 'sms'] },
] as const
export const STAFF: readonly StoryStaff[] = [
  { name: 'li', role: 'operator' },
  { name: 'chen', role: 'operator' },
  { name: 'zhou', role: 'supervisor', ways: ['push', 'sms'] },
  { name: 'sun', role: 'supervisor', ways: ['sms'] },
  { name: 'han', role: 'operator', ways: ['wechat', 'voice'] },
  { name: 'wu', role: 'operator', centre: 'west' },
]
const FAMILY_ACCOUNT = 'mei'
export const PLACES = ['bathroom-sos', 'bedroom-sos', 'kitchen'] as const

/** A home, whoever is asked about it, and who works when: somewhat different in each history. */
export async function furnish(data: TestDatabase, at: Addresses, random: Random): Promise<Facts> {
  const count = integerBetween(random, 1, CONTACTS.length)
  const contacts = CONTACTS.slice(0, count)
  const responders = RESPONDERS.slice(0, integerBetween(random, 0, RESPONDERS.length))
  await data.sql(`insert into centre (id, name) values ('east', 'East'), ('west', 'West')`)
  if (random.uniform() < 0.7) await data.sql(`update centre set next_centre = 'west' where id = 'east'`)
  await data.sql(`insert into console_presence select 'consoles', id, '9999-01-01' from centre`)
  await data.sql(
    `insert into home (id, centre, name, address, time_zone) values ('home-1', 'east', 'Home 1', 'Street 1', '${ZONE}')`,
  )
  for (const place of PLACES)
    await data.sql(`insert into placement (home, id, centre, name) values ('home-1', $1, 'east', $1)`, [place])
  await data.sql(`insert into resident (id, centre, home, name) values ('r1', 'east', 'home-1', 'Resident')`)
  await addStaff(data, STAFF, at)
  await data.sql(
    `insert into person (id, centre, username, name, role, home, password) values ($1, 'east', $1, $1, 'family', 'home-1', 'x')`,
    [FAMILY_ACCOUNT],
  )
  await addContacts(data, HOME, contacts, at)
  for (const { name, ways } of responders) {
    await data.sql(`insert into responder (id, centre, name, phone) values ($1, 'east', $1, $2)`, [
      name,
      at.of(name, 'sms'),
    ])
    await addWays(data, 'responder', name, ways, at, null)
  }
  const onCall = { who: 'han', span: someSpan(random) }
  await addShift(data, 'on-call', onCall)
  const supervisorShift = random.uniform() < 0.3 ? { who: 'zhou', span: someSpan(random) } : null
  if (supervisorShift) await addShift(data, 'supervisor', supervisorShift)
  return {
    contacts: contacts.map(({ name }) => name),
    responders: responders.map(({ name }) => name),
    supervisors: ['zhou', 'sun'],
    onCall,
    supervisorShift,
  }
}

/** Somewhere about the beginning, so that its edges are passed while something is going on. */
function someSpan(random: Random): Span {
  const from = plus(START, minutes(integerBetween(random, -30, 10)))
  return { from, to: plus(from, minutes(integerBetween(random, 5, 60))) }
}

async function addShift(data: TestDatabase, kind: string, { who, span }: { who: string; span: Span }): Promise<void> {
  const local = (at: number) => {
    const { minute } = wallClock(at as Instant, ZONE)
    return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  }
  await data.sql(
    `insert into shift (id, centre, kind, who_kind, who, days, from_time, to_time, time_zone, valid_from)
     values ($1, 'east', $1, 'person', $2, '{1,2,3,4,5,6,7}', $3, $4, '${ZONE}', '2026-01-01')`,
    [kind, who, local(span.from), local(span.to)],
  )
}

export const instantText = (at: number): string => formatInstant(at as Instant)
