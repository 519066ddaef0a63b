import type { Channel, HomeReadiness } from '@anju/contract/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import type { Means } from '../domain/roster/ways.ts'
import { createReadiness } from './readiness.ts'

const means = (...channels: Channel[]): Means => ({
  channels: new Set(channels),
  names: new Map(),
  sends: ({ channel }) => channels.includes(channel),
})

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
  await centre.store.sql('delete from contact')
})
afterAll(() => centre.close())

/** Homes whose three contacts were proven today. */
const wellHomes = async (prefix: string, count: number) => {
  await centre.store.sql(
    `insert into home (id, centre, name) select $1 || lpad(n::text, 5, '0'), 'east', 'H' from generate_series(1, $2) n`,
    [prefix, count],
  )
  await centre.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position, last_proven_on)
     select 'c-' || home.id || '-' || k, centre, home.id, 'C', 'son', '', k, now()
     from home, generate_series(1, 3) k where starts_with(home.id, $1)`,
    [prefix],
  )
  await centre.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select 'w-' || id, centre, home, 'contact', id, 'voice', '13800000001', 1 from contact where starts_with(home, $1)`,
    [prefix],
  )
}
const of = (means_: Means) => createReadiness({ database: centre.database, means: means_ })
const allPages = async (means_ = means('voice')) => {
  const readiness = of(means_)
  const pages: (readonly HomeReadiness[])[] = []
  let cursor: string | null | undefined
  do {
    const { homes } = await readiness.of(centre.person('sun', 'admin'), cursor ?? undefined)
    pages.push(homes.items)
    cursor = homes.nextCursor
  } while (cursor)
  return pages
}

test('many homes that lack something come in pages, none twice and none left out', async () => {
  await wellHomes('a-', 250)
  await centre.store.sql(`update way set dead_since = now() where starts_with(home, 'a-')`)
  const pages = await allPages()
  expect(pages.map(({ length }) => length)).toEqual([200, 60])
  const homes = pages.flat()
  expect(new Set(homes.map(({ homeId }) => homeId)).size).toBe(260)
  expect(homes[0]).toEqual({ homeId: 'a-00001', name: 'H', contacts: 3, lacks: ['no-living-way'] })
  expect(homes.at(-1)).toMatchObject({ contacts: 0, lacks: ['too-few-contacts', 'no-living-way'] })
})

test('one page looks at so many homes and no more; what lies behind thousands that are well is found all the same', async () => {
  await centre.store.sql(`update way set dead_since = null`)
  await wellHomes('b-', 5_000)
  const pages = await allPages()
  expect(pages.map(({ length }) => length)).toEqual([0, 10])
})

test('a number that died beside one that lives is said, too', async () => {
  await centre.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position, dead_since)
     values ('w-dead', 'east', 'b-00007', 'contact', 'c-b-00007-2', 'sms', '13800000002', 2, now())`,
  )
  const homes = (await allPages()).flat().filter(({ homeId }) => homeId.startsWith('b-'))
  expect(homes).toEqual([{ homeId: 'b-00007', name: 'H', contacts: 3, lacks: ['dead-way'] }])
})

test('a number that no provider could ring is no way to reach anybody', async () => {
  const [first = []] = await allPages(means('sms', 'push'))
  expect(first[0]).toMatchObject({ homeId: 'a-00001', lacks: ['no-living-way'] })
})

test('a number that was stored as nobody could dial it is no way to reach anybody, either', async () => {
  await centre.store.sql(`update way set address = '88880000' where home = 'b-00009'`)
  const homes = (await allPages()).flat().filter(({ homeId }) => homeId === 'b-00009')
  expect(homes).toMatchObject([{ lacks: ['no-living-way'] }])
})

test('without a rota an alarm reaches nobody that anybody knows of, and it says so', async () => {
  const { policies, at, until } = await of(means('voice')).of(centre.person('sun', 'admin'), undefined)
  expect(policies).toEqual([
    { policy: null, scope: {}, ok: false, gaps: [{ from: at, to: until, why: 'nobody-on-duty' }] },
  ])
})

test('a supervisor is reached by a number that a provider takes, and by no other', async () => {
  await centre.store.sql(
    `insert into person (id, centre, username, name, role, password) values ('night', 'east', 'night', 'Night', 'supervisor', 'x')`,
  )
  await centre.store.sql(
    `insert into way (id, centre, owner_kind, owner, channel, address, position)
     values ('w-night', 'east', 'person', 'night', 'sms', '+447700900123', 1)`,
  )
  const isOk = async (given: Means) => (await of(given).of(centre.person('sun', 'admin'), undefined)).policies[0]?.ok
  const everywhere = means('sms')
  expect(await isOk(everywhere)).toBe(true)
  expect(await isOk({ ...everywhere, sends: ({ address }) => address.startsWith('+86') })).toBe(false)
})
