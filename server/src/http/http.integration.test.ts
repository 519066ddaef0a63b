import {
  AlarmCommandAnswer,
  AlarmDetail,
  AlarmList,
  type Home,
  HomeDetail,
  Person,
  type Problem,
  RevealAnswer,
} from '@anju/contract/api'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, logIn } from '../../../tests/harness/api.ts'
import { aServer, demoPassword, type RunningServer } from '../../../tests/harness/server.ts'

let server: RunningServer
let li: Api
let chen: Api
beforeAll(async () => {
  server = await aServer({ quick: true })
  ;[li, chen] = await Promise.all([server.logIn('operator'), server.logIn('operator2')])
})
afterAll(() => server.end())

/** An alarm as if its event had come in: the way in has tests of its own. */
async function anAlarm(): Promise<string> {
  const id = `01${Array.from({ length: 24 }, () => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[Math.floor(Math.random() * 32)]).join('')}`
  await server.cluster.query(
    `insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since,
       occurrences, recent_at, stuck, first_at, last_at, received_at, late_by_ms, test, l2)
     select $1, 'demo-centre', 'home-1', $2, 'sos-pressed', 'life', 'active', 'new', 1, 0, false, now,
       1, '[]', false, now, now, now, 0, false, now from (select app_now() as now) as clock`,
    [id, `place-${id.toLowerCase()}`],
  )
  return id
}
const answersAs = (schema: TSchema, value: unknown) =>
  [...Compile(schema).Errors(value)].map(({ instancePath, message }) => `${instancePath} ${message}`)

test('what is answered is what the contract says', async () => {
  const id = await anAlarm()
  const [session, list, home] = await Promise.all([
    li.call('GET', '/session'),
    li.call('GET', '/alarms'),
    li.call('GET', '/homes/home-1'),
  ])
  expect(answersAs(Person, session.body)).toEqual([])
  expect(answersAs(AlarmList, list.body)).toEqual([])
  expect(answersAs(HomeDetail, home.body)).toEqual([])
  const claimed = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`)
  expect(answersAs(AlarmCommandAnswer, claimed.body)).toEqual([])
  const detail = await li.call('GET', `/alarms/${id}`)
  expect(answersAs(AlarmDetail, detail.body)).toEqual([])
  await li.call('POST', `/alarms/${id}/release`, { lease: claimed.body.lease?.token })
})

test('a second claimant gets 409 with the owner; a stale lease 409; an unknown alarm 404', async () => {
  const id = await anAlarm()
  const { body: claimed } = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`)
  const second = await chen.call<Problem>('POST', `/alarms/${id}/claim`)
  expect(second).toMatchObject({
    status: 409,
    body: { code: 'claimed-by-other', owner: { personId: 'operator', name: '李娜' } },
  })
  const sameAccount = await server.logIn('operator')
  expect(await sameAccount.call('POST', `/alarms/${id}/claim`)).toMatchObject({
    status: 409,
    body: { code: 'claimed-by-other' },
  })
  expect(await chen.call('POST', `/alarms/${id}/renew`, { lease: claimed.lease?.token })).toMatchObject({
    status: 409,
    body: { code: 'lease-stale' },
  })
  expect(await li.call('POST', '/alarms/01M80NBNC1J5GWVQ1ENT9XE5HW/claim')).toMatchObject({
    status: 404,
    body: { code: 'alarm-unknown' },
  })
  expect(await li.call('GET', '/alarms/not-an-id')).toMatchObject({ status: 400, body: { code: 'id-malformed' } })
  await li.call('POST', `/alarms/${id}/release`, { lease: claimed.lease?.token })
})

