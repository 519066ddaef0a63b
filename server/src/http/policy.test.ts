import { once } from 'node:events'
import type { CentreId, PersonId, SessionId } from '@anju/contract'
import { DomainError } from '@anju/contract'
import type { Role } from '@anju/contract/api'
import fastify, { type RouteOptions } from 'fastify'
import { beforeEach, expect, test } from 'vitest'
import type { Identity, People } from '../people/people.ts'
import { POLICY, type PolicyName } from '../policy/table.ts'
import type { Database, Transaction } from '../ports.ts'
import { errors } from './errors.ts'
import { policy } from './policy.ts'
import { session, sessionCookieOf } from './session.ts'

const identity = (role: Role): Identity => ({
  actor: {
    kind: 'person',
    person: role as string as PersonId,
    name: role,
    session: `s-${role}` as SessionId,
    role,
    centre: 'east' as CentreId,
  },
  home: null,
  person: {
    personId: role,
    username: role,
    name: role,
    role,
    session: 's',
    centre: { id: 'east', name: 'East' },
    demo: true,
    seat: null,
  },
})
/** The secret is the role. */
const people = {
  identify: async (secret: string) => (secret in roles ? identity(secret as Role) : undefined),
} as People
const roles: Record<Role, true> = { operator: true, supervisor: true, installer: true, family: true, admin: true }

let audited: unknown[][]
let storeAway = false
/** What those who live in the relative's home have said. */
let said: { readonly given: readonly string[]; readonly withdrawn: readonly string[] }[] = []
const database = {
  async transaction<T>(_actor: unknown, work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (storeAway) throw new DomainError('store-unavailable', 'away')
    return work({
      query: async <T>(_text: string, values: readonly unknown[] = [], name?: string) => {
        if (name === 'agreement') return [{ removed: false, words: said }] as T[]
        audited.push([...values])
        return []
      },
      beforeCommit: () => undefined,
      afterCommit: () => undefined,
      unlocksEarly: () => undefined,
    })
  },
} as unknown as Database

async function serverWith(...routes: RouteOptions[]) {
  const server = fastify()
  await server.register(errors)
  await server.register(session, { people, cookie: sessionCookieOf('http://127.0.0.1:8080') })
  await server.register(policy, { database })
  for (const route of routes) server.route(route)
  return server
}
const get = (row: PolicyName, reads: RouteOptions['config'] = {}): RouteOptions => ({
  method: 'GET',
  url: '/api/v1/thing/:id',
  config: { policy: row, reads: [], ...reads },
  handler: async (request) => {
    request.looksAt = ['home-1']
    request.lookPurpose = 'alarm A'
    return { secretOf: 'home-1' }
  },
})
const as = (role: string, more: Record<string, string> = {}) => ({
  method: 'GET' as const,
  url: '/api/v1/thing/1',
  headers: { cookie: `anju_session=${role}`, 'user-agent': 'a seat', ...more },
})

beforeEach(() => {
  audited = []
  storeAway = false
  said = [{ given: ['daily-state'], withdrawn: [] }]
})

test.for([
  [{}, /names no row of the policy table/],
  [{ policy: 'alarm.burn' as PolicyName, reads: [] }, /names no row/],
  [{ policy: 'alarm.read' as const }, /does not say which personal fields/],
  [{ policy: 'alarm.read' as const, reads: ['shoe-size' as never] }, /"shoe-size", which is no personal field/],
] as const)('a route with %j does not register', async ([config, why]) => {
  const { config: _, ...route } = get('alarm.read')
  await expect(serverWith({ ...route, config })).rejects.toThrow(why)
})

test.for(Object.keys(POLICY) as PolicyName[])('%s lets in exactly the roles of its row', async (row) => {
  const server = await serverWith(get(row))
  const statuses = await Promise.all(
    Object.keys(roles).map(async (role) => [role, (await server.inject(as(role))).statusCode] as const),
  )
  const open = POLICY[row].scope === 'public'
  const allowed: readonly string[] = POLICY[row].roles
  expect(statuses).toEqual(statuses.map(([role]) => [role, open || allowed.includes(role) ? 200 : 403]))
  const stranger = await server.inject({ method: 'GET', url: '/api/v1/thing/1' })
  expect(stranger.statusCode).toBe(open ? 200 : 401)
})

