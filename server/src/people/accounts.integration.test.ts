import { instant } from '@anju/contract'
import { systemRandom } from '@anju/contract/system-random'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { peopleOf } from '../../../tests/harness/people.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Database } from '../ports.ts'
import { type AccountWish, keepAccount, listAccounts } from './accounts.ts'
import { type CentreWish, keepCentre } from './centres.ts'
import { setLocked, setPassword } from './entry.ts'
import type { Keeper } from './keeping.ts'

const clock = new VirtualClock(instant(0))
const written: unknown[] = []
const keeper: Keeper = {
  actor: { kind: 'system', part: 'cli' },
  note: async (_tx, centre, change) => void written.push([centre, change.action, change.changed]),
}
const desk = { ip: '10.0.0.1', agent: 'test' }
const secret = 'six sleepy herons'
let store: TestDatabase
let database: Database
beforeAll(async () => {
  store = await freshDatabase()
  database = openDatabase({ url: store.url, clock, random: systemRandom, log: pino({ level: 'silent' }) })
  await keepCentre(database, keeper, 'east', { name: 'East' })
  await keepCentre(database, keeper, 'west', { name: 'West' })
  await store.sql(`insert into home (id, centre, name) values ('home-1', 'east', '1'), ('home-2', 'east', '2')`)
  await store.sql(`insert into contact (id, centre, home, name, relation, phone, position)
                   values ('contact-1', 'east', 'home-1', 'C', 'son', '1', 1)`)
})
afterAll(async () => {
  await database.close()
  await store.drop()
})

const centre = (id: string, wish: CentreWish) => keepCentre(database, keeper, id, wish)
const account = (username: string, wish: AccountWish) =>
  keepAccount({ database, clock, random: systemRandom }, keeper, username, wish)
const li = { centre: 'east', name: 'Li', role: 'operator' } as const

test.for([
  ['east', { nextCentre: 'north' }, /^next centre: there is no centre north/],
  ['east', { nextCentre: 'east' }, /^next centre: a centre does not stand in for itself/],
  ['east', { callback: 'call-me' }, /^callback: is not a telephone number/],
  ['east', { name: '  ' }, /^name: must not be empty/],
  ['east', { name: 'a\u0007' }, /^name: holds a character/],
  ['East', { name: 'x' }, /^id: lower-case letters/],
  ['north', { callback: '110110' }, /^there is no centre north; to make it, give its name/],
] as const)('centre %s with %j is refused by the name of the field', async ([id, wish, why]) => {
  await expect(centre(id, wish)).rejects.toThrow(why)
})

test.for([
  ['li', {}, /^there is no account li; to make it, give its centre, name and role/],
  ['Li', li, /^username: lower-case letters/],
  ['li', { ...li, name: 'x'.repeat(101) }, /^name: has more than 100/],
  ['li', { ...li, centre: 'north' }, /^centre: there is no centre north/],
  ['li', { ...li, role: 'family' }, /^home: an account of the role family needs the home/],
  ['li', { ...li, role: 'family', home: 'home-9' }, /^home: centre east has no home home-9/],
  ['li', { ...li, centre: 'west', role: 'family', home: 'home-1' }, /^home: centre west has no home home-1/],
  ['li', { ...li, home: 'home-1' }, /^home: only an account of the role family/],
  ['li', { ...li, role: 'family', home: 'home-2', contact: 'contact-1' }, /^contact: home home-2 has no contact/],
] as const)('account %s with %j is refused by the name of the field, and not made', async ([username, wish, why]) => {
  await expect(account(username, wish)).rejects.toThrow(why)
  expect(await listAccounts(database, keeper)).toEqual([])
})

test('an account is made once, changed where it differs, and stays in its centre', async () => {
  expect(await account('li', li)).toEqual({ is: 'added' })
  expect(await account('li', li)).toEqual({ is: 'unchanged' })
  expect(await account('li', { role: 'supervisor', language: 'en' })).toEqual({
    is: 'changed',
    changed: ['role', 'language'],
  })
  await expect(account('li', { centre: 'west' })).rejects.toThrow(/^centre: li belongs to east/)
})

