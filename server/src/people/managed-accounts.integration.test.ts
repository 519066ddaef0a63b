import { hours, instant } from '@anju/contract'
import { type AccountAdd, ROLES, type Role } from '@anju/contract/api'
import { systemRandom } from '@anju/contract/system-random'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf } from '../../../tests/harness/people.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { type Author, noteChange } from '../audit/audit.ts'
import { openDatabase } from '../database/database.ts'
import { mayManage } from '../policy/table.ts'
import type { Database } from '../ports.ts'
import { keepAccount } from './accounts.ts'
import { keepCentre } from './centres.ts'
import { setPassword } from './entry.ts'
import type { Keeper } from './keeping.ts'
import { createManagedAccounts, type ManagedAccounts } from './managed-accounts.ts'
import type { Given, Identity } from './people.ts'

const clock = new VirtualClock(instant(0))
const keeper: Keeper = { actor: { kind: 'system', part: 'cli' }, note: async () => undefined }
const desk = { ip: '10.0.0.1', agent: 'test' }
const password = 'six sleepy herons'
const other = 'nine calm otters'

let store: TestDatabase
let database: Database
let server: ReturnType<typeof accountsOf>
let accounts: ManagedAccounts
/** Of each role one, by the name of the role; a second administrator, a second supervisor, and one of another centre. */
const PEOPLE = [
  ...ROLES.map((role) => [role, role] as const),
  ['admin2', 'admin'],
  ['supervisor2', 'supervisor'],
] as const
beforeAll(async () => {
  store = await freshDatabase()
  database = openDatabase({ url: store.url, clock, random: systemRandom, log: pino({ level: 'silent' }) })
  await keepCentre(database, keeper, 'east', { name: 'East' })
  await keepCentre(database, keeper, 'west', { name: 'West' })
  await store.sql(`insert into home (id, centre, name) values ('home-1', 'east', '1')`)
  const parts = { database, clock, random: systemRandom }
  for (const [username, role] of PEOPLE)
    await keepAccount(parts, keeper, username, {
      centre: 'east',
      name: username,
      role,
      ...(role === 'family' && { home: 'home-1' }),
    })
  await keepAccount(parts, keeper, 'stranger', { centre: 'west', name: 'Stranger', role: 'operator' })
  // Who they are is the subject here, not their telephones.
  await store.sql('update person set second_factor_exempt = true')
})
afterAll(async () => {
  await database.close()
  await store.drop()
})
beforeEach(async () => {
  server = accountsOf(database, clock)
  accounts = createManagedAccounts({ database, clock, random: systemRandom, people: server.people, mayManage })
  await store.sql('delete from audit')
  await store.sql(`update person set locked_at = null, role = username where username = any ($1)`, [ROLES])
  await store.sql(`update person set locked_at = null, role = 'admin' where username = 'admin2'`)
  for (const username of ['operator', 'family']) await setPassword(database, keeper, username, password)
})

const idOf = async (username: string) =>
  (await store.sql<{ id: string }>('select id from person where username = $1', [username]))[0]?.id ?? ''
async function as(username: string): Promise<Author> {
  const [row] = await store.sql<{ id: string; role: Role; centre: string }>(
    'select id, role, centre from person where username = $1',
    [username],
  )
  const { id: person, role, centre } = row ?? { id: '', role: 'family', centre: '' }
  const actor = { kind: 'person', person, name: username, session: `s-${username}`, role, centre } as Identity['actor']
  return { actor, key: undefined, note: (tx, change) => noteChange(tx, actor, change, desk) }
}
const enter = (username: string, more: Partial<Given> = {}) =>
  server.people.logIn({ username, password, ...more }, desk)
async function sessionOf(username: string, more: Partial<Given> = {}): Promise<string> {
  const answer = await enter(username, more)
  return answer.is === 'session' ? answer.secret : answer.is
}
const audited = () => store.sql('select name, action, changed from audit order by id')

test('a password for once lets in nobody but who replaces it, and is in no audit', async () => {
  const before = await sessionOf('operator')
  const { account, password: once } = await accounts.resetPassword(await as('supervisor'), await idOf('operator'))
  expect(account).toMatchObject({ username: 'operator', password: 'for-once', manageable: true })
  // Known here, and ended: it is noticed before its five seconds are over.
  expect(await server.people.identify(before)).toBeUndefined()
  await expect(enter('operator')).rejects.toMatchObject({ code: 'credentials-wrong' })
  expect(await sessionOf('operator', { password: once })).toBe('new-password-required')
  const wrong = { code: 'request-malformed' }
  for (const newPassword of ['short', 'the operator’s dog', once])
    await expect(enter('operator', { password: once, newPassword })).rejects.toMatchObject(wrong)
  const session = await sessionOf('operator', { password: once, newPassword: other })
  expect(await server.people.identify(session)).toMatchObject({ person: { username: 'operator' } })
  await expect(enter('operator', { password: once })).rejects.toMatchObject({ code: 'credentials-wrong' })
  await expect(enter('operator', { password: other, newPassword: password })).rejects.toMatchObject(wrong)
  expect(await sessionOf('operator', { password: other })).toMatch(/^[\w-]{43}$/)
  expect(await audited()).toEqual([
    { name: 'supervisor', action: 'account.changed', changed: ['password'] },
    { name: 'operator', action: 'account.changed', changed: ['password'] },
  ])
  expect(JSON.stringify(await store.sql('select * from audit')) + (await stored())).not.toContain(once)
})
const stored = async () => JSON.stringify(await store.sql('select * from person, idempotency'))