test.for([
  ['home.read', [], 'daily-state'],
  ['home.read', [{ given: [], withdrawn: [] }], 'daily-state'],
  ['alarm.read', [{ given: ['daily-state'], withdrawn: ['alarm'] }], 'alarm'],
  ['alarm.answer', [{ given: [], withdrawn: ['alarm'] }], 'alarm'],
] as const)('%s tells a relative nothing where those who live there said %j', async ([row, words, purpose]) => {
  said = [...words]
  const server = await serverWith(get(row, { reads: ['resident.name'] }))
  const answer = await server.inject(as('family'))
  expect({ status: answer.statusCode, ...answer.json() }).toMatchObject({
    status: 403,
    code: 'consent-missing',
    purpose,
  })
  expect(answer.body).not.toContain('secretOf')
  expect(audited).toEqual([])
  // Whoever works for the centre is not asked about.
  const role = POLICY[row].roles.find((one) => one !== 'family') ?? 'family'
  expect((await server.inject(as(role))).statusCode).toBe(role === 'family' ? 403 : 200)
})

test('who read what of whom, why and from where is written before the answer leaves', async () => {
  const server = await serverWith(get('home.read', { reads: ['resident.name', 'home.address'] }))
  const answer = await server.inject(as('operator'))
  expect(answer.statusCode).toBe(200)
  expect(audited).toEqual([
    [
      'east',
      'operator',
      'operator',
      's-operator',
      'operator',
      'GET /api/v1/thing/:id',
      ['resident.name', 'home.address'],
      ['home-1'],
      'alarm A',
      '127.0.0.1',
      'a seat',
    ],
  ])
})

test('a caller who hangs up before the answer is audited too', async () => {
  const route = get('home.read', { reads: ['resident.name'] })
  let answered: (() => void) | undefined
  const gone = new Promise<void>((resolve) => {
    answered = resolve
  })
  const server = await serverWith({
    ...route,
    handler: async (request) => {
      // The socket forgets its address the moment it is closed.
      request.raw.socket.destroy()
      await once(request.raw.socket, 'close')
      return { secretOf: 'home-1' }
    },
  })
  server.addHook('onSend', async () => answered?.())
  const url = await server.listen({ port: 0, host: '127.0.0.1' })
  await expect(fetch(`${url}/api/v1/thing/1`, { headers: { cookie: 'anju_session=operator' } })).rejects.toThrow(
    'fetch',
  )
  await gone
  await server.close()
  expect(audited.map((row) => row[9])).toEqual(['gone'])
})

test('an answer whose audit cannot be written does not leave', async () => {
  const server = await serverWith(get('home.read', { reads: ['resident.name'] }))
  storeAway = true
  const answer = await server.inject(as('operator'))
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({ code: 'store-unavailable' })
  expect(answer.body).not.toContain('secretOf')
})

test('a refusal reads nothing, and is no look', async () => {
  const server = await serverWith({
    ...get('home.read', { reads: ['resident.name'] }),
    handler: async () => {
      throw new DomainError('home-unknown', 'there is no such home')
    },
  })
  expect((await server.inject(as('operator'))).statusCode).toBe(404)
  expect(audited).toEqual([])
})

const post = (): RouteOptions => ({ ...get('alarm.handle'), method: 'POST' })
test.for([
  [{}, 200],
  [{ origin: 'http://localhost:8080' }, 200],
  [{ origin: 'http://evil.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
] as const)('a command with %j is answered %d', async ([headers, status]) => {
  const server = await serverWith(post())
  const answer = await server.inject({ ...as('operator', { host: 'localhost:8080', ...headers }), method: 'POST' })
  expect(answer.statusCode).toBe(status)
})

test('a program’s bearer token needs no origin and no cookie', async () => {
  const server = await serverWith(post())
  const headers = { authorization: 'Bearer operator', origin: 'http://elsewhere.example' }
  expect((await server.inject({ method: 'POST', url: '/api/v1/thing/1', headers })).statusCode).toBe(200)
  expect(
    (await server.inject({ method: 'POST', url: '/api/v1/thing/1', headers: { authorization: 'Bearer x' } }))
      .statusCode,
  ).toBe(401)
})
