import { type CentreId, type Instant, minutes, parseInstant, plus } from '@anju/contract'
import type { Target } from '@anju/contract/api'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE, HOME } from '../../../tests/harness/alarms.ts'
import type { Whose } from '../escalation/ports.ts'
import { createRoster } from './roster.ts'

const roster = createRoster()
const noon = parseInstant('2026-05-05T12:00:00+08:00')
const night = parseInstant('2026-05-05T03:00:00+08:00')

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
  await centre.store.sql(
    `insert into person (id, centre, username, name, role, password)
     select id, 'east', id, 'Name of ' || id, role, 'x'
     from (values ('li', 'operator'), ('zhou', 'supervisor'), ('sun', 'supervisor')) as given (id, role)`,
  )
  await centre.store.sql(`insert into person (id, centre, username, name, role, password)
    values ('far', 'west', 'far', 'Elsewhere', 'supervisor', 'x')`)
  await centre.store.sql(`insert into seat values ('seat-4', 'east', 'Seat 4')`)
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.store.sql('delete from way; delete from shift; delete from consent; delete from home_area')
  await centre.store.sql(`delete from contact where id <> 'c1'; delete from responder where id <> 'n1'`)
  await centre.store.sql(`update contact set hours = null, role = 'family', removed_at = null`)
})

const ask = (target: Target, now: Instant = noon, whose: Partial<Whose> = {}, round = 0) =>
  centre.database.transaction({ kind: 'system', part: 'escalation' }, (tx) =>
    roster.resolve(tx, { centre: CENTRE, home: HOME, ...whose }, target, now, round),
  )
const names = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).map(({ id }) => id)