test('who holds an alarm cannot log out', async () => {
  const seat = await server.logIn('operator2')
  const id = await anAlarm()
  const { body } = await seat.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`)
  expect(await seat.call('DELETE', '/session')).toMatchObject({ status: 409, body: { code: 'owns-alarms' } })
  await seat.call('POST', `/alarms/${id}/release`, { lease: body.lease?.token })
  expect((await seat.call('DELETE', '/session')).status).toBe(204)
  expect((await seat.call('GET', '/session')).status).toBe(401)
})

test.for([
  ['/alarms/ID/park', { lease: '1', minutes: 61, note: 'x' }, /body\/minutes/],
  ['/alarms/ID/park', { lease: '1', minutes: 5 }, /note/],
  ['/alarms/ID/note', { lease: '1', text: 'x', colour: 'red' }, /colour/],
  ['/alarms/ID/claim', { force: true }, /body/],
  ['/alarms/ID/close', { lease: '1', disposition: { code: 'genuine', cause: 'fall' } }, /outcome/],
  ['/homes/home-1/modes', { mode: 'holiday', reason: 'x' }, /body\/mode/],
  ['/homes/home-1/modes', { mode: 'away', reason: 'x' }, /until: "away" must say when it ends/],
  ['/homes/home-1/modes', { mode: 'away', until: '2020-01-01T00:00:00Z', reason: 'x' }, /until: must lie between/],
  ['/homes/home-1/modes', { mode: 'test', forMinutes: 241, reason: 'x' }, /until: must lie between/],
  ['/homes/home-1/modes', { mode: 'test', forMinutes: 0, reason: 'x' }, /forMinutes/],
] as const)('%s with %j is refused, naming the field', async ([path, body, why]) => {
  const answer = await li.call<Problem>('POST', path.replace('ID', await anAlarm()), body)
  expect(answer.status).toBe(400)
  expect(answer.body.code).toBe('request-malformed')
  expect(answer.body.detail).toMatch(why)
})

const cursor = (...position: unknown[]) => Buffer.from(JSON.stringify(position)).toString('base64url')
test('a character that no store can keep is the caller’s mistake, wherever it stands', async () => {
  const id = await anAlarm()
  const refused = {
    status: 400,
    body: { code: 'request-malformed', detail: expect.stringMatching(/no store can keep/) },
  }
  expect(await li.call('POST', `/alarms/${id}/note`, { lease: '1', text: 'a\u0000b' })).toMatchObject(refused)
  expect(await li.call('GET', '/alarms?home=%00')).toMatchObject(refused)
  expect(await li.call('GET', '/homes?cursor=%00')).toMatchObject(refused)
  for (const strange of [
    cursor(0, '2026-01-01T00:00:00Z', '\u0000'),
    cursor(99_999_999_999, '2026-01-01T00:00:00Z', 'x'),
  ])
    expect(await li.call('GET', `/alarms?cursor=${strange}`)).toMatchObject({
      status: 400,
      body: { code: 'request-malformed', detail: expect.stringMatching(/^cursor/) },
    })
})

test('the same key and body is answered the same; another body under it is 422', async () => {
  const id = await anAlarm()
  const { body: claimed } = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`)
  const lease = claimed.lease?.token
  const key = { 'idempotency-key': `note-${id}` }
  const first = await li.call('POST', `/alarms/${id}/note`, { lease, text: 'once' }, key)
  const second = await li.call('POST', `/alarms/${id}/note`, { lease, text: 'once' }, key)
  expect(second.body).toEqual(first.body)
  expect(await li.call('POST', `/alarms/${id}/note`, { lease, text: 'twice' }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency-conflict' },
  })
  const { body } = await li.call<AlarmDetail>('GET', `/alarms/${id}`)
  expect(body.timeline.filter(({ kind }) => kind === 'noted')).toHaveLength(1)
  await li.call('POST', `/alarms/${id}/release`, { lease })
})

test('a mode ends with its home’s return, and the stream says both', async () => {
  const until = new Date(Date.now() + 3_600_000).toISOString()
  expect(await li.call('POST', '/homes/home-1/modes', { mode: 'away', until, reason: 'daughter' })).toMatchObject({
    status: 200,
    body: { mode: 'away', modeUntil: until },
  })
  expect(await li.call('POST', '/homes/home-1/modes', { mode: 'home', reason: 'back' })).toMatchObject({
    body: { mode: 'home', modeUntil: null },
  })
})

test('a mode may say how long it lasts: its end is by the clock of the server', async () => {
  const begin = Date.now()
  const { status, body } = await li.call<Home>('POST', '/homes/home-1/modes', {
    mode: 'test',
    forMinutes: 240,
    reason: 'x',
  })
  expect(status).toBe(200)
  const lasts = Date.parse(body.modeUntil ?? '') - begin
  expect(lasts).toBeGreaterThan(239 * 60_000)
  expect(lasts).toBeLessThan(241 * 60_000)
  expect(
    await li.call('POST', '/homes/home-1/modes', { mode: 'test', until: body.modeUntil, forMinutes: 10, reason: 'x' }),
  ).toMatchObject({ status: 400 })
  await li.call('POST', '/homes/home-1/modes', { mode: 'home', reason: 'back' })
})

