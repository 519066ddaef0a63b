import { instant, minutes, seconds } from '@anju/contract'
import { systemRandom } from '@anju/contract/system-random'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { Secret } from 'otpauth'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { accountsOf } from '../../../tests/harness/people.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Actor, Database } from '../ports.ts'
import { keepAccount } from './accounts.ts'
import { keepCentre } from './centres.ts'
import { resetSecondFactor, setLocked, setPassword } from './entry.ts'
import type { Keeper } from './keeping.ts'
import type { Given, Identity } from './people.ts'
import { codeOfStep, stepLengthS } from './totp.ts'

const clock = new VirtualClock(instant(0))
const keeper: Keeper = { actor: { kind: 'system', part: 'cli' }, note: async () => undefined }
const desk = { ip: '10.0.0.1', agent: 'test' }
const password = 'six sleepy herons'
const other = 'nine calm otters'
const night = '2026-11-26T02:10:15Z'
/** The step of the database's clock. */
let step: number

let store: TestDatabase
let database: Database
let server: ReturnType<typeof accountsOf>
beforeAll(async () => {
  store = await freshDatabase()
  database = openDatabase({ url: store.url, clock, random: systemRandom, log: pino({ level: 'silent' }) })
  await keepCentre(database, keeper, 'east', { name: 'East' })
  await keepAccount({ database, clock, random: systemRandom }, keeper, 'li', {
    centre: 'east',
    name: 'Li',
    role: 'operator',
  })
})
afterAll(async () => {
  await database.close()
  await store.drop()
})
beforeEach(async () => {
  await store.standsAt(night)
  step = Math.floor(Date.parse(night) / 1_000 / stepLengthS)
  await resetSecondFactor(database, keeper, 'li')
  await setPassword(database, keeper, 'li', password)
  await store.sql('delete from audit')
  server = accountsOf(database, clock)
})

/** A code is taken once: the database's clock goes on to the next. */
async function next(): Promise<void> {
  await store.passes(seconds(stepLengthS))
  step += 1
}
const enter = (more: Partial<Given> = {}) => server.people.logIn({ username: 'li', password, ...more }, desk)
async function entered(more: Partial<Given>) {
  const answer = await enter(more)
  if (answer.is !== 'session') throw new Error(`no session: ${answer.is}`)
  return answer
}
/** Li Na, with an authenticator of her own and the codes that were told at its enrolment. */
async function enrolled() {
  const asked = await enter()
  if (asked.is !== 'second-factor-required' || !asked.enrolment) throw new Error('no enrolment was told')
  const secret = Secret.fromBase32(asked.enrolment.secret).bytes
  const { identity, factor, ...session } = await entered({ code: codeOfStep(secret, step) })
  await next()
  return { who: identity, secret, cookie: session.secret, codes: factor.recoveryCodes ?? [] }
}
const code = (secret: Uint8Array) => codeOfStep(secret, step)
const left = async ({ actor }: Identity) => (await server.own.read(actor)).recoveryCodesLeft
const identified = (cookie: string) => accountsOf(database, clock).people.identify(cookie)
const audited = () => store.sql('select name, action, changed, ip from audit order by id')
const wrongCode = { code: 'second-factor-wrong' }
const wrongPassword = { code: 'credentials-wrong' }

test('ten recovery codes are told at the enrolment; each lets in once in place of the code, however it is typed', async () => {
  const { who, codes } = await enrolled()
  expect(codes).toHaveLength(10)
  expect(new Set(codes).size).toBe(10)
  for (const one of codes) expect(one).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
  const [first = '', second = ''] = codes
  expect((await entered({ code: first })).factor).toEqual({ recoveryCodesLeft: 9 })
  await expect(enter({ code: first })).rejects.toMatchObject(wrongCode)
  expect((await entered({ code: second.toUpperCase().replaceAll('-', ' ') })).factor).toEqual({ recoveryCodesLeft: 8 })
  expect(await left(who)).toBe(8)
  await expect(enter({ password: 'x', code: codes[2] ?? '' })).rejects.toMatchObject(wrongPassword)
  expect(await left(who)).toBe(8)
  expect(await audited()).toMatchObject([
    { name: 'Li', action: 'account.changed', changed: ['secondFactor'], ip: desk.ip },
    { name: 'Li', action: 'recovery-code.used' },
    { name: 'Li', action: 'recovery-code.used' },
  ])
})

