import type { AlarmDetail, AreaList, Home, HomeDetail, ImportReport, Problem, Resident } from '@anju/contract/api'
import { AreaDetail, HomeDetail as HomeDetailShape, ImportReport as ReportShape } from '@anju/contract/api'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { aTestServer, type TestServer } from '../app/server.fixture.ts'

let server: TestServer
let supervisor: Api
let operator: Api
beforeAll(async () => {
  server = await aTestServer()
  ;[supervisor, operator] = await Promise.all([server.as('supervisor'), server.as('operator')])
  await server.data.sql(
    `insert into area (code, name, level, valid_from, valid_to, became) values
       ('330000000000', '示范省', 'province', '2000-01-01', null, null), ('330100000000', '示范市', 'city', '2000-01-01', null, null),
       ('330106000000', '示范区', 'county', '2000-01-01', null, null), ('330106001000', '望江街道', 'street', '2000-01-01', null, null),
       ('330106009000', '旧街道', 'street', '2000-01-01', '2020-01-01', '330106001000')`,
  )
})
afterAll(() => server.close())

const answersAs = (schema: TSchema, value: unknown) =>
  [...Compile(schema).Errors(value)].map(({ instancePath, message }) => `${instancePath} ${message}`)
const upload = async <T>(api: Api, body: string | Uint8Array, query = '', type = 'text/csv') => {
  const answer = await fetch(`${api.base}/api/v1/imports/households${query}`, {
    method: 'POST',
    headers: { origin: api.base, cookie: api.cookie, 'content-type': type },
    body: typeof body === 'string' ? body : Buffer.from(body),
    signal: AbortSignal.timeout(15_000),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}
const LIST = '编号,地址,姓名,区划代码\nA-1,望江路 18 号 3 幢 2 单元 501 室,甄秀梅,330106001000\nA-2,望江路 19 号,,\n'

test('a home and its resident by hand: found, shown, and each look in the audit', async () => {
  const made = await supervisor.call<Home>('POST', '/homes', {
    name: '望江路 5-1-302',
    address: '望江路 18 号 5 幢 1 单元 302 室',
    areaCode: '330106001000',
    externalRef: 'B-7',
    latitude: 30.2,
    longitude: 120.1,
  })
  expect(made).toMatchObject({ status: 201, body: { name: '望江路 5-1-302' } })
  const home = `/homes/${made.body.id}`
  expect(await operator.call('PATCH', `${home}/resident`, { callName: '冯老师' })).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/^name: /) },
  })
  const resident = await operator.call<Resident>('PATCH', `${home}/resident`, {
    name: '冯桂英',
    bornOn: '1940-02-29',
    callName: '冯老师',
    risk: 'high',
    categories: ['独居', '高龄'],
    medical: ['慢阻肺，"家用"制氧机'],
    hearing: '右耳失聪',
    livesAlone: true,
    access: '4711#',
  })
  expect(resident).toMatchObject({ status: 200, body: { callName: '冯老师', risk: 'high', access: '••••' } })
  expect((await supervisor.call<Home>('PATCH', home, { arrival: '东门进，左侧电梯', areaCode: null })).status).toBe(200)
  expect((await supervisor.call<Home>('PATCH', home, { areaCode: '330106001000' })).status).toBe(200)

  const { body: detail } = await operator.call<HomeDetail>('GET', home)
  expect(answersAs(HomeDetailShape, detail)).toEqual([])
  expect(detail).toMatchObject({
    arrival: '东门进，左侧电梯',
    externalRef: 'B-7',
    latitude: 30.2,
    area: { code: '330106001000', names: ['示范省', '示范市', '示范区', '望江街道'] },
    resident: {
      name: '冯桂英',
      hearing: '右耳失聪',
      categories: ['独居', '高龄'],
      medical: ['慢阻肺，"家用"制氧机'],
      livesAlone: true,
    },
  })

  const { body: found } = await operator.call<{ items: Home[] }>('GET', '/homes?search=fgy')
  expect(found.items).toMatchObject([{ id: made.body.id, residentName: '冯••', masked: true }])
  expect(JSON.stringify(found)).not.toMatch(/冯桂英|302/)
  const [look] = await server.data.sql(`select person, fields, subjects, purpose from audit order by id desc limit 1`)
  expect(look).toMatchObject({ person: 'operator', subjects: [made.body.id], purpose: 'search fgy' })
  expect(look?.['fields']).toContain('resident.name')
})

test('an alarm shows what a responder must know, in the alarm itself', async () => {
  await operator.call('PATCH', '/homes/home-1/resident', {
    callName: '王老师',
    risk: 'special',
    hearing: '听力较弱',
    categories: ['失能'],
  })
  await supervisor.call('PATCH', '/homes/home-1', { arrival: '西门进' })
  const id = '01M80NBNC1J5GWVQ1ENT9XE5HW'
  await server.data.sql(
    `insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since,
       occurrences, recent_at, stuck, first_at, last_at, received_at, late_by_ms, test, l2)
     select $1, 'demo-centre', 'home-1', 'bathroom-sos', 'sos-pressed', 'life', 'active', 'new', 1, 0, false, now,
       1, '[]', false, now, now, now, 0, false, now from (select app_now() as now) as clock`,
    [id],
  )
  const { body } = await operator.call<AlarmDetail>('GET', `/alarms/${id}`)
  expect(body.resident).toMatchObject({
    callName: '王老师',
    risk: 'special',
    hearing: '听力较弱',
    categories: ['失能'],
    livesAlone: true,
    arrival: '西门进',
  })
})

