import { randomBytes } from 'node:crypto'
import { instant, seconds } from '@anju/contract'
import { systemRandom } from '@anju/contract/system-random'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { Secret } from 'otpauth'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { peopleOf } from '../../../tests/harness/people.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Actor, Database } from '../ports.ts'
import { keepAccount } from './accounts.ts'
import { keepCentre } from './centres.ts'
import { resetSecondFactor, setPassword } from './entry.ts'
import type { Keeper } from './keeping.ts'
import type { Given, LogIn, People } from './people.ts'
import { codeOfStep, stepLengthS } from './totp.ts'

const clock = new VirtualClock(instant(0))
const keeper: Keeper = { actor: { kind: 'system', part: 'cli' }, note: async () => undefined }
const desk = { ip: '10.0.0.1', agent: 'test' }
const password = 'six sleepy herons'
/** In the middle of a step. */
const night = '2026-11-26T02:10:15Z'
const step = Math.floor(Date.parse(night) / 1_000 / stepLengthS)

let store: TestDatabase
let database: Database
let people: People
beforeAll(async () => {
  store = await freshDatabase()
  database = openDatabase({ url: store.url, clock, random: systemRandom, log: pino({ level: 'silent' }) })
  await keepCentre(database, keeper, 'east', { name: 'East' })
  for (const name of ['li', 'chen']) {
    await keepAccount({ database, clock, random: systemRandom }, keeper, name, {
      centre: 'east',
      name,
      role: 'operator',
    })
    await setPassword(database, keeper, name, password)
  }
})
afterAll(async () => {
  await database.close()
  await store.drop()
})
beforeEach(async () => {
  await store.standsAt(night)
  await resetSecondFactor(database, keeper, 'li')
  people = peopleOf(database, clock)
})

const enter = (more: Partial<Given> = {}, from = desk) => people.logIn({ username: 'li', password, ...more }, from)
/** The secret that an answer tells. @throws when it tells none */
function told(answer: LogIn): Uint8Array {
  if (answer.is !== 'second-factor-required' || !answer.enrolment) throw new Error('no enrolment was told')
  expect(answer.enrolment.uri).toContain(`secret=${answer.enrolment.secret}&`)
  return Secret.fromBase32(answer.enrolment.secret).bytes
}
/** Li Na sets up her authenticator with the code of this very step. */
async function enrolled(): Promise<Uint8Array> {
  const secret = told(await enter())
  expect(await enter({ code: codeOfStep(secret, step) })).toMatchObject({ is: 'session' })
  return secret
}
const seen = (actor: Actor) => database.transaction(actor, (tx) => tx.query('select 1 from second_factor'))
const wrong = { code: 'second-factor-wrong' }

test('at the first log-in a secret is told, and its code lets her in; from then on a code is asked for and no secret told', async () => {
  const secret = await enrolled()
  await store.passes(seconds(30))
  expect(await enter()).toEqual({ is: 'second-factor-required', enrolment: undefined })
  expect(await enter({ code: codeOfStep(secret, step + 1) })).toMatchObject({ is: 'session' })
})

test('a session is opened by nothing less: not by the password, not by a code without the password', async () => {
  const secret = await enrolled()
  await store.passes(seconds(60))
  const open = () => store.sql<{ n: number }>('select count(*)::int as n from session where ended_at is null')
  const before = await open()
  await enter()
  await expect(enter({ code: '000000' })).rejects.toMatchObject(wrong)
  await expect(enter({ code: '' })).rejects.toMatchObject(wrong)
  await expect(enter({ password: 'x', code: codeOfStep(secret, step + 2) })).rejects.toMatchObject({
    code: 'credentials-wrong',
  })
  expect(await open()).toEqual(before)
})

test('a code is taken once, and none from before it afterwards', async () => {
  const secret = await enrolled()
  await expect(enter({ code: codeOfStep(secret, step) })).rejects.toMatchObject(wrong)
  expect(await enter({ code: codeOfStep(secret, step + 1) })).toMatchObject({ is: 'session' })
  await expect(enter({ code: codeOfStep(secret, step) })).rejects.toMatchObject(wrong)
  await expect(enter({ code: codeOfStep(secret, step + 1) })).rejects.toMatchObject(wrong)
})