const way = (kind: string, owner: string, channel: string, address: string, position = 1, dead = false) =>
  centre.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position, dead_since)
     values ($1, 'east', case when $2 = 'contact' then 'home-1' end, $2, $3, $4, $5, $6, case when $7 then now() end)`,
    [`way-${owner}-${channel}-${address}`, kind, owner, channel, address, position, dead],
  )
interface Planned {
  readonly who: string
  readonly from?: string
  readonly to?: string
  readonly kind?: string
  readonly seat?: string | null
  readonly whoKind?: string
  readonly validTo?: string | null
}
const shift = ({ who, from = '08:00', to = '20:00', kind = 'supervisor', ...more }: Planned) =>
  centre.store.sql(
    `insert into shift (id, centre, kind, who_kind, who, seat, days, from_time, to_time, valid_from, valid_to)
     values ($1, 'east', $2, $3, $4, $5, '{1,2,3,4,5,6,7}', $6, $7, '2026-01-01', $8)`,
    [
      `shift-${who}-${kind}-${from}`,
      kind,
      more.whoKind ?? 'person',
      who,
      more.seat ?? null,
      from,
      to,
      more.validTo ?? null,
    ],
  )

test('a contact who has an account is reached by what they put in themselves first, and asked as the contact they are', async () => {
  await centre.store.sql(
    `insert into person (id, centre, username, name, role, home, contact, password)
     values ('kin', 'east', 'kin', 'Kin', 'family', 'home-1', 'c1', 'x')`,
  )
  await way('contact', 'c1', 'sms', '13800000001')
  await way('person', 'kin', 'push', '{"laptop":1}', 2)
  await way('person', 'kin', 'push', '{"phone":1}', 1)
  await way('person', 'kin', 'push', '{"gone":1}', 3, true)
  expect(await ask({ to: 'contact', position: 1 })).toMatchObject([
    {
      kind: 'contact',
      id: 'c1',
      ways: [
        { channel: 'push', address: '{"phone":1}' },
        { channel: 'push', address: '{"laptop":1}' },
        { channel: 'sms', address: '13800000001' },
      ],
    },
  ])
  await centre.store.sql(`delete from way where owner = 'c1'`)
  expect(await names({ to: 'contact', position: 1 })).toEqual(['c1'])
  await centre.store.sql(`delete from person where id = 'kin'`)
  expect(await names({ to: 'contact', position: 1 })).toEqual([])
})

test('an account is of a contact of its own home, and of one that nobody else is', async () => {
  const account = (id: string, home: string | null) =>
    centre.store.sql(
      `insert into person (id, centre, username, name, role, home, contact, password)
       values ($1, 'east', $1, 'Kin', 'family', $2, 'c1', 'x')`,
      [id, home],
    )
  await expect(account('kin', 'home-2')).rejects.toThrow(/person_is_contact/)
  await expect(account('kin', null)).rejects.toThrow(/person_contact_has_home/)
  await account('kin', 'home-1')
  await expect(account('kin2', 'home-1')).rejects.toThrow(/person_contact/)
  await centre.store.sql(`delete from person where id = 'kin'`)
})

test('the queue is every console of the centre', async () => {
  expect(await ask({ to: 'queue' })).toEqual([
    { kind: 'queue', id: 'east', name: 'East', language: 'zh-CN', ways: [{ channel: 'console', address: 'east' }] },
  ])
})

const seen = (at: string, of = 'east') =>
  centre.store.sql(`update console_presence set at = ${at} where centre = '${of}'`)

test('a queue that no console looks at is nobody, and a supervisor is then on the telephone only', async () => {
  await way('person', 'sun', 'sms', '13800000022')
  await seen(`app_now() - interval '21 seconds'`)
  expect(await ask({ to: 'queue' })).toEqual([])
  expect(await ask({ to: 'supervisors' })).toMatchObject([
    { id: 'sun', ways: [{ channel: 'sms', address: '13800000022' }] },
  ])
  await seen(`app_now() - interval '19 seconds'`)
  expect(await names({ to: 'queue' })).toEqual(['east'])
  await seen(`'9999-01-01'`)
})

test('supervisors are who is on a supervisor’s shift, at their console and on their telephone', async () => {
  await way('person', 'zhou', 'sms', '13800000021', 2)
  await way('person', 'zhou', 'push', '{}', 1)
  await shift({ who: 'zhou', seat: 'seat-4' })
  await shift({ who: 'sun', from: '20:00', to: '08:00' })
  expect(await ask({ to: 'supervisors' })).toEqual([
    {
      kind: 'person',
      id: 'zhou',
      name: 'Name of zhou',
      language: 'zh-CN',
      ways: [
        { channel: 'console', address: 'seat-4' },
        { channel: 'push', address: '{}' },
        { channel: 'sms', address: '13800000021' },
      ],
    },
  ])
  expect(await names({ to: 'supervisors' }, night)).toEqual(['sun'])
})

test('without a plan in force every supervisor of the centre is meant, and nobody of another', async () => {
  expect(await names({ to: 'supervisors' })).toEqual(['sun', 'zhou'])
  await shift({ who: 'zhou', validTo: '2026-03-31' })
  expect(await names({ to: 'supervisors' })).toEqual(['sun', 'zhou'])
  // An operator with a supervisor's shift is no supervisor, but there is a plan.
  await shift({ who: 'li' })
  expect(await names({ to: 'supervisors' })).toEqual([])
})

/** Who listens at a console, as `live/` writes it down; null: they have said no seat. */
async function sitting(...sat: readonly (string | null)[]) {
  await centre.store.sql(`delete from console_person; delete from session where id like 'sat-%'`)
  for (const [index, seat] of sat.entries()) {
    await centre.store.sql(
      `insert into session (id, centre, person, secret_hash, created_at, expires_at, seat)
       values ($1, 'east', 'li', convert_to($1, 'UTF8'), now(), '9999-01-01', $2)`,
      [`sat-${index}`, seat],
    )
    await centre.store.sql(`insert into console_person values ('consoles', $1, 'east', 'li')`, [`sat-${index}`])
  }
}

const asked = () => names({ to: 'seat', seat: 'seat-4' })

test('a seat’s console is asked while somebody sits there, or has not said where they sit; an empty seat is not waited for', async () => {
  expect(await asked()).toEqual([])
  await sitting('seat-5')
  expect(await asked()).toEqual([])
  await sitting('seat-5', 'seat-4')
  expect(await asked()).toEqual(['seat-4'])
  await sitting('seat-5', null)
  expect(await asked()).toEqual(['seat-4'])
  // A program that listens has no session of a browser: it hears everything.
  await sitting()
  await centre.store.sql(`insert into console_person values ('consoles', 'token-1', 'east', 'li')`)
  expect(await asked()).toEqual(['seat-4'])
  await seen(`app_now() - interval '21 seconds'`)
  expect(await asked()).toEqual([])
  await seen(`'9999-01-01'`)
  await sitting()
})

test('a seat is its console and whoever is on duty there', async () => {
  await sitting('seat-4')
  await way('person', 'li', 'voice', '13800000022')
  await shift({ who: 'li', kind: 'seat', seat: 'seat-4' })
  expect((await ask({ to: 'seat', seat: 'seat-4' })).map(({ kind, id, ways }) => [kind, id, ways])).toEqual([
    ['queue', 'seat-4', [{ channel: 'console', address: 'seat-4' }]],
    ['person', 'li', [{ channel: 'voice', address: '13800000022' }]],
  ])
  expect(await names({ to: 'seat', seat: 'seat-4' }, night)).toEqual(['seat-4'])
  expect(await names({ to: 'seat', seat: 'elsewhere' })).toEqual([])
})

test('who is on call is rung up, not looked for at a console; a responder who has left is on no shift', async () => {
  await way('person', 'zhou', 'voice', '13800000021')
  await way('responder', 'n1', 'voice', '13800000011')
  await shift({ who: 'zhou', kind: 'on-call', from: '20:00', to: '20:00' })
  await shift({ who: 'n1', kind: 'on-call', whoKind: 'responder', from: '00:00', to: '06:00' })
  expect((await ask({ to: 'shift', shift: 'on-call' }, night)).map(({ kind, id, ways }) => [kind, id, ways])).toEqual([
    ['responder', 'n1', [{ channel: 'voice', address: '13800000011' }]],
    ['person', 'zhou', [{ channel: 'voice', address: '13800000021' }]],
  ])
  await centre.store.sql(`update responder set removed_at = now() where id = 'n1'`)
  expect(await names({ to: 'shift', shift: 'on-call' }, night)).toEqual(['zhou'])
  await centre.store.sql(`update responder set removed_at = null`)
})

test('a contact is the n-th in the home’s own order, on the ways that live; a removed one is not counted', async () => {
  await centre.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position, role, language) values
       ('c2', 'east', 'home-1', 'Neighbour', 'neighbour', '', 2, 'neighbour', 'en'),
       ('c3', 'east', 'home-1', 'Daughter', 'daughter', '', 3, 'family', 'zh-CN')`,
  )
  await way('contact', 'c1', 'sms', '13800000001', 1, true)
  await way('contact', 'c1', 'voice', '13800000001', 2)
  await way('contact', 'c2', 'sms', '13800000002')
  await way('contact', 'c3', 'sms', '13800000003', 1, true)
  expect(await ask({ to: 'contact', position: 1 })).toEqual([
    { kind: 'contact', id: 'c1', name: 'Son', language: 'zh-CN', ways: [{ channel: 'voice', address: '13800000001' }] },
  ])
  expect((await ask({ to: 'contact', position: 2 }))[0]).toMatchObject({ id: 'c2', language: 'en' })
  expect(await names({ to: 'contact', position: 1, role: 'neighbour' })).toEqual(['c2'])
  expect(await names({ to: 'contact', position: 3 })).toEqual([]) // has no living way: nobody to wait for
  await centre.store.sql(`update contact set removed_at = $1 where id = 'c1'`, [new Date(night)])
  expect(await names({ to: 'contact', position: 1 })).toEqual(['c2'])
  // The list of an alarm that began before does not close up under it: the next one would be skipped.
  const running = { openedAt: plus(night, minutes(-1)) }
  expect(await names({ to: 'contact', position: 1 }, noon, running)).toEqual([])
  expect(await names({ to: 'contact', position: 2 }, noon, running)).toEqual(['c2'])
})