test('of two that give one recovery code at the same moment, at two servers, one is let in', async () => {
  const { codes } = await enrolled()
  const outcomes = await Promise.allSettled(
    [server, accountsOf(database, clock)].map(({ people }) =>
      people.logIn({ username: 'li', password, code: codes[0] ?? '' }, desk),
    ),
  )
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('guessed recovery codes are counted with the other codes', async () => {
  await enrolled()
  for (let i = 0; i < 5; i++) await expect(enter({ code: 'aaaa-bbbb-cccc-dddd' })).rejects.toMatchObject(wrongCode)
  await expect(enter({ code: '000000' })).rejects.toMatchObject({ code: 'too-many-requests' })
})

test('none of them is in a row as it is, no person reads them, and moved to another account they open nothing', async () => {
  const { who, codes } = await enrolled()
  const rows = JSON.stringify(await store.sql(`select encode(hash, 'escape') as hash from recovery_code`))
  for (const one of codes) expect(rows).not.toContain(one)
  const seen = (actor: Actor) => database.transaction(actor, (tx) => tx.query('select 1 from recovery_code'))
  expect(await seen(who.actor)).toEqual([])
  expect(await seen(keeper.actor)).toHaveLength(10)
  await keepAccount({ database, clock, random: systemRandom }, keeper, 'chen', {
    centre: 'east',
    name: 'Chen',
    role: 'operator',
  })
  await store.sql(`update recovery_code set person = (select id from person where username = 'chen')`)
  await setPassword(database, keeper, 'chen', password)
  await enter({ username: 'chen' })
  await expect(enter({ username: 'chen', code: codes[0] ?? '' })).rejects.toMatchObject(wrongCode)
  await resetSecondFactor(database, keeper, 'chen')
})

test('new recovery codes need the password and a code, and are the only ones from then on', async () => {
  const { who, secret, codes } = await enrolled()
  const proof = { password, code: code(secret) }
  await expect(server.own.renewCodes(who, { ...proof, password: 'x' }, desk)).rejects.toMatchObject(wrongPassword)
  await expect(server.own.renewCodes(who, { ...proof, code: '000000' }, desk)).rejects.toMatchObject(wrongCode)
  expect(await left(who)).toBe(10)
  const fresh = await server.own.renewCodes(who, proof, desk)
  expect(fresh).toHaveLength(10)
  await expect(enter({ code: codes[0] ?? '' })).rejects.toMatchObject(wrongCode)
  expect((await entered({ code: fresh[0] ?? '' })).factor).toEqual({ recoveryCodesLeft: 9 })
  expect((await audited())[1]).toMatchObject({ action: 'account.changed', changed: ['recoveryCodes'] })
})

test('a new telephone: until its first code the old one counts, then it alone; other sessions are over', async () => {
  const { who, secret, cookie, codes } = await enrolled()
  const elsewhere = await entered({ code: codes[0] ?? '' })
  const { secret: told } = await server.own.proposeFactor(who, { password, code: codes[1] ?? '' }, desk)
  const fresh = Secret.fromBase32(told).bytes
  await entered({ code: code(secret) })
  await next()
  await expect(enter({ code: code(fresh) })).rejects.toMatchObject(wrongCode)
  await expect(server.own.confirmFactor(who, code(secret), desk)).rejects.toMatchObject(wrongCode)
  const made = await server.own.confirmFactor(who, code(fresh), desk)
  await next()
  await expect(enter({ code: code(secret) })).rejects.toMatchObject(wrongCode)
  await entered({ code: code(fresh) })
  expect(await left(who)).toBe(10)
  expect(made).toHaveLength(10)
  expect(await identified(elsewhere.secret)).toBeUndefined()
  expect(await identified(cookie)).toBeDefined()
  expect((await audited()).at(-1)).toMatchObject({
    action: 'account.changed',
    changed: ['secondFactor', 'recoveryCodes'],
  })
})

test('a new telephone that is not confirmed within ten minutes is none', async () => {
  const { who, secret } = await enrolled()
  const { secret: told } = await server.own.proposeFactor(who, { password, code: code(secret) }, desk)
  await store.passes(minutes(10))
  step += minutes(10) / seconds(stepLengthS)
  await expect(server.own.confirmFactor(who, code(Secret.fromBase32(told).bytes), desk)).rejects.toMatchObject(
    wrongCode,
  )
  await entered({ code: code(secret) })
})

test('one’s own password is changed by who knows it; every other session ends, here at once, and this one goes on', async () => {
  const { who, cookie, secret, codes } = await enrolled()
  const elsewhere = await entered({ code: codes[0] ?? '' })
  await server.own.changePassword(who, { current: password, password: other }, desk)
  expect(await server.people.identify(elsewhere.secret)).toBeUndefined()
  expect(await server.people.identify(cookie)).toBeDefined()
  await expect(enter({ code: code(secret) })).rejects.toMatchObject(wrongPassword)
  await entered({ password: other, code: code(secret) })
  expect((await audited()).at(-1)).toMatchObject({ name: 'Li', action: 'account.changed', changed: ['password'] })
})

test.for([
  [{ current: password, password: 'short' }, /^password: has fewer than 10/],
  [{ current: password, password: 'x'.repeat(257) }, /^password: has more than 256/],
  [{ current: password, password: 'LI and her dog' }, /^password: contains the user name/],
  [{ current: password, password }, /^password: is the one there is/],
  [{ current: 'another', password: other }, /^name or password is wrong/],
] as const)('the password is not changed by %j', async ([given, why]) => {
  const { who, secret } = await enrolled()
  await expect(server.own.changePassword(who, given, desk)).rejects.toThrow(why)
  await entered({ code: code(secret) })
})

test('a session that somebody stole guesses the password no faster than a log-in, and both are counted together', async () => {
  const { who } = await enrolled()
  const guess = () => server.own.changePassword(who, { current: 'guess', password: other }, desk)
  for (let i = 0; i < 4; i++) await expect(guess()).rejects.toMatchObject(wrongPassword)
  await expect(enter({ password: 'guess' })).rejects.toMatchObject(wrongPassword)
  await expect(guess()).rejects.toMatchObject({ code: 'too-many-requests', detail: { waitS: 60 } })
  await expect(enter()).rejects.toMatchObject({ code: 'too-many-requests' })
  await clock.pass(seconds(60))
})

test('a demo’s account on loopback has no second factor to see to, and a password of its own', async () => {
  const { who } = await enrolled()
  await store.sql(`update person set second_factor_exempt = true where username = 'li'`)
  expect(await server.own.read(who.actor)).toMatchObject({ secondFactor: 'exempt' })
  const proof = { password, code: '000000' }
  await expect(server.own.renewCodes(who, proof, desk)).rejects.toMatchObject({ code: 'second-factor-exempt' })
  await expect(server.own.proposeFactor(who, proof, desk)).rejects.toMatchObject({ code: 'second-factor-exempt' })
  await server.own.changePassword(who, { current: password, password: other }, desk)
  await store.sql(`update person set second_factor_exempt = false where username = 'li'`)
})

test.for([
  ['given another password', () => setPassword(database, keeper, 'li', other)],
  ['locked out', () => setLocked(database, keeper, 'li', true)],
] as const)('who is %s while theirs is being looked at is not let in by it', async ([, meanwhile]) => {
  const { secret } = await enrolled()
  let asked = 0
  const between = {
    async transaction(...given: Parameters<Database['transaction']>) {
      if (asked++ === 1) await meanwhile()
      return database.transaction(...given)
    },
  } as unknown as Database
  const { people } = accountsOf(between, clock)
  await expect(people.logIn({ username: 'li', password, code: code(secret) }, desk)).rejects.toMatchObject(
    wrongPassword,
  )
  expect(await store.sql('select 1 from session where ended_at is null')).toEqual([])
  await setLocked(database, keeper, 'li', false)
})