test('with a second factor the new password counts only once the code was right', async () => {
  await store.sql(`update person set second_factor_exempt = false where username = 'operator'`)
  const { password: once } = await accounts.resetPassword(await as('supervisor'), await idOf('operator'))
  expect(await sessionOf('operator', { password: once, newPassword: other })).toBe('second-factor-required')
  await expect(enter('operator', { password: once, newPassword: other, code: '000000' })).rejects.toMatchObject({
    code: 'second-factor-wrong',
  })
  await expect(enter('operator', { password: other })).rejects.toMatchObject({ code: 'credentials-wrong' })
  expect(await sessionOf('operator', { password: once })).toBe('new-password-required')
  await store.sql(`update person set second_factor_exempt = true where username = 'operator'`)
})

test('a password for once that nobody used within three days is worth nothing, which is told to who has it', async () => {
  const { password: once } = await accounts.resetPassword(await as('supervisor'), await idOf('operator'))
  await store.passes(hours(71))
  expect(await sessionOf('operator', { password: once })).toBe('new-password-required')
  await store.passes(hours(1))
  await expect(enter('operator', { password: once })).rejects.toMatchObject({ code: 'password-expired' })
  await expect(enter('operator')).rejects.toMatchObject({ code: 'credentials-wrong' })
})

test('a lock ends the sessions at once and keeps out; unlocking lets in again; both are written down', async () => {
  const session = await sessionOf('operator')
  const id = await idOf('operator')
  expect(await accounts.setLocked(await as('supervisor'), id, true)).toMatchObject({ locked: true })
  expect(await server.people.identify(session)).toBeUndefined()
  await expect(enter('operator')).rejects.toMatchObject({ code: 'account-locked' })
  expect(await accounts.setLocked(await as('admin'), id, false)).toMatchObject({ locked: false })
  expect(await sessionOf('operator')).toMatch(/^[\w-]{43}$/)
  expect(await audited()).toEqual([
    { name: 'supervisor', action: 'account.locked', changed: ['locked'] },
    { name: 'admin', action: 'account.unlocked', changed: ['locked'] },
  ])
})

test('the second factor of a lost telephone is reset, its recovery codes with it', async () => {
  const id = await idOf('operator')
  await store.sql('update person set second_factor_since = app_now(), second_factor_exempt = false where id = $1', [id])
  await store.sql(`insert into recovery_code values ($1, '\\x00', app_now())`, [id])
  expect(await accounts.resetSecondFactor(await as('supervisor'), id)).toMatchObject({ secondFactor: 'to-be-enrolled' })
  expect(await store.sql('select 1 from recovery_code')).toEqual([])
  expect(await audited()).toEqual([{ name: 'supervisor', action: 'account.changed', changed: ['secondFactor'] }])
  await store.sql('update person set second_factor_exempt = true where id = $1', [id])
})

test('an account is added with a password for once, changed and its sessions ended with its role; a name is given once', async () => {
  const chen: AccountAdd = { username: 'chen', name: '陈静', role: 'operator' }
  const { account, password: once } = await accounts.add(await as('supervisor'), chen)
  expect(account).toMatchObject({ username: 'chen', name: '陈静', role: 'operator', password: 'for-once' })
  await store.sql('update person set second_factor_exempt = true where id = $1', [account.id])
  const session = await sessionOf('chen', { password: once, newPassword: other })
  for (const taken of ['chen', 'stranger'])
    await expect(accounts.add(await as('admin'), { ...chen, username: taken })).rejects.toMatchObject({
      code: 'username-taken',
    })
  await expect(accounts.add(await as('admin'), { ...chen, username: 'Chen' })).rejects.toThrow(/^username: lower-case/)
  expect(await accounts.change(await as('supervisor'), account.id, { name: 'Chen' })).toMatchObject({ name: 'Chen' })
  expect(await server.people.identify(session)).toMatchObject({ person: { name: 'Chen' } })
  expect(await accounts.change(await as('supervisor'), account.id, { role: 'supervisor' })).toMatchObject({
    role: 'supervisor',
  })
  expect(await server.people.identify(session)).toBeUndefined()
  expect(await audited()).toEqual([
    { name: 'supervisor', action: 'account.added', changed: ['name', 'role', 'centre'] },
    { name: 'supervisor', action: 'account.changed', changed: ['password'] },
    { name: '陈静', action: 'account.changed', changed: ['password'] },
    { name: 'supervisor', action: 'account.changed', changed: ['name'] },
    { name: 'supervisor', action: 'account.changed', changed: ['role'] },
  ])
  await store.sql(`update person set centre = 'west', locked_at = app_now() where username = 'chen'`)
})