test('a withdrawn consent counts from that moment, until it is given anew', async () => {
  await way('contact', 'c1', 'sms', '13800000001')
  const consent = (id: string, purpose = 'alarm') =>
    centre.store.sql(
      `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence)
       values ($1, 'east', 'home-1', 'r1', $2, 'contact', 'c1', now(), 'paper')`,
      [id, purpose],
    )
  await consent('k1')
  await consent('k2', 'routine')
  await centre.store.sql(`update consent set withdrawn_at = now() where id = 'k2'`)
  expect(await names({ to: 'contact', position: 1 })).toEqual(['c1'])
  await centre.store.sql(`update consent set withdrawn_at = now() where id = 'k1'`)
  expect(await names({ to: 'contact', position: 1 })).toEqual([])
  await consent('k3')
  expect(await names({ to: 'contact', position: 1 })).toEqual(['c1'])
})

test('quiet hours are read in the home’s own zone, and hold only for what can wait', async () => {
  await way('contact', 'c1', 'sms', '13800000001')
  await centre.store.sql(`update contact set hours = '[{"days":[1,2,3,4,5,6,7],"from":"08:00","to":"22:00"}]'`)
  const first: Target = { to: 'contact', position: 1 }
  expect(await names(first, night)).toEqual(['c1'])
  expect(await names(first, night, { keepsHours: true })).toEqual([])
  expect(await names(first, noon, { keepsHours: true })).toEqual(['c1'])
  await centre.store.sql(`update home set time_zone = 'America/New_York' where id = 'home-1'`)
  expect(await names(first, noon, { keepsHours: true })).toEqual([])
  await centre.store.sql(`update home set time_zone = 'Asia/Shanghai' where id = 'home-1'`)
})

const locked = (at: string) => centre.store.sql(`update person set locked_at = ${at} where id = 'sun'`)

test('whose account is locked is told nothing any more, on a shift or not', async () => {
  await way('person', 'sun', 'sms', '13800000022')
  expect(await names({ to: 'supervisors' })).toContain('sun')
  await locked('app_now()')
  expect(await names({ to: 'supervisors' })).not.toContain('sun')
  await shift({ who: 'sun' })
  expect(await names({ to: 'shift', shift: 'supervisor' })).toEqual([])
  await locked('null')
  expect(await names({ to: 'shift', shift: 'supervisor' })).toEqual(['sun'])
})

