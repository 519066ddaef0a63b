import type { ActivityAnswer, GapAnswer, LatestAnswer, MeasurementAnswer } from '@anju/contract/api'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aTestServer, type TestServer } from './server.fixture.ts'

const minute = 60_000
let server: TestServer
/** The beginning of an hour of the home (its zone has whole ones), a day ago. */
const start = Math.floor((Date.now() - 24 * 60 * minute) / (60 * minute)) * 60 * minute
/** The minutes in which the meter gives no answer. */
const gone = (index: number) => index >= 30 && index < 50
beforeAll(async () => {
  server = await aTestServer()
  const gateway = await server.aGateway('home-1')
  // An hour: somebody at twenty past, no answer from half past to ten to.
  const minutes = Array.from({ length: 60 }, (_, index) => index)
  const message = {
    id: ulid(),
    boot: 1,
    seq: 1,
    pendingFrom: 1,
    sentAt: new Date().toISOString(),
    series: [
      {
        p: 'meter/voltage',
        u: 'V',
        t0: start,
        dt: minutes.map((index) => index * minute),
        v: minutes.map((index) => (gone(index) ? null : Number(index >= 20))),
        absent: Object.fromEntries(minutes.filter(gone).map((index) => [index, 'no-answer'])),
      },
    ],
  }
  await gateway.publish('telemetry', JSON.stringify(message))
  await gateway.receipted(message.id)
})
afterAll(() => server.close())

const at = (minutes: number) => new Date(start + minutes * minute).toISOString()
const point = 'placement=meter&point=voltage'

test('a home says what each of its points said last', async () => {
  const { status, body } = await server.operator.call<LatestAnswer>('GET', '/homes/home-1/latest')
  expect(status).toBe(200)
  expect(body.items).toEqual([{ placement: 'meter', point: 'voltage', unit: 'V', t: at(59), value: 1, absent: null }])
})

test('an hour of the day says how often something changed, of what was heard', async () => {
  const path = `/homes/home-1/activity?${point}&from=${at(0)}&to=${at(60)}`
  const { status, body } = await server.operator.call<ActivityAnswer>('GET', path)
  expect(status).toBe(200)
  expect(body.items).toHaveLength(24)
  expect(body.items.filter(({ steps }) => steps > 0)).toEqual([
    { hour: expect.any(Number), steps: 12, heard: 8, active: 1, samples: 40 },
  ])
  const quiet = await server.operator.call<ActivityAnswer>('GET', `${path}&leastChange=1`)
  expect(quiet.body.items.reduce((sum, { active }) => sum + active, 0)).toBe(0)
})

test.for([
  ['1h', at(20), at(60)],
  ['5m', at(20), at(60)],
  ['60s', at(22), at(58)],
  ['0', at(22), at(58)],
] as const)('with steps of %s the answer names the range that it tells of', async ([every, from, to]) => {
  const path = `/homes/home-1/measurements?${point}&from=${at(22)}&to=${at(58)}&every=${every}`
  const { body } = await server.operator.call<MeasurementAnswer>('GET', path)
  expect(body).toMatchObject({ from, to })
  const told = body.items.reduce((sum, { count }) => sum + count, 0)
  const heard = Array.from({ length: 60 }, (_, index) => index).filter((index) => !gone(index))
  expect(told).toBe(heard.filter((index) => at(index) >= from && at(index) < to).length)
})

test('a gap says from when, until when, and why', async () => {
  const path = `/homes/home-1/gaps?${point}&from=${at(0)}&to=${at(60)}&longerThan=5m`
  const { status, body } = await server.operator.call<GapAnswer>('GET', path)
  expect(status).toBe(200)
  expect(body).toMatchObject({ unit: 'V', longerThanS: 300, items: [{ from: at(29), to: at(50), why: 'no-answer' }] })
})

test('each look is in the audit, with whom it was about', async () => {
  const looks = await server.data.sql<{ action: string; fields: string[]; subjects: string[] }>(
    `select distinct action, fields, subjects from audit where action ~ '(latest|activity|gaps)$' and person = 'operator'`,
  )
  expect(looks).toHaveLength(3)
  for (const { fields, subjects } of looks) expect([fields, subjects]).toEqual([['measurement'], ['home-1']])
})

test.for(
  ['measurements', 'activity', 'gaps'].flatMap((what) => [
    [what, 'from=yesterday', 'time-malformed', /^from: /] as const,
    [what, 'to=2026-02-30T00:00:00Z', 'time-malformed', /^to: /] as const,
    [what, 'from=2026-03-01T08:00:00Z&to=2026-03-01T08:00:00Z', 'request-malformed', /^from: /] as const,
  ]),
)('%s?%s is %s, by the name of the field', async ([what, range, code, detail]) => {
  const answer = await server.operator.call('GET', `/homes/home-1/${what}?${point}&${range}`)
  expect(answer).toMatchObject({ status: 400, body: { code, detail: expect.stringMatching(detail) } })
})

test.for([
  ['operator', '/homes/nowhere/latest', 404, 'home-unknown'],
  ['operator', '/homes/home-1/latest?at=now', 400, 'request-malformed'],
  ['operator', '/homes/home-1/gaps?placement=attic&point=voltage', 404, 'placement-unknown'],
  ['operator', `/homes/home-1/gaps?${point}&longerThan=0`, 400, 'request-malformed'],
  ['operator', `/homes/home-1/gaps?${point}&longerThan=59s`, 400, 'request-malformed'],
  ['operator', `/homes/home-1/gaps?${point}&longerThan=soon`, 400, 'request-malformed'],
  ['operator', `/homes/home-1/gaps?${point}&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z`, 422, 'range-too-long'],
  ['operator', `/homes/home-1/activity?${point}&from=2020-01-01T00:00:00Z`, 422, 'range-too-long'],
  ['operator', `/homes/home-1/activity?${point}&leastChange=-1`, 400, 'request-malformed'],
  ['operator', '/homes/home-1/activity?placement=attic&point=voltage', 404, 'placement-unknown'],
  ['family', '/homes/home-1/latest', 403, 'forbidden'],
  ['family', `/homes/home-1/activity?${point}`, 403, 'forbidden'],
] as const)('%s GET %s → %i %s', async ([who, path, status, code]) => {
  const api = await server.as(who)
  expect(await api.call('GET', path)).toMatchObject({ status, body: { code } })
})
