import { Account, AccountList, OneTimePassword } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { peopleOf } from '../../../tests/harness/people.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import { createMetrics } from '../metrics.ts'
import { createManagedAccounts } from '../people/managed-accounts.ts'
import { hashPassword } from '../people/secrets.ts'
import { mayManage } from '../policy/table.ts'
import type { Database } from '../ports.ts'
import { accountRoutes } from './account-routes.ts'
import { createHttp } from './http.ts'
import { sessionCookieOf } from './session.ts'
import { sessionRoutes } from './session-routes.ts'

const password = 'six sleepy herons'
let store: TestDatabase
let database: Database
let http: FastifyInstance
beforeAll(async () => {
  store = await freshDatabase()
  await store.sql(`insert into centre values ('east', 'East')`)
  await store.sql(
    `insert into person (id, centre, username, name, role, password, second_factor_exempt)
     select id, 'east', id, id, id, $1, true from unnest('{supervisor,operator}'::text[]) as id`,
    [await hashPassword(password)],
  )
  const log = pino({ level: 'silent' })
  database = openDatabase({ url: store.url, clock: systemClock, random: systemRandom, log })
  const people = peopleOf(database, systemClock)
  const cookie = sessionCookieOf('http://127.0.0.1:8080')
  const accounts = createManagedAccounts({ database, clock: systemClock, random: systemRandom, people, mayManage })
  http = await createHttp({
    log,
    database,
    people,
    cookie,
    readiness: [],
    metrics: createMetrics(),
    routes: [sessionRoutes(people, cookie), accountRoutes(accounts)],
  })
})
afterAll(async () => {
  await http.close()
  await database.close()
  await store.drop()
})

async function as(username: string) {
  const { cookies } = await http.inject({ method: 'POST', url: '/api/v1/session', payload: { username, password } })
  return async (method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, key?: string) => {
    const answer = await http.inject({
      method,
      url: `/api/v1/accounts${url}`,
      cookies: { anju_session: cookies[0]?.value ?? '' },
      headers: key ? { 'idempotency-key': key } : {},
      ...(payload && { payload }),
    })
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() }
  }
}
const wrongIn = (schema: TSchema, value: unknown) => [...Compile(schema).Errors(value)]

test('every answer is as described, each look and change is written down, and no password that was told is kept', async () => {
  const ask = await as('supervisor')
  const list = await ask('GET', '')
  expect([list.status, wrongIn(AccountList, list.body)]).toEqual([200, []])
  const added = await ask('POST', '', { username: 'chen', name: 'Chen', role: 'operator' }, 'add-1')
  expect([added.status, wrongIn(OneTimePassword, added.body)]).toEqual([201, []])
  const { id } = added.body['account'] as { id: string }
  const reset = await ask('POST', `/${id}/reset-password`, {}, 'reset-1')
  expect([reset.status, wrongIn(OneTimePassword, reset.body)]).toEqual([200, []])
  // The same once more tells another, which counts.
  const again = await ask('POST', `/${id}/reset-password`, {}, 'reset-1')
  const payload = { username: 'chen', password: again.body['password'] }
  const entering = await http.inject({ method: 'POST', url: '/api/v1/session', payload })
  expect(entering.json()).toEqual({ newPassword: 'required' })
  for (const act of ['lock', 'unlock', 'reset-second-factor']) {
    const done = await ask('POST', `/${id}/${act}`, {}, act)
    expect([act, done.status, wrongIn(Account, done.body)]).toEqual([act, 200, []])
  }
  const changed = await ask('PATCH', `/${id}`, { role: 'installer' }, 'change-1')
  expect(changed).toMatchObject({ status: 200, body: { role: 'installer' } })
  const kept = JSON.stringify([await store.sql('select * from idempotency'), await store.sql('select * from audit')])
  for (const told of [added, reset, again]) expect(kept).not.toContain(told.body['password'])
  const written = await store.sql<{ action: string; subjects: string[] }>(
    `select action, subjects from audit where role = 'supervisor' and subjects @> array[$1::text] order by id`,
    [id],
  )
  expect(written.map(({ action }) => action)).toEqual([
    'account.added',
    'account.changed',
    'POST /api/v1/accounts',
    'account.changed',
    'POST /api/v1/accounts/:id/reset-password',
    'account.changed',
    'POST /api/v1/accounts/:id/reset-password',
    'account.locked',
    'POST /api/v1/accounts/:id/lock',
    'account.unlocked',
    'POST /api/v1/accounts/:id/unlock',
    'POST /api/v1/accounts/:id/reset-second-factor',
    'account.changed',
    'PATCH /api/v1/accounts/:id',
  ])
})

test('what is refused says why by its code', async () => {
  const [boss, li] = [await as('supervisor'), await as('operator')]
  const refused = async (asked: ReturnType<typeof boss>) => {
    const { status, body } = await asked
    return [status, body['code']]
  }
  const add = { username: 'operator', name: 'x', role: 'operator' }
  expect(await refused(li('GET', ''))).toEqual([403, 'forbidden'])
  expect(await refused(li('POST', '/supervisor/lock', {}))).toEqual([403, 'forbidden'])
  expect(await refused(boss('POST', '/supervisor/lock', {}))).toEqual([409, 'own-account'])
  expect(await refused(boss('POST', '/nobody/lock', {}))).toEqual([404, 'person-unknown'])
  expect(await refused(boss('POST', '', add))).toEqual([409, 'username-taken'])
  expect(await refused(boss('POST', '', { ...add, username: 'x1', role: 'admin' }))).toEqual([403, 'forbidden'])
  expect(await refused(boss('POST', '', { ...add, username: 'X 1' }))).toEqual([400, 'request-malformed'])
  expect(await refused(boss('PATCH', '/operator', { password: 'x' }))).toEqual([400, 'request-malformed'])
})
