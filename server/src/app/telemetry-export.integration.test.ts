import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { anInfluxDouble, type InfluxDouble } from '../../../tests/harness/influx-double.ts'
import { until } from '../../../tests/harness/wait.ts'
import { aTestServer, type TestServer } from './server.fixture.ts'

let influx: InfluxDouble
let server: TestServer
let supervisor: Api
beforeAll(async () => {
  influx = await anInfluxDouble()
  const { url, token, org, bucket } = influx.address
  server = await aTestServer({ INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET: bucket })
  supervisor = await server.as('supervisor')
  await server.data.sql(`insert into centre (id, name) values ('west', 'West')`)
  await server.data.sql(`insert into home (id, centre, name) values ('west-home', 'west', 'Their home')`)
  await server.data.sql(`insert into home (id, centre, name) values ('home-long', 'demo-centre', 'Long')`)
  await write([
    `sample${tags('home-1', 'power')} watts=1.5 ${start}`,
    `absence${tags('home-1', 'power')} watts="no-answer" ${start + 60_000}`,
    `sample${tags('home-1', 'power', 'west')} watts=99 ${start}`,
    ...Array.from(
      { length: longRows },
      (_, index) => `sample${tags('home-long', 'power')} watts=${index} ${start + index}`,
    ),
  ])
})
afterAll(async () => {
  await server.close()
  await influx.end()
})
afterEach(() => {
  influx.always = undefined
})

/** More than the sockets between server and test hold by themselves. */
const longRows = 200_000
const start = Date.parse('2026-03-01T08:00:00Z')
const tags = (home: string, point: string, centre = 'demo-centre') =>
  `,centre=${centre},home=${home},placement=meter,point=${point}`
async function write(lines: readonly string[]): Promise<void> {
  const { url, org, bucket, token } = influx.address
  const query = new URLSearchParams({ org, bucket, precision: 'ms' }).toString()
  const headers = { authorization: `Token ${token}` }
  const answer = await fetch(`${url}/api/v2/write?${query}`, { method: 'POST', headers, body: lines.join('\n') })
  expect(answer.status).toBe(204)
}
const pathOf = (home: string, query: string) => `${server.url}/api/v1/homes/${home}/telemetry?${query}`
const download = (home: string, query: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(pathOf(home, query), { headers: { cookie: supervisor.cookie, 'accept-encoding': 'identity', ...headers } })
const looks = () =>
  server.data.sql<{ person: string; fields: string[]; subjects: string[]; purpose: string }>(
    `select person, fields, subjects, purpose from audit where action = 'GET /api/v1/homes/:id/telemetry' order by id`,
  )
const questions = () => influx.heard.filter(({ call }) => call === 'POST /api/v2/query').length

test('a home comes as a file: its name, its kind, and who took it', async () => {
  const before = (await looks()).length
  const answer = await download('home-1', 'format=csv')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="home-1-telemetry-\d{4}-\d\d-\d\d\.csv"$/,
  )
  expect(answer.headers.get('anju-telemetry-store')).toBe('influxdb')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.text()).toBe(
    [
      'home,placement,point,unit,time_utc,time_local,value,absent',
      'home-1,meter,power,W,2026-03-01T08:00:00.000Z,2026-03-01T16:00:00.000+08:00,1.5,',
      'home-1,meter,power,W,2026-03-01T08:01:00.000Z,2026-03-01T16:01:00.000+08:00,,no-answer',
      '',
    ].join('\r\n'),
  )
  expect((await looks()).slice(before)).toEqual([
    { person: 'supervisor', fields: ['measurement'], subjects: ['home-1'], purpose: 'export csv' },
  ])
})

test('the other formats, and a range that takes its beginning and leaves its end', async () => {
  const range = 'from=2026-03-01T08:00:00Z&to=2026-03-01T08:01:00Z'
  const lines = await download('home-1', `format=line-protocol&${range}`)
  expect((await lines.text()).split('\n').slice(2)).toEqual([`sample${tags('home-1', 'power')} watts=1.5 ${start}`, ''])
  const senml = await download('home-1', `format=senml&${range}`)
  expect(senml.headers.get('content-type')).toBe('application/senml+json')
  expect(await senml.json()).toEqual([{ bn: 'demo-centre/home-1/meter/power', bt: start / 1_000, bu: 'W', v: 1.5 }])
})