/** Everything that can be done to somebody's account. */
const ACTS: Readonly<Record<string, (author: Author, id: string) => Promise<unknown>>> = {
  'change of the name': (author, id) => accounts.change(author, id, { name: 'x' }),
  'change of the role': (author, id) => accounts.change(author, id, { role: 'operator' }),
  'new password': (author, id) => accounts.resetPassword(author, id),
  'reset of the second factor': (author, id) => accounts.resetSecondFactor(author, id),
  lock: (author, id) => accounts.setLocked(author, id, true),
  unlock: (author, id) => accounts.setLocked(author, id, false),
}
test.for(Object.keys(ACTS))(
  'no %s of one’s own account, of one above, of another centre, or by who may not',
  async (name) => {
    const act = ACTS[name] as (author: Author, id: string) => Promise<unknown>
    const refused = async (by: string, of: string, code: string) =>
      expect(act(await as(by), await idOf(of))).rejects.toMatchObject({ code })
    for (const self of ['admin', 'supervisor']) await refused(self, self, 'own-account')
    for (const above of ['admin', 'admin2']) await refused('supervisor', above, 'forbidden')
    for (const by of ['operator', 'installer', 'family']) await refused(by, 'admin2', 'forbidden')
    await refused('admin', 'stranger', 'person-unknown')
    await store.sql(`update person set locked_at = app_now() where username = 'admin2'`)
    await refused('admin2', 'operator', 'forbidden')
    expect(await audited()).toEqual([])
  },
)

test.for([
  ['admin', [...ROLES]],
  ['supervisor', ['operator', 'supervisor', 'installer', 'family']],
  ['operator', []],
  ['installer', []],
  ['family', []],
] as const)('%s gives %j and nothing above', async ([by, gives]) => {
  const author = await as(by)
  expect((await accounts.list(author.actor, undefined)).gives).toEqual(gives)
  for (const role of ROLES.filter((one) => !gives.some((given) => given === one))) {
    const add = accounts.add(author, { username: 'new-one', name: 'x', role })
    await expect(add).rejects.toMatchObject({ code: 'forbidden' })
    // Of somebody whose role they may manage, as far as they may any.
    const change = accounts.change(author, await idOf('supervisor2'), { role })
    await expect(change).rejects.toMatchObject({ code: 'forbidden' })
  }
})

test('who was an administrator until a moment ago gives nobody that role, whatever their session says still', async () => {
  const author = await as('admin')
  await store.sql(`update person set role = 'supervisor' where username = 'admin'`)
  const id = await idOf('operator')
  await expect(accounts.change(author, id, { role: 'admin' })).rejects.toMatchObject({ code: 'forbidden' })
  const add = accounts.add(author, { username: 'new-one', name: 'x', role: 'admin' })
  await expect(add).rejects.toMatchObject({ code: 'forbidden' })
  // What a supervisor may give they still do.
  expect(await accounts.change(author, id, { role: 'installer' })).toMatchObject({ role: 'installer' })
})

test('of two administrators who put each other out at the same moment one remains, whatever they do', async () => {
  for (const act of [
    async (by: string, of: string) => accounts.setLocked(await as(by), await idOf(of), true),
    async (by: string, of: string) => accounts.change(await as(by), await idOf(of), { role: 'operator' }),
  ]) {
    await store.sql(`update person set locked_at = null, role = 'admin' where username in ('admin', 'admin2')`)
    const outcomes = await Promise.allSettled([act('admin', 'admin2'), act('admin2', 'admin')])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const able = `select 1 from person where role = 'admin' and locked_at is null and centre = 'east'`
    expect(await store.sql(able)).toHaveLength(1)
  }
})

test('the list is the centre’s, page by page, and says what each lacks', async () => {
  await store.sql(
    `insert into person (id, centre, username, name, role, password)
     select 'many-' || n, 'east', 'many-' || lpad(n::text, 3, '0'), 'M', 'operator', '' from generate_series(1, 250) as n`,
  )
  const { actor } = await as('supervisor')
  const first = await accounts.list(actor, undefined)
  const second = await accounts.list(actor, first.nextCursor ?? '')
  const all = [...first.items, ...second.items]
  expect([first.items.length, second.nextCursor]).toEqual([200, null])
  expect(all.map(({ username }) => username)).not.toContain('stranger')
  expect(new Set(all.map(({ id }) => id)).size).toBe(250 + PEOPLE.length)
  const of = (username: string) => all.find((one) => one.username === username)
  expect(of('many-001')).toMatchObject({ password: 'none', secondFactor: 'to-be-enrolled', manageable: true })
  expect([of('admin')?.manageable, of('supervisor')?.manageable, of('supervisor2')?.manageable]).toEqual([
    false,
    false,
    true,
  ])
  await store.sql(`delete from person where username like 'many-%'`)
})
