import { afterAll, beforeAll, expect, test } from 'vitest'
import { aServer, type RunningServer } from '../harness/server.ts'

/** The published API as a stranger meets it: every operation the server describes, asked without a session. */
let server: RunningServer
beforeAll(async () => {
  server = await aServer({ quick: true })
})
afterAll(async () => {
  await server.end()
})

interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>
}
const open = new Set([
  'POST /api/v1/session',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  // The secret in the path is the right to answer.
  'GET /api/v1/answers/{secret}',
  'POST /api/v1/answers/{secret}',
  'POST /api/v1/answers/{secret}/shown',
])

test('every operation refuses a stranger, except the few that must not', async () => {
  const description = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as OpenApi
  expect(description.openapi).toMatch(/^3\.1/)
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  )
  expect(operations.length).toBeGreaterThan(20)
  const answered: string[] = []
  for (const { method, path } of operations) {
    const url = `${server.url}${path.replaceAll(/\{[^}]+\}|:\w+/g, 'x')}`
    const { status } = await fetch(url, { method, headers: { origin: server.url }, signal: AbortSignal.timeout(5_000) })
    if (status !== 401 && !open.has(`${method} ${path}`)) answered.push(`${method} ${path}: ${status}`)
  }
  expect(answered).toEqual([])
})

test('the published calls are all there', async () => {
  const { paths } = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as OpenApi
  const has = (method: string, path: string) =>
    Object.entries(paths).some(([key, methods]) => key.replaceAll(/\{[^}]+\}/g, '{}') === path && method in methods)
  const alarmCommands = 'claim renew release start note park contact dispatch close undo-close takeover shown'
    .concat(' offer withdraw-offer decline-offer')
    .split(' ')
  const published: [string, string][] = [
    ['post', '/api/v1/session'],
    ['delete', '/api/v1/session'],
    ['get', '/api/v1/alarms'],
    ['get', '/api/v1/alarms/{}'],
    ...alarmCommands.map((command): [string, string] => ['post', `/api/v1/alarms/{}/${command}`]),
    ['get', '/api/v1/live'],
    ['get', '/api/v1/consoles'],
    ['put', '/api/v1/session/seat'],
    ['get', '/api/v1/session/asked'],
    ['get', '/api/v1/homes'],
    ['get', '/api/v1/homes/{}'],
    ['get', '/api/v1/homes/{}/measurements'],
    ['post', '/api/v1/homes/{}/modes'],
    ['post', '/api/v1/gateways'],
  ]
  expect(published.filter(([method, path]) => !has(method, path)).map((one) => one.join(' '))).toEqual([])
})

test('a command from a page of another origin is refused', async () => {
  const { cookie } = await server.logIn('operator')
  const { status } = await fetch(`${server.url}/api/v1/homes/home-1/modes`, {
    method: 'POST',
    headers: { cookie, origin: 'https://elsewhere.example', 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'away', until: new Date(Date.now() + 3_600_000).toISOString(), reason: 'visit' }),
  })
  expect(status).toBe(403)
})

test('an unknown route is refused and says so by its code', async () => {
  const operator = await server.logIn('operator')
  const { status, body } = await operator.call<{ code: string }>('GET', '/never-written')
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'route-unknown' })
})