test('responders are those of the home’s area of that day, the narrowest zone first', async () => {
  await centre.store.sql(
    `insert into responder (id, centre, name, phone, zone, kind) values
       ('street', 'east', 'S', '', '130203001', 'volunteer'), ('city', 'east', 'C', '', '1302', 'staff'),
       ('other', 'east', 'O', '', '1303', 'staff'), ('west', 'west', 'W', '', '', 'staff')`,
  )
  for (const id of ['street', 'city', 'other', 'west', 'n1']) await way('responder', id, 'voice', '13800000011')
  expect(await names({ to: 'responders' })).toEqual(['n1'])
  await centre.store.sql(
    `insert into home_area values ('home-1', 'east', '130300001001', '2026-01-01', '2026-05-05'), ('home-1', 'east', '130203001002', '2026-05-05', null)`,
  )
  expect(await names({ to: 'responders' })).toEqual(['street', 'city', 'n1'])
  expect(await names({ to: 'responders', kind: 'volunteer' })).toEqual(['street'])
  // In the home it is still the day before, and the home still belongs to the other area.
  expect(await names({ to: 'responders' }, parseInstant('2026-05-04T23:59:00+08:00'))).toEqual(['other', 'n1'])
})

const inRound = (round: number) => names({ to: 'responders' }, noon, {}, round)
const from = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `v${String(first + index).padStart(2, '0')}`)

test('of many responders the nearest ten are asked, in the next round the ten after them, and so on from the front again', async () => {
  await centre.store.sql(
    `insert into responder (id, centre, name, phone, latitude, longitude)
     select 'v' || lpad(n::text, 2, '0'), 'east', 'V', '', 39, 118 - n * 0.01 from generate_series(1, 30) n`,
  )
  await centre.store.sql(
    `insert into way (id, centre, owner_kind, owner, channel, address, position)
     select 'w' || id, 'east', 'responder', id, 'sms', '13800000011', 1 from responder where id like 'v%' and id <> 'v01'`,
  )
  await centre.store.sql(`update home set latitude = 39, longitude = 118 where id = 'home-1'`)
  expect(await inRound(0)).toEqual(from(2, 11))
  expect(await inRound(1)).toEqual(from(12, 21))
  expect(await inRound(2)).toEqual([...from(22, 30), 'v02'])
  await centre.store.sql(`update home set latitude = null, longitude = null`)
})

test('another centre is its consoles if anybody looks at them, its robots and its telephone', async () => {
  await centre.store.sql(
    `insert into way (id, centre, owner_kind, owner, channel, address, position) values
       ('w1', 'west', 'centre', 'west', 'voice', '13800000031', 1), ('w2', 'west', 'centre', 'west', 'webhook', 'https://west.example/', 2)`,
  )
  const outside = [
    { channel: 'voice', address: '13800000031' },
    { channel: 'webhook', address: 'https://west.example/' },
  ]
  const west = {
    kind: 'centre',
    id: 'west',
    name: 'West',
    language: 'zh-CN',
    ways: [{ channel: 'console', address: 'west' }, ...outside],
  }
  await seen(`app_now() - interval '21 seconds'`, 'west')
  expect(await ask({ to: 'centre', centre: 'west' })).toEqual([{ ...west, ways: outside }])
  await seen(`'9999-01-01'`, 'west')
  expect(await ask({ to: 'centre', centre: 'west' })).toEqual([west])
  expect(await ask({ to: 'next-centre' })).toEqual([])
  await centre.store.sql(`update centre set next_centre = 'west' where id = 'east'`)
  expect(await ask({ to: 'next-centre' })).toEqual([west])
  expect(await ask({ to: 'centre', centre: 'nowhere' })).toEqual([])
  await centre.store.sql(`update centre set next_centre = null`)
})

test('every target takes a statement or two, supervisors one more', async () => {
  const targets: Target[] = [
    { to: 'queue' },
    { to: 'seat', seat: 'seat-4' },
    { to: 'supervisors' },
    { to: 'shift', shift: 'on-call' },
    { to: 'contact', position: 1 },
    { to: 'responders' },
    { to: 'centre', centre: 'west' },
    { to: 'next-centre' },
  ]
  await centre.database.transaction({ kind: 'system', part: 'escalation' }, async (tx) => {
    for (const target of targets) {
      let statements = 0
      const counting: typeof tx = {
        ...tx,
        query: (...given) => {
          statements++
          return tx.query(...given)
        },
      }
      await roster.resolve(counting, { centre: 'east' as CentreId, home: HOME }, target, noon, 0)
      expect([target.to, statements <= (target.to === 'supervisors' ? 3 : 2)]).toEqual([target.to, true])
    }
  })
})
