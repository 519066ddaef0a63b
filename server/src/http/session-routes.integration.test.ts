import { Enrolment, type Problem, RecoveryCodesAnswer, SessionAnswer } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import type { FastifyInstance } from 'fastify'
import { Secret } from 'otpauth'
import { pino } from 'pino'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountsOf } from '../../../tests/harness/people.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import { createMetrics } from '../metrics.ts'
import { hashPassword } from '../people/secrets.ts'
import { codeOfStep } from '../people/totp.ts'
import type { Database } from '../ports.ts'
import { createHttp } from './http.ts'
import { ownAccountRoutes } from './own-account-routes.ts'
import { sessionCookieOf } from './session.ts'
import { sessionRoutes } from './session-routes.ts'

const password = 'six sleepy herons'
let store: TestDatabase
let database: Database
let http: FastifyInstance
let https: FastifyInstance
beforeAll(async () => {
  store = await freshDatabase()
  await store.standsAt('2026-11-26T02:10:15Z')
  await store.sql(`insert into centre values ('east', 'East')`)
  await store.sql(
    `insert into person (id, centre, username, name, role, password)
     select id, 'east', id, id, 'operator', $1 from unnest('{li,chen,na,wu}'::text[]) as id`,
    [await hashPassword(password)],
  )
  const log = pino({ level: 'silent' })
  database = openDatabase({ url: store.url, clock: systemClock, random: systemRandom, log })
  http = await reachedAt('http://127.0.0.1:8080')
  https = await reachedAt('https://anju.example.org')
})
/** A server that people reach at this address, whoever ends the TLS. */
async function reachedAt(publicUrl: string): Promise<FastifyInstance> {
  const { people, own } = accountsOf(database, systemClock)
  const cookie = sessionCookieOf(publicUrl)
  return createHttp({
    log: pino({ level: 'silent' }),
    database,
    people,
    cookie,
    readiness: [],
    metrics: createMetrics(),
    routes: [sessionRoutes(people, cookie), ownAccountRoutes(own)],
  })
}
afterAll(async () => {
  await https.close()
  await http.close()
  await database.close()
  await store.drop()
})

