import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../tests/harness/wait.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

let server: TestServer
beforeAll(async () => {
  server = await aTestServer()
})
afterAll(() => server.close())

async function readiness() {
  const answer = await fetch(`${server.url}/readyz`)
  const { parts } = (await answer.json()) as { parts: Record<string, string> }
  return `${answer.status} ${parts['clock']}`
}
const now = async () => {
  const [row] = await server.data.sql<{ now: Date }>('select app_now() as now')
  return row?.now.getTime() ?? 0
}

test('a database whose clock is set back: the server says so, has time go on, and is ready for every press', async () => {
  await server.data.sql(`update clock_seen set at = '2020-01-01'`)
  const looked = () => server.data.sql(`select from clock_seen where at > '2020-01-01'`)
  await until('a look', async () => (await looked()).length > 0, { withinMs: 5_000 })
  expect(await readiness()).toBe('200 ok')
  const before = await now()
  // By its own machine: whoever opened an alarm a moment ago would wait ten minutes more.
  await server.data.passes(-600_000)
  await until('the server to notice', async () => (await readiness()) === '200 degraded', { withinMs: 5_000 })
  expect(await now()).toBeGreaterThanOrEqual(before)
  await server.data.passes(600_000)
  await until('the clock to be right again', async () => (await readiness()) === '200 ok', { withinMs: 20_000 })
})