test.for([
  ['POST', '/homes', { name: '' }, 'request-malformed', /body\/name/],
  ['POST', '/homes', { name: 'x', colour: 'red' }, 'request-malformed', /colour/],
  ['POST', '/homes', { name: 'x', areaCode: '330106002000' }, 'area-unknown', /^areaCode/],
  ['POST', '/homes', { name: 'x', areaCode: '330106009000' }, 'area-unknown', /has become 330106001000/],
  ['POST', '/homes', { name: 'x', areaCode: '330006001000' }, 'request-malformed', /^areaCode/],
  ['POST', '/homes', { name: 'x', timeZone: 'Mars/Base' }, 'request-malformed', /^timeZone/],
  ['POST', '/homes', { name: 'x', latitude: 30 }, 'request-malformed', /^longitude/],
  ['PATCH', '/homes/home-1', { latitude: 91, longitude: 0 }, 'request-malformed', /latitude/],
  ['PATCH', '/homes/nowhere', { name: 'x' }, 'home-unknown', /no such home/],
  ['PATCH', '/homes/home-1/resident', { bornOn: '2999-01-01' }, 'request-malformed', /^bornOn/],
  ['PATCH', '/homes/home-1/resident', { bornOn: '1943-02-29' }, 'request-malformed', /bornOn/],
  ['PATCH', '/homes/home-1/resident', { risk: 'medium' }, 'request-malformed', /risk/],
] as const)('%s %s with %j: %s', async ([method, path, body, code, why]) => {
  const answer = await supervisor.call<Problem>(method, path, body)
  expect(answer.body).toMatchObject({ code, detail: expect.stringMatching(why) })
})

test('a list’s number belongs to one home of the centre', async () => {
  const first = await supervisor.call<Home>('POST', '/homes', { name: 'first', externalRef: 'C-1' })
  const second = await supervisor.call<Home>('POST', '/homes', { name: 'second', externalRef: 'C-2' })
  expect([first.status, second.status]).toEqual([201, 201])
  const taken = { status: 409, body: { code: 'external-ref-taken' } }
  expect(await supervisor.call('POST', '/homes', { name: 'third', externalRef: 'C-1' })).toMatchObject(taken)
  expect(await supervisor.call('PATCH', `/homes/${second.body.id}`, { externalRef: 'C-1' })).toMatchObject(taken)
  expect((await supervisor.call('PATCH', `/homes/${second.body.id}`, { externalRef: 'C-2' })).status).toBe(200)
})

test('another centre’s home is not there to be changed', async () => {
  await server.data.sql(`insert into centre values ('west', 'West')`)
  await server.data.sql(`insert into home (id, centre, name) values ('theirs', 'west', 'theirs')`)
  for (const path of ['/homes/theirs', '/homes/theirs/resident'])
    expect(await supervisor.call('PATCH', path, { name: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'home-unknown' },
    })
})

test('a list over HTTP: first what would be, then what is, then nothing more', async () => {
  const dry = await upload<ImportReport>(supervisor, LIST, '?dryRun=true')
  expect(dry).toMatchObject({ status: 200, body: { dryRun: true, created: 1, bad: 1 } })
  expect(answersAs(ReportShape, dry.body)).toEqual([])
  expect(dry.body.problems).toEqual([{ line: 3, column: '姓名', code: 'missing', reason: '必填' }])
  expect(await upload(supervisor, LIST)).toMatchObject({ body: { dryRun: false, created: 1, bad: 1 } })
  expect(await upload(supervisor, LIST)).toMatchObject({ body: { created: 0, changed: 0, unchanged: 1 } })
  const [home] = await server.data.sql(`select centre from home where external_ref = 'A-1'`)
  expect(home).toEqual({ centre: 'demo-centre' })
  const [look] = await server.data.sql(`select purpose from audit order by id desc limit 1`)
  expect(look).toEqual({ purpose: 'import of 2 households' })
})

test.for([
  ['heading, which nobody knows', 'a,b\n1,2\n'.repeat(20_000), '', 'text/csv', 400, /"a"/],
  ['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 0), '', 'text/csv', 400, /xlsx/],
  ['another type', '{}', '', 'application/json', 400, /text\/csv/],
  ['a misspelt parameter', LIST, '?dryrun=true', 'text/csv', 400, /dryrun/],
] as const)('%s is refused with a sentence', async ([, body, query, type, status, why]) => {
  const answer = await upload<Problem>(supervisor, body, query, type)
  expect(answer).toMatchObject({ status, body: { code: 'request-malformed', detail: expect.stringMatching(why) } })
})

test('who may not take lists in, may not', async () => {
  expect((await upload(operator, LIST)).status).toBe(403)
  expect((await upload(await server.as('family'), LIST)).status).toBe(403)
})

test('the tree over HTTP, with the centre’s figures', async () => {
  await upload(supervisor, LIST)
  const { body } = await operator.call<AreaList>('GET', '/areas?parent=330106000000')
  expect(body.items).toMatchObject([{ code: '330106001000', name: '望江街道' }])
  const [{ count } = { count: 0 }] = await server.data.sql<{ count: number }>(
    `select count(*)::int as count from home_area where code = '330106001000' and valid_to is null`,
  )
  expect(body.items[0]?.homes).toBe(count)
  const one = await operator.call('GET', '/areas/330106001000')
  expect(answersAs(AreaDetail, one.body)).toEqual([])
  expect(await operator.call('GET', '/areas/330106009000?on=2019-12-31')).toMatchObject({
    body: { name: '旧街道', homes: 0 },
  })
  expect(await operator.call('GET', '/areas/330106009000')).toMatchObject({
    status: 404,
    body: { code: 'area-unknown' },
  })
  expect((await (await server.as('family')).call('GET', '/areas')).status).toBe(403)
})
