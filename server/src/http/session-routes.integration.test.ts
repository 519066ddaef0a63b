import { type Problem, SessionAnswer } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import type { FastifyInstance } from 'fastify'
import { Secret } from 'otpauth'
import { pino } from 'pino'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { peopleOf } from '../../../tests/harness/people.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import { createMetrics } from '../metrics.ts'
import { hashPassword } from '../people/secrets.ts'
import { codeOfStep } from '../people/totp.ts'
import type { Database } from '../ports.ts'
import { createHttp } from './http.ts'
import { sessionRoutes } from './session-routes.ts'

const password = 'six sleepy herons'
let store: TestDatabase
let database: Database
let http: FastifyInstance
beforeAll(async () => {
  store = await freshDatabase()
  await store.standsAt('2026-11-26T02:10:15Z')
  await store.sql(`insert into centre values ('east', 'East')`)
  await store.sql(
    `insert into person (id, centre, username, name, role, password)
     select id, 'east', id, id, 'operator', $1 from unnest('{li,chen}'::text[]) as id`,
    [await hashPassword(password)],
  )
  const log = pino({ level: 'silent' })
  database = openDatabase({ url: store.url, clock: systemClock, random: systemRandom, log })
  const people = peopleOf(database, systemClock)
  http = await createHttp({
    log,
    database,
    people,
    readiness: [],
    metrics: createMetrics(),
    routes: [sessionRoutes(people, false)],
  })
})
afterAll(async () => {
  await http.close()
  await database.close()
  await store.drop()
})

async function post(payload: object) {
  const answer = await http.inject({ method: 'POST', url: '/api/v1/session', payload })
  return { status: answer.statusCode, cookies: answer.cookies, headers: answer.headers, body: answer.json<unknown>() }
}
const step = Date.parse('2026-11-26T02:10:15Z') / 30_000

test('a password alone is answered with mfa, at first with what to enrol, and never with a cookie', async () => {
  const first = await post({ username: 'li', password })
  expect([...Compile(SessionAnswer).Errors(first.body)]).toEqual([])
  expect(first).toMatchObject({ status: 201, cookies: [], body: { mfa: 'required', enrolment: {} } })
  expect(first.headers['cache-control']).toBe('no-store')
  const { enrolment } = first.body as { enrolment: { secret: string; uri: string } }
  const code = codeOfStep(Secret.fromBase32(enrolment.secret).bytes, Math.floor(step))

  const entered = await post({ username: 'li', password, code })
  expect(entered).toMatchObject({ status: 201, body: { username: 'li' }, cookies: [{ name: 'anju_session' }] })
  expect(await post({ username: 'li', password })).toMatchObject({ status: 201, cookies: [] })
  expect((await post({ username: 'li', password })).body).toEqual({ mfa: 'required' })
})

test('what is refused says why by its code', async () => {
  const codeOf = async (payload: object) => {
    const { status, body, cookies } = await post(payload)
    return [status, (body as Problem).code, cookies]
  }
  await post({ username: 'chen', password })
  expect(await codeOf({ username: 'chen', password, code: '000000' })).toEqual([401, 'second-factor-wrong', []])
  expect(await codeOf({ username: 'chen', password: 'x', code: '000000' })).toEqual([401, 'credentials-wrong', []])
  expect(await codeOf({ username: 'chen', password, code: 123_456 })).toEqual([400, 'request-malformed', []])
  await store.sql(`update person set locked_at = app_now() where username = 'chen'`)
  expect(await codeOf({ username: 'chen', password })).toEqual([403, 'account-locked', []])
})