async function post(payload: object, to = http) {
  const answer = await to.inject({ method: 'POST', url: '/api/v1/session', payload })
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
  expect([...Compile(SessionAnswer).Errors(entered.body)]).toEqual([])
  const { recoveryCodes } = entered.body as { recoveryCodes: string[] }
  expect(recoveryCodes).toHaveLength(10)
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

const named = async (server: FastifyInstance) =>
  (await server.inject('/api/openapi.json')).json<{
    components: { securitySchemes: { session: { name: string } } }
  }>().components.securitySchemes.session.name

describe('the cookie', () => {
  beforeAll(() => store.sql(`update person set second_factor_exempt = true where username = 'wu'`))
  const kept = { httpOnly: true, sameSite: 'Strict', path: '/' }
  const takenBack = ['__Host-anju_session', 'anju_session'].map((name) => ({
    name,
    value: '',
    expires: new Date(0),
    maxAge: 0,
    secure: true,
    ...kept,
  }))

  test('goes over HTTPS only and to this very host, where the page is reached by HTTPS; what takes it back matches', async () => {
    const { cookies } = await post({ username: 'wu', password }, https)
    expect(cookies).toEqual([
      {
        name: '__Host-anju_session',
        value: expect.stringMatching(/^[\w-]{43}$/),
        maxAge: 43_200,
        secure: true,
        ...kept,
      },
    ])
    const value = cookies[0]?.value ?? ''
    const ask = (name: string, method: 'GET' | 'DELETE' = 'GET') =>
      https.inject({ method, url: '/api/v1/session', cookies: { [name]: value } })
    expect((await ask('__Host-anju_session')).statusCode).toBe(200)
    const out = await ask('__Host-anju_session', 'DELETE')
    expect(out.cookies).toEqual(takenBack)
    expect((await ask('__Host-anju_session')).statusCode).toBe(401)
  })

  test('of before HTTPS was named is good until the log-out, so nobody is put out by that; the one of this host counts before it', async () => {
    const before = (await post({ username: 'wu', password })).cookies[0]?.value ?? ''
    const later = (await post({ username: 'wu', password }, https)).cookies[0]?.value ?? ''
    const ask = (cookies: Record<string, string>, method: 'GET' | 'DELETE' = 'GET') =>
      https.inject({ method, url: '/api/v1/session', cookies })
    expect((await ask({ anju_session: before })).statusCode).toBe(200)
    // What a neighbour of the domain puts beside it changes nothing.
    expect((await ask({ anju_session: before, '__Host-anju_session': 'x' })).statusCode).toBe(401)
    expect((await ask({ anju_session: 'x', '__Host-anju_session': later })).statusCode).toBe(200)
    const out = await ask({ anju_session: before }, 'DELETE')
    expect([out.statusCode, out.cookies]).toEqual([204, takenBack])
    expect((await ask({ anju_session: before })).statusCode).toBe(401)
    expect((await ask({ '__Host-anju_session': later })).statusCode).toBe(200)
  })

  test('goes in the clear on the machine itself, as a demo does', async () => {
    const { cookies } = await post({ username: 'wu', password })
    expect(cookies).toEqual([{ name: 'anju_session', value: expect.any(String), maxAge: 43_200, ...kept }])
    const out = await http.inject({
      method: 'DELETE',
      url: '/api/v1/session',
      cookies: { anju_session: cookies[0]?.value ?? '' },
    })
    expect(out.cookies).toEqual([{ name: 'anju_session', value: '', expires: new Date(0), maxAge: 0, ...kept }])
  })

  test('is named as it is in the description of the API', async () => {
    expect([await named(http), await named(https)]).toEqual(['anju_session', '__Host-anju_session'])
  })
})

test('one’s own account by HTTP: what is told is as described, what is refused says why by its code', async () => {
  const { body: asked } = await post({ username: 'na', password })
  const { enrolment } = asked as { enrolment: { secret: string } }
  const secret = Secret.fromBase32(enrolment.secret).bytes
  const entered = await post({ username: 'na', password, code: codeOfStep(secret, Math.floor(step)) })
  const cookies = { anju_session: entered.cookies[0]?.value ?? '' }
  const ask = async (method: 'GET' | 'PUT' | 'POST', url: string, payload?: object) => {
    const answer = await http.inject({ method, url: `/api/v1/account${url}`, cookies, ...(payload && { payload }) })
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json<Record<string, unknown>>() }
  }
  const [code] = (entered.body as { recoveryCodes: string[] }).recoveryCodes
  expect(await ask('GET', '')).toEqual({ status: 200, body: { secondFactor: 'enrolled', recoveryCodesLeft: 10 } })
  expect(await ask('POST', '/recovery-codes', { password: 'x', code })).toMatchObject({
    status: 401,
    body: { code: 'credentials-wrong' },
  })
  const made = await ask('POST', '/recovery-codes', { password, code: code?.toUpperCase().replaceAll('-', ' ') })
  expect([...Compile(RecoveryCodesAnswer).Errors(made.body)]).toEqual([])
  const [fresh] = (made.body?.['recoveryCodes'] ?? []) as string[]
  const proposed = await ask('POST', '/second-factor', { password, code: fresh })
  expect([...Compile(Enrolment).Errors(proposed.body)]).toEqual([])
  expect(await ask('POST', '/second-factor/confirm', { code: '000000' })).toMatchObject({
    status: 401,
    body: { code: 'second-factor-wrong' },
  })
  const next = Secret.fromBase32(proposed.body?.['secret'] as string).bytes
  const confirmed = await ask('POST', '/second-factor/confirm', { code: codeOfStep(next, Math.floor(step)) })
  expect([...Compile(RecoveryCodesAnswer).Errors(confirmed.body)]).toEqual([])
  expect(await ask('PUT', '/password', { current: password, password: 'short' })).toMatchObject({
    status: 400,
    body: { code: 'request-malformed', detail: 'password: has fewer than 10 characters' },
  })
  expect(await ask('PUT', '/password', { current: password, password: 'nine calm otters' })).toEqual({
    status: 204,
    body: null,
  })
  expect((await http.inject({ method: 'GET', url: '/api/v1/account' })).statusCode).toBe(401)
})