test('every look at personal data stands in the audit, with who, what and from where', async () => {
  const before = Number(
    (await server.cluster.query<{ max: string | null }>('select max(id) as max from audit'))[0]?.max ?? 0,
  )
  const id = await anAlarm()
  await chen.call('GET', `/alarms/${id}`)
  await chen.call('GET', '/homes/home-1')
  const rows = await server.cluster.query(
    'select person, role, action, fields, subjects, purpose, ip from audit where id > $1 and person = $2 order by id',
    [before, 'operator2'],
  )
  expect(rows).toMatchObject([
    {
      role: 'operator',
      action: 'GET /api/v1/alarms/:id',
      purpose: `alarm ${id}`,
      subjects: ['home-1', id],
      ip: '127.0.0.1',
    },
    {
      action: 'GET /api/v1/homes/:id',
      subjects: ['home-1'],
      fields: expect.arrayContaining(['resident.name', 'contact.phone']),
    },
  ])
})

test('the way in is a look only when somebody asked for it, however often the alarm itself is read', async () => {
  const id = await anAlarm()
  const { body: claimed } = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`)
  const lease = claimed.lease?.token
  const looks = () =>
    server.cluster.query(
      `select action, person from audit where 'resident.access' = any (fields) and $1 = any (subjects) order by id`,
      [id],
    )
  for (const api of [li, chen]) expect(JSON.stringify(await api.call('GET', `/alarms/${id}`))).not.toContain('4711')
  expect(await looks()).toEqual([])

  const shown = await li.call('POST', `/alarms/${id}/reveal`, { lease })
  expect(answersAs(RevealAnswer, shown.body)).toEqual([])
  expect(shown).toMatchObject({ status: 200, body: { access: expect.stringContaining('4711') } })
  expect(await chen.call('POST', `/alarms/${id}/reveal`, { lease })).toMatchObject({
    status: 409,
    body: { code: 'lease-stale', owner: { name: '李娜' } },
  })
  const family = await server.logIn('family')
  expect((await family.call('POST', `/alarms/${id}/reveal`, { lease })).status).toBe(403)
  expect(await looks()).toEqual([{ action: 'POST /api/v1/alarms/:id/reveal', person: 'operator' }])
  await li.call('POST', `/alarms/${id}/release`, { lease })
})

test('a look that cannot be written is not had', async () => {
  await server.cluster.query('alter table audit add constraint shut check (false) not valid')
  try {
    const answer = await li.call('GET', '/homes/home-1')
    expect(answer.status).toBe(500)
    expect(JSON.stringify(answer.body)).not.toContain('王秀梅')
  } finally {
    await server.cluster.query('alter table audit drop constraint shut')
  }
})

test('family sees its own home without rooms, people or places; what is not theirs is not there', async () => {
  const family = await server.logIn('family')
  await anAlarm()
  const alarms = await family.alarms()
  expect(alarms.length).toBeGreaterThan(0)
  expect(new Set(alarms.map(({ placement, home }) => `${placement}|${home.placementName}`))).toEqual(new Set(['home|']))
  expect((await family.call<HomeDetail>('GET', '/homes/home-1')).body).toMatchObject({
    contacts: [],
    placements: [],
    resident: null,
  })
  expect((await family.call('GET', '/live')).status).toBe(403)
  const unseen = await anAlarm()
  expect((await family.call('POST', `/alarms/${unseen}/shown`, { console: 'telephone' })).status).toBe(403)
  // Nor is a page whose reader could not take it an operator's.
  const admin = await server.logIn('admin')
  expect((await admin.call('POST', `/alarms/${unseen}/shown`, { console: 'office' })).status).toBe(204)
  expect((await admin.alarm(unseen)).ladder.L3).toBeNull()
  expect((await li.call<AlarmDetail>('GET', `/alarms/${unseen}`)).body.ladder.L3).toBeNull()
  expect((await family.call('POST', `/alarms/${alarms[0]?.id}/claim`)).status).toBe(403)
})

const attempt = (username: string, password: string) =>
  fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  }).then(({ status }) => status)

test('a stream ends when its session has', { timeout: 40_000 }, async () => {
  const seat = await server.logIn('operator2')
  const live = await fetch(`${server.url}/api/v1/live`, { headers: { cookie: seat.cookie } })
  const stays = await fetch(`${server.url}/api/v1/live`, { headers: { cookie: li.cookie } })
  await seat.call('DELETE', '/session')
  const ended = async () => {
    for await (const _ of live.body ?? []);
  }
  await ended().catch(() => undefined)
  expect(new TextDecoder().decode((await stays.body?.getReader().read())?.value)).toContain('event: status')
})

test('wrong passwords are counted per account and address; the right one of another account is not held up', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 6; i++) statuses.push(await attempt('installer', 'wrong'))
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  expect(await attempt('installer', demoPassword)).toBe(429)
  expect(await attempt('nobody', 'wrong')).toBe(401)
  expect(await attempt('admin', demoPassword)).toBe(201)
})

test('the cookie is out of reach of scripts and of other sites; the page may run no inline script', async () => {
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'supervisor', password: demoPassword }),
  })
  expect(answer.headers.getSetCookie()[0]).toMatch(
    /^anju_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  const policy = (await fetch(`${server.url}/`)).headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/default-src 'self'/)
  expect(policy).not.toMatch(/script-src[^;]*unsafe/)
})

test('a supervisor takes over with a reason; an operator may not', async () => {
  const id = await anAlarm()
  await li.call('POST', `/alarms/${id}/claim`)
  expect((await chen.call('POST', `/alarms/${id}/takeover`, { reason: 'x' })).status).toBe(403)
  const boss = await logIn(server.url, 'supervisor', demoPassword)
  expect((await boss.call('POST', `/alarms/${id}/takeover`, {})).status).toBe(400)
  const { body } = await boss.call<AlarmCommandAnswer>('POST', `/alarms/${id}/takeover`, { reason: 'shift ends' })
  expect(body.alarm.owner?.personId).toBe('supervisor')
  await boss.call('POST', `/alarms/${id}/release`, { lease: body.lease?.token })
})

test('every route under /api/v1 is described, and unknown ones are a problem document', async () => {
  const described = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
    openapi: string
    paths: Record<string, object>
  }
  expect(described.openapi).toBe('3.1.0')
  const commands = [
    'claim',
    'renew',
    'release',
    'start',
    'note',
    'park',
    'contact',
    'dispatch',
    'close',
    'undo-close',
    'takeover',
    'shown',
  ]
  const wanted = [
    '/session',
    '/alarms',
    '/alarms/{id}',
    '/live',
    '/homes',
    '/homes/{id}',
    '/homes/{id}/modes',
    '/homes/{id}/measurements',
    '/homes/{id}/latest',
    '/homes/{id}/activity',
    '/homes/{id}/gaps',
    '/gateways',
    ...commands.map((name) => `/alarms/{id}/${name}`),
  ]
  expect(Object.keys(described.paths)).toEqual(expect.arrayContaining(wanted.map((path) => `/api/v1${path}`)))
  const unknown = await fetch(`${server.url}/api/v1/nothing`)
  expect([unknown.status, unknown.headers.get('content-type')]).toEqual([
    404,
    'application/problem+json; charset=utf-8',
  ])
  const docs = await fetch(`${server.url}/api/docs`)
  expect(docs.status).toBe(200)
})

test('with the database gone: alive, not ready, 503 with a code, and the live stream still opens and says so', async () => {
  server.cluster.stopImmediately()
  try {
    await expect.poll(() => server.readiness(), { timeout: 10_000 }).toBe(503)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(await li.call('GET', '/alarms')).toMatchObject({ status: 503, body: { code: 'store-unavailable' } })
    const live = await fetch(`${server.url}/api/v1/live`, {
      headers: { cookie: li.cookie },
      signal: AbortSignal.timeout(5_000),
    })
    const first = await live.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toMatch(/event: status\ndata: .*"store":"degraded"/)
  } finally {
    await server.cluster.start()
  }
  await expect.poll(() => server.readiness(), { timeout: 15_000 }).toBe(200)
  expect((await li.call('GET', '/alarms')).status).toBe(200)
})