test.for([
  ['home-1', 'format=xml', 400, 'request-malformed', /format/],
  ['home-1', '', 400, 'request-malformed', /format/],
  ['home-1', 'format=csv&from=yesterday', 400, 'time-malformed', /^from: /],
  ['home-1', 'format=csv&from=2026-03-01T08:00:00Z&to=2026-03-01T08:00:00Z', 400, 'request-malformed', /from/],
  ['home-1', 'format=csv&every=1h', 400, 'request-malformed', /every/],
  ['west-home', 'format=csv', 404, 'home-unknown', /no such home/],
  ['nowhere', 'format=csv', 404, 'home-unknown', /no such home/],
  ['no%20id', 'format=csv', 400, 'id-malformed', /home id/],
] as const)('%s?%s is %i %s', async ([home, query, status, code, detail]) => {
  const answer = await download(home, query)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ code, detail: expect.stringMatching(detail) })
})

test('who answers for no centre takes no files', async () => {
  for (const account of ['operator', 'installer', 'family']) {
    const who = await server.as(account)
    expect((await who.call('GET', '/homes/home-1/telemetry?format=csv')).status).toBe(403)
  }
})

test('a store that is away is said before the first byte, and nobody has looked', async () => {
  const before = await looks()
  influx.always = 'cut'
  const answer = await download('home-1', 'format=csv')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.headers.get('content-disposition')).toBeNull()
  expect(await answer.json()).toMatchObject({ code: 'telemetry-unavailable' })
  expect(await looks()).toEqual(before)
})

test('without its audit row nothing leaves', async () => {
  await server.data.sql('alter table audit add constraint nobody check (purpose is null) not valid')
  const answer = await download('home-1', 'format=csv')
  await server.data.sql('alter table audit drop constraint nobody')
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('home-1,meter')
})

/** An answer that is read as slowly as the test likes. */
const slowly = (home: string, encoding = 'identity') =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { cookie: supervisor.cookie, 'accept-encoding': encoding }
    httpRequest(pathOf(home, 'format=csv'), { headers }, resolve).on('error', reject).end()
  })

test.for(['identity', 'gzip'])(
  'a store that breaks off in the middle breaks the file off: it cannot be taken for a whole one (%s)',
  async (encoding) => {
    const answer = await slowly('home-long', encoding)
    influx.always = 'cut'
    let bytes = 0
    const end = Array.fromAsync(answer, (chunk: Buffer) => {
      bytes += chunk.length
    })
    await expect(end).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(answer.complete).toBe(false)
    expect(bytes).toBeGreaterThan(0)
  },
)

test('who does not read is not read for; who hangs up ends it, and makes room', async () => {
  const before = questions()
  const answers = await Promise.all([1, 2, 3, 4].map(() => slowly('home-long')))
  const refused = await download('home-1', 'format=csv')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('30')
  await refused.text()
  // 40 pages each, were they read.
  let asked = -1
  await until(
    'no more questions',
    () => {
      const last = asked
      asked = questions()
      return asked === last
    },
    { withinMs: 10_000, everyMs: 300 },
  )
  expect(questions() - before).toBeLessThan(4 * 36)
  for (const answer of answers) answer.destroy()
  // For as many as there were: then each of them has ended, and asks no more.
  const asMany = () => Promise.all(answers.map(() => download('home-1', 'format=csv')))
  await until(
    'there is room',
    async () => {
      const all = await asMany()
      for (const answer of all) await answer.text()
      return all.every(({ status }) => status === 200)
    },
    { withinMs: 10_000 },
  )
  const after = questions()
  await (await download('home-1', 'format=csv')).text()
  const one = questions() - after
  for (const answer of await asMany()) await answer.text()
  expect(questions() - after).toBe(one * 5)
})

test('a long home arrives whole, whatever it is packed in', async () => {
  for (const encoding of ['identity', 'gzip']) {
    const answer = await download('home-long', 'format=csv', { 'accept-encoding': encoding })
    const lines = (await answer.text()).trimEnd().split('\r\n')
    expect(lines).toHaveLength(longRows + 1)
    expect(lines.at(-1)).toContain(`,${longRows - 1},`)
  }
})