test('a relative is one contact of one home, the contact is one account’s, and neither outlives the role or the home', async () => {
  const family = { centre: 'east', name: 'F', role: 'family', home: 'home-1', contact: 'contact-1' } as const
  await account('son', family)
  await expect(account('daughter', family)).rejects.toThrow(/^contact: contact-1 has an account already: son/)
  expect(await account('son', { home: 'home-2' })).toEqual({ is: 'changed', changed: ['home', 'contact'] })
  expect(await account('daughter', family)).toEqual({ is: 'added' })
  expect(await account('daughter', { role: 'operator' })).toEqual({
    is: 'changed',
    changed: ['role', 'home', 'contact'],
  })
})

test('one that has no password lets nobody in, whatever is typed', async () => {
  const people = peopleOf(database, clock)
  for (const password of ['', 'x'])
    await expect(people.logIn({ username: 'li', password: password }, desk)).rejects.toThrow(/name or password/)
})

test('a lock is told to whoever knows the password only; it ends the sessions and tokens, and can be taken back', async () => {
  await setPassword(database, keeper, 'li', secret)
  await store.sql(`update person set second_factor_exempt = true`)
  const people = peopleOf(database, clock)
  const entered = await people.logIn({ username: 'li', password: secret }, desk)
  const session = entered.is === 'session' ? entered.secret : ''
  await store.sql(
    `insert into api_token (id, centre, person, secret_hash, label, expires_at)
     select 'token', 'east', id, sha256('token'), '', app_now() + interval '1 hour' from person where username = 'li'`,
  )
  expect(await peopleOf(database, clock).identify('token')).toBeDefined()
  expect(await setLocked(database, keeper, 'li', true)).toEqual({ is: 'changed', changed: ['locked'] })
  expect(await setLocked(database, keeper, 'li', true)).toEqual({ is: 'unchanged' })
  for (const held of [session, 'token']) expect(await peopleOf(database, clock).identify(held)).toBeUndefined()
  await expect(people.logIn({ username: 'li', password: secret }, desk)).rejects.toMatchObject({
    code: 'account-locked',
  })
  await expect(people.logIn({ username: 'li', password: 'another' }, desk)).rejects.toMatchObject({
    code: 'credentials-wrong',
  })
  await setLocked(database, keeper, 'li', false)
  expect(await peopleOf(database, clock).identify('token')).toBeDefined()
  expect(await peopleOf(database, clock).identify(session)).toBeUndefined()
  expect((await people.logIn({ username: 'li', password: secret }, desk)).is).toBe('session')
})

test('a new password ends the sessions of the old one', async () => {
  const people = peopleOf(database, clock)
  const entered = await people.logIn({ username: 'li', password: secret }, desk)
  const session = entered.is === 'session' ? entered.secret : ''
  await setPassword(database, keeper, 'li', `${secret}!`)
  expect(await peopleOf(database, clock).identify(session)).toBeUndefined()
  await expect(people.logIn({ username: 'li', password: secret }, desk)).rejects.toMatchObject({
    code: 'credentials-wrong',
  })
})

test.for([
  ['short', /^password: has fewer than 10/],
  ['x'.repeat(257), /^password: has more than 256/],
  ['LI-and-his-dog', /^password: contains the user name/],
] as const)('"%s" is refused as a password', async ([password, why]) => {
  await expect(setPassword(database, keeper, 'li', password)).rejects.toThrow(why)
})

test('all of it is written down, by the names of the fields', () => {
  expect(written).toEqual([
    ['east', 'centre.added', ['name']],
    ['west', 'centre.added', ['name']],
    ['east', 'account.added', ['centre', 'name', 'role']],
    ['east', 'account.changed', ['role', 'language']],
    ['east', 'account.added', ['centre', 'name', 'role', 'home', 'contact']],
    ['east', 'account.changed', ['home', 'contact']],
    ['east', 'account.added', ['centre', 'name', 'role', 'home', 'contact']],
    ['east', 'account.changed', ['role', 'home', 'contact']],
    ['east', 'account.changed', ['password']],
    ['east', 'account.locked', ['locked']],
    ['east', 'account.unlocked', ['locked']],
    ['east', 'account.changed', ['password']],
  ])
})
