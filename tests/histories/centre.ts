import { formatInstant, type Instant, integerBetween, minutes, parseInstant, plus, type Random } from '@anju/contract'
import { wallClock } from '@anju/contract/zoned-time'
import type { TestDatabase } from '../harness/postgres.ts'
import {
  type Addresses,
  addContacts,
  addStaff,
  addWays,
  type StoryContact,
  type StoryStaff,
} from '../harness/story/people.ts'
import { oneOf } from './draw.ts'
import { type Numbers, someMoreNumbers } from './numbers.ts'
import { anyPolicy, POLICY } from './policies.ts'

export interface Span {
  readonly from: number
  readonly to: number
}
export interface Household {
  readonly id: string
  readonly gateways: readonly string[]
  /** In the home's own order. */
  readonly contacts: readonly string[]
  /** Relatives who are signed in. */
  readonly accounts: readonly string[]
}
/** What never changes in one history, and whoever judges it must know. */
export interface Facts {
  /** All of them of one centre. */
  readonly homes: readonly Household[]
  readonly responders: readonly string[]
  readonly supervisors: readonly string[]
  readonly numbers: Numbers
  /** Those for which there is a provider; nobody is ever reached on another one. */
  readonly channels: ReadonlySet<string>
  readonly onCall: { readonly who: string; readonly span: Span }
  /** Without a plan every supervisor of the centre counts. */
  readonly supervisorShift: { readonly who: string; readonly span: Span } | null
}

export const START = parseInstant('2026-03-01T02:10:00+08:00')
const ZONE = 'Asia/Shanghai'
const FAMILY_ACCOUNT = 'mei'
const HOMES = [
  {
    id: 'home-1',
    gateways: ['gw-1', 'gw-1', 'gw-1', 'gw-2'],
    contacts: [
      { name: 'daughter', ways: ['push', 'wechat', 'sms', 'voice'] },
      { name: 'son', ways: ['sms', 'voice'] },
      { name: 'neighbour', role: 'neighbour', ways: ['sms'] },
      { name: 'cousin', ways: ['wechat'] },
    ],
    accounts: [FAMILY_ACCOUNT],
  },
  {
    id: 'home-2',
    gateways: ['gw-home-2'],
    contacts: [
      { name: 'aunt', ways: ['sms', 'voice'] },
      { name: 'lodger', role: 'neighbour', ways: ['voice'] },
    ],
    accounts: [],
  },
] as const satisfies readonly (Omit<Household, 'contacts'> & { readonly contacts: readonly StoryContact[] })[]
const RESPONDERS = [
  { name: 'nurse', ways: ['sms', 'voice'] },
  { name: 'volunteer', ways: ['wechat', 'sms'] },
] as const satisfies readonly StoryContact[]
/** More than are asked at once; and so many that two rounds reach each of them once. */
const CROWDS = [12, 13, 20] as const
export const STAFF: readonly StoryStaff[] = [
  { name: 'li', role: 'operator' },
  { name: 'chen', role: 'operator' },
  { name: 'zhou', role: 'supervisor', ways: ['push', 'sms'] },
  { name: 'sun', role: 'supervisor', ways: ['sms'] },
  { name: 'han', role: 'operator', ways: ['wechat', 'voice'] },
  { name: 'wu', role: 'operator', centre: 'west' },
]
const CHANNELS = ['push', 'sms', 'voice'] as const
export const PLACES = ['bathroom-sos', 'bedroom-sos', 'kitchen'] as const

/** One home or two, whoever is asked about them, and who works when: somewhat different in each history. */
export async function furnish(data: TestDatabase, at: Addresses, random: Random): Promise<Facts> {
  await data.sql(`insert into centre (id, name) values ('east', 'East'), ('west', 'West')`)
  if (random.uniform() < 0.7) await data.sql(`update centre set next_centre = 'west' where id = 'east'`)
  await addStaff(data, STAFF, at)
  const homes = HOMES.slice(0, random.uniform() < 0.4 ? 2 : 1).map((home) => ({
    ...home,
    contacts: home.contacts.slice(0, integerBetween(random, 1, home.contacts.length)) as readonly StoryContact[],
  }))
  for (const home of homes) await addHome(data, home, at)
  const responders = someResponders(random)
  for (const { name, ways } of responders) {
    await data.sql(`insert into responder (id, centre, name, phone) values ($1, 'east', $1, $2)`, [
      name,
      at.of(name, 'sms'),
    ])
    await addWays(data, 'responder', name, ways ?? [], at, null)
  }
  const onCall = { who: 'han', span: someSpan(random) }
  await addShift(data, 'on-call', onCall)
  const supervisorShift = random.uniform() < 0.3 ? { who: 'zhou', span: someSpan(random) } : null
  if (supervisorShift) await addShift(data, 'supervisor', supervisorShift)
  if (random.uniform() < 0.4) await data.sql(POLICY, ['policy-0', null, null, null, JSON.stringify(anyPolicy(random))])
  // A centre that has not bought them all.
  const missing = random.uniform() < 0.3 ? oneOf(random, CHANNELS) : null
  return {
    homes: homes.map((home) => ({ ...home, contacts: home.contacts.map(({ name }) => name) })),
    responders: responders.map(({ name }) => name),
    supervisors: ['zhou', 'sun'],
    numbers: await someMoreNumbers(data, at, random),
    onCall,
    supervisorShift,
    channels: new Set(CHANNELS.filter((one) => one !== missing)),
  }
}

async function addHome(
  data: TestDatabase,
  { id, contacts, accounts }: Omit<Household, 'contacts'> & { readonly contacts: readonly StoryContact[] },
  at: Addresses,
): Promise<void> {
  await data.sql(
    `insert into home (id, centre, name, address, time_zone) values ($1, 'east', $1, 'Street of ' || $1, '${ZONE}')`,
    [id],
  )
  for (const place of PLACES)
    await data.sql(`insert into placement (home, id, centre, name) values ($1, $2, 'east', $2)`, [id, place])
  await data.sql(
    `insert into resident (id, centre, home, name) values ('resident-of-' || $1, 'east', $1, 'Resident')`,
    [id],
  )
  for (const account of accounts)
    await data.sql(
      `insert into person (id, centre, username, name, role, home, password) values ($1, 'east', $1, $1, 'family', $2, 'x')`,
      [account, id],
    )
  await addContacts(data, id, contacts, at)
}

function someResponders(random: Random): readonly StoryContact[] {
  const few = RESPONDERS.slice(0, integerBetween(random, 0, RESPONDERS.length))
  const crowd = CROWDS[integerBetween(random, 0, CROWDS.length - 1)] ?? 0
  if (random.uniform() < 0.8) return few
  const more = Array.from(
    { length: crowd - few.length },
    (_, nth): StoryContact => ({ name: `helper-${nth + 1}`, ways: ['sms'] }),
  )
  return [...few, ...more]
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
