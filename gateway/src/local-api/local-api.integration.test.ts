import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aTestGateway, type TestGateway } from '../testing/gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await aTestGateway('mqtt://127.0.0.1:1')
})
afterEach(() => gateway.stop())

function ask(
  path: string,
  { host, method = 'GET' }: { host?: string; method?: string } = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const port = gateway.running.httpPort
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers: { host: host ?? `127.0.0.1:${port}` } },
      (answer) => {
        let body = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => (body += part))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

test('the status tells backlog, links, devices and the last press with its ladder', async () => {
  await gateway.press(await gateway.device())
  const { status, body } = await ask('/api/status')
  expect(status).toBe(200)
  expect(JSON.parse(body)).toMatchObject({
    gateway: 'gw-test',
    boot: 1,
    queue: { life: 1, technical: 0 },
    clock: { synced: true },
    links: [
      { id: 'uplink', state: 'down' },
      { id: 'broker', state: 'up' },
    ],
    devices: [{ id: 'sos-1', state: 'heard', readings: [{ point: 'battery', value: 80, unit: '%EL' }] }],
    presses: [
      { type: 'sos-pressed', placement: 'bathroom-sos', settled: false, ladder: [{ rung: 'L0' }, { rung: 'L1' }] },
    ],
  })
})

test('the page and what it needs come from the gateway itself, under a policy that lets nothing else in', async () => {
  const page = await ask('/')
  expect(page.headers['content-security-policy']).toContain("default-src 'self'")
  const needed = [...page.body.matchAll(/(?:src|href)="([^"?]+)"/g)]
    .map(([, path]) => path ?? '')
    .filter((path) => path.startsWith('/'))
  expect(needed.sort()).toEqual(['/page.css', '/page.js'])
  for (const path of needed) expect((await ask(path)).status).toBe(200)
  expect(page.body).not.toMatch(/https?:/)
})

test.for(['evil.example', 'evil.example:8081', '127.0.0.1.evil.example', '192.168.1.5'])(
  'a request for the host "%s" is refused',
  async (host) => {
    expect((await ask('/api/status', { host })).status).toBe(421)
  },
)

test.for(['localhost', 'localhost:8081', '[::1]:8081', '127.0.0.1'])(
  'a request for the host "%s" is answered',
  async (host) => {
    expect((await ask('/api/status', { host })).status).toBe(200)
  },
)

test('it only reads, and knows no other page', async () => {
  expect((await ask('/api/status', { method: 'POST' })).status).toBe(405)
  expect((await ask('/../config.ts')).status).toBe(404)
  expect((await ask('/page.js/../../server.ts')).status).toBe(404)
})