test('of two that send one code at the same moment, at two servers, one is let in', async () => {
  const secret = await enrolled()
  await store.passes(seconds(30))
  const code = codeOfStep(secret, step + 1)
  const two = [peopleOf(database, clock), peopleOf(database, clock)]
  const outcomes = await Promise.allSettled(two.map((one) => one.logIn({ username: 'li', password, code }, desk)))
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('the database’s clock says which code it is: one step early or late is let in, two are not', async () => {
  const secret = await enrolled()
  await store.passes(seconds(300))
  const present = step + 10
  for (const off of [-2, 2])
    await expect(enter({ code: codeOfStep(secret, present + off) })).rejects.toMatchObject(wrong)
  for (const off of [-1, 0, 1])
    expect(await enter({ code: codeOfStep(secret, present + off) })).toMatchObject({ is: 'session' })
})

test('while time is ahead of a clock that was set back, a telephone’s code is still the one of its own time', async () => {
  const secret = await enrolled()
  await store.passes(seconds(300))
  await store.sql(`update clock_kept set at = machine_now(), ahead = '10 minutes'`)
  expect(await enter({ code: codeOfStep(secret, step + 10) })).toMatchObject({ is: 'session' })
  await store.sql('update clock_kept set at = null, ahead = null')
})

test('until it is confirmed each log-in tells another secret, and only the last one counts', async () => {
  const [first, second] = [told(await enter()), told(await enter())]
  expect(second).not.toEqual(first)
  await expect(enter({ code: codeOfStep(first, step) })).rejects.toMatchObject(wrong)
  expect(await enter({ code: codeOfStep(second, step) })).toMatchObject({ is: 'session' })
})

test('five wrong codes close the account to this address for a minute, however often the password is right', async () => {
  const secret = await enrolled()
  await store.passes(seconds(30))
  const code = codeOfStep(secret, step + 1)
  for (let i = 0; i < 5; i++) {
    await expect(enter({ code: '000000' })).rejects.toMatchObject(wrong)
    await enter()
  }
  await expect(enter({ code })).rejects.toMatchObject({ code: 'too-many-requests', detail: { waitS: 60 } })
  expect(await enter({ code }, { ip: '10.0.0.2', agent: 'another seat' })).toMatchObject({ is: 'session' })
  await clock.pass(seconds(60))
  await store.passes(seconds(60))
  expect(await enter({ code: codeOfStep(secret, step + 3) })).toMatchObject({ is: 'session' })
})

test('after a reset the old authenticator is worth nothing, and the next log-in sets up another', async () => {
  const old = await enrolled()
  expect(await resetSecondFactor(database, keeper, 'li')).toEqual({ is: 'changed', changed: ['secondFactor'] })
  expect(await resetSecondFactor(database, keeper, 'li')).toEqual({ is: 'unchanged' })
  expect(await store.sql('select 1 from session where ended_at is null')).toEqual([])
  await expect(enter({ code: codeOfStep(old, step + 1) })).rejects.toMatchObject(wrong)
  expect(told(await enter())).not.toEqual(old)
})

test('the secret is in no row as it is, is read by no person, and moved to another account it opens nothing', async () => {
  const secret = await enrolled()
  const [row] = await store.sql<{ sealed: Buffer; person: string }>('select * from second_factor')
  expect(row?.sealed.includes(Buffer.from(secret))).toBe(false)
  const [person] = await store.sql<{ id: string }>(`select id from person where username = 'chen'`)
  const admin = { kind: 'person', person: person?.id, name: '', session: 's', role: 'admin', centre: 'east' } as Actor
  expect([await seen(admin), await seen(keeper.actor)]).toEqual([[], [{ '?column?': 1 }]])
  await store.sql('insert into second_factor select $1, sealed, sealed_by, created_at, 0 from second_factor', [
    person?.id,
  ])
  await store.sql('update person set second_factor_since = app_now() where id = $1', [person?.id])
  await expect(enter({ username: 'chen', code: codeOfStep(secret, step + 1) })).rejects.toThrow(/another key/)
})

test('a server with another key says so and lets nobody in; it takes no code for wrong', async () => {
  const secret = await enrolled()
  people = peopleOf(database, clock, randomBytes(32).toString('base64url'))
  const code = codeOfStep(secret, step + 1)
  for (let i = 0; i < 6; i++) await expect(enter({ code })).rejects.toMatchObject({ code: 'config-malformed' })
  people = peopleOf(database, clock)
  expect(await enter({ code })).toMatchObject({ is: 'session' })
})

test('who set it up, and from where, is in the audit; the secret is not', async () => {
  await store.sql('delete from audit')
  const secret = await enrolled()
  await store.passes(seconds(30))
  await enter({ code: codeOfStep(secret, step + 1) })
  const rows = await store.sql('select name, role, action, changed, ip, agent from audit')
  expect(rows).toEqual([
    { name: 'li', role: 'operator', action: 'account.changed', changed: ['secondFactor'], ...desk },
  ])
})
