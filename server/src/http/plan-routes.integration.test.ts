import {
  AlarmCommandAnswer,
  AlarmDetail,
  type AlarmList,
  PacketPreview,
  type Person,
  PlanDefect,
  PlanDefectList,
  PlanList,
  Problem,
  StoredPlan,
} from '@anju/contract/api'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { ulid } from 'ulid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { aServer, type RunningServer } from '../../../tests/harness/server.ts'

let server: RunningServer
let li: Api
let boss: Api
beforeAll(async () => {
  server = await aServer({ quick: true })
  ;[li, boss] = await Promise.all([server.logIn('operator'), server.logIn('supervisor')])
})
afterAll(() => server.end())

/** An alarm of a type of its own, so that its plan is, too. */
async function anAlarm(type: string, placement = 'bathroom-sos'): Promise<{ id: string; lease: string }> {
  const id = ulid()
  await server.cluster.query(
    `insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since,
       occurrences, recent_at, stuck, first_at, last_at, received_at, late_by_ms, test, l2)
     select $1, 'demo-centre', 'home-1', $3, $2, 'life', 'active', 'new', 1, 0, false, now,
       1, '[]', false, now, now, now, 0, false, now from (select app_now() as now) as clock`,
    [id, type, placement],
  )
  const { body } = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/claim`)
  return { id, lease: body.lease?.token ?? '' }
}
const text = { 'zh-CN': '与老人通话', en: 'Speak' }
const speak = { id: 'speak', kind: 'speak', text, required: true, completedBy: 'by-hand' }
const aPlan = (type: string, steps: readonly object[] = [speak], api = boss) =>
  api.call<StoredPlan>('PUT', '/plans', { type, steps })
const answersAs = (schema: TSchema, value: unknown) =>
  [...Compile(schema).Errors(value)].map(({ instancePath, message }) => `${instancePath} ${message}`)
const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' }
/** The fields of the newest look at this alarm. */
async function lookedAt(id: string, action: string): Promise<string[]> {
  const rows = await server.cluster.query<{ fields: string[] }>(
    'select fields from audit where $1 = any (subjects) and action = $2 order by id desc limit 1',
    [id, action],
  )
  return rows[0]?.fields ?? []
}

test('plans are written and read by supervisors and admins, and by nobody else', async () => {
  const put = await aPlan('written-here')
  expect(put.status).toBe(200)
  expect(answersAs(StoredPlan, put.body)).toEqual([])
  const list = await boss.call<PlanList>('GET', '/plans')
  expect(answersAs(PlanList, list.body)).toEqual([])
  expect(list.body.items.map(({ id }) => id)).toContain(put.body.id)
  const others = await Promise.all(['installer', 'family'].map((name) => server.logIn(name)))
  for (const api of [li, ...others])
    for (const [method, path] of [
      ['GET', '/plans'],
      ['PUT', '/plans'],
      ['DELETE', `/plans/${put.body.id}`],
      ['GET', '/plans/defects'],
      ['POST', '/plans/defects/1/settle'],
    ] as const)
      expect(await api.call(method, path)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  const admin = await server.logIn('admin')
  expect(await admin.call('DELETE', `/plans/${put.body.id}`)).toMatchObject({ status: 204 })
  expect(await admin.call('DELETE', `/plans/${put.body.id}`)).toMatchObject({
    status: 404,
    body: { code: 'plan-unknown' },
  })
})

const write = (writtenFrom: number | null | undefined, api = boss, type = 'of-two') =>
  api.call<StoredPlan & Problem>('PUT', '/plans', { type, steps: [speak], writtenFrom })
const remove = (id: string, from: number) => boss.call<Problem>('DELETE', `/plans/${id}?writtenFrom=${from}`)
const changed = (version: number | null, by: string) => ({
  status: 409,
  body: { code: 'plan-changed', changed: { version, by, at: expect.stringMatching(/Z$/) } },
})

describe('a plan that two supervisors write at once', () => {
  test('is not overwritten unseen: who comes second hears who changed it and when, and may then replace it', async () => {
    const admin = await server.logIn('admin')
    const { name } = (await admin.call<Person>('GET', '/session')).body
    const { body: first } = await write(null)
    expect(first.version).toBe(1)
    expect(await write(1, admin)).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await write(1)).toMatchObject(changed(2, name))
    expect(await write(null)).toMatchObject(changed(2, name))
    expect(await remove(first.id, 1)).toMatchObject(changed(2, name))
    const refused = await write(1)
    expect(answersAs(Problem, refused.body)).toEqual([])
    expect(await write(2)).toMatchObject({ status: 200, body: { version: 3 } })
    // A program that says nothing of what it read is answered as ever.
    expect(await write(undefined)).toMatchObject({ status: 200, body: { version: 4 } })
  })

  test('and one of them removed is written anew only by who knows that it is gone', async () => {
    const { id, version } = (await write(undefined)).body
    expect((await remove(id, version)).status).toBe(204)
    expect(await write(version)).toMatchObject(changed(null, '周敏'))
    expect(await remove(id, version)).toMatchObject({ status: 404, body: { code: 'plan-unknown' } })
    expect(await write(null)).toMatchObject({ status: 200, body: { version: version + 2 } })
    expect(await write(1, boss, 'of-nobody')).toMatchObject({ status: 404, body: { code: 'plan-unknown' } })
  })

  test('in the same moment is written by one of them', async () => {
    for (const from of [null, 1]) {
      const both = await Promise.all([1, 2, 3, 4].map(() => write(from, boss, 'at-once')))
      expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409])
    }
  })
})

test.for([
  [{ type: 'x', steps: [speak], writtenFrom: 0 }, /writtenFrom/],
  [{ steps: [speak] }, /^class:/],
  [{ type: 'x', steps: [speak, speak] }, /^steps: "speak"/],
  [{ type: 'x', steps: [{ ...speak, kind: 'dance' }] }, /body\/steps\/0/],
  [{ type: 'x', steps: [] }, /body\/steps/],
  [{ type: 'x', steps: [speak], colour: 'red' }, /colour/],
  [{ home: 'home-1', class: 'life', steps: [speak] }, /^type:/],
] as const)('a plan like %j is refused, naming the field', async ([body, why]) => {
  const answer = await boss.call<Problem>('PUT', '/plans', body)
  expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed', detail: expect.stringMatching(why) } })
})

test('a close that is owed a step says which, in both languages; then it is done and the close goes through', async () => {
  await aPlan('step-by-step')
  const { id, lease } = await anAlarm('step-by-step')
  const refused = await li.call<Problem>('POST', `/alarms/${id}/close`, { lease, disposition })
  expect(refused).toMatchObject({ status: 409, body: { code: 'plan-incomplete', steps: [{ id: 'speak', text }] } })
  const skip = await li.call<Problem>('POST', `/alarms/${id}/plan/steps/speak`, { lease, outcome: 'skipped' })
  expect(skip).toMatchObject({
    status: 400,
    body: { code: 'request-malformed', detail: expect.stringMatching(/^note/) },
  })
  const none = await li.call('POST', `/alarms/${id}/plan/steps/sing`, { lease, outcome: 'done' })
  expect(none).toMatchObject({ status: 404, body: { code: 'step-unknown' } })
  const done = await li.call('POST', `/alarms/${id}/plan/steps/speak`, { lease, outcome: 'done' })
  expect(answersAs(AlarmCommandAnswer, done.body)).toEqual([])
  expect((await li.call('POST', `/alarms/${id}/close`, { lease, disposition })).status).toBe(200)
})

test('a plan that was left is on the supervisor’s list until it is settled', async () => {
  await aPlan('dead-end')
  const { id, lease } = await anAlarm('dead-end')
  await li.call('POST', `/alarms/${id}/plan/manual`, { lease, reason: 'nobody answers there' })
  const { body } = await boss.call<PlanDefectList>('GET', '/plans/defects')
  expect(answersAs(PlanDefectList, body)).toEqual([])
  const mine = body.items.find(({ alarmId }) => alarmId === id)
  expect(mine).toMatchObject({ type: 'dead-end', reason: 'nobody answers there', by: '李娜' })
  const settled = await boss.call('POST', `/plans/defects/${mine?.id}/settle`, { note: 'number corrected' })
  expect(answersAs(PlanDefect, settled.body)).toEqual([])
  const open = await boss.call<PlanDefectList>('GET', '/plans/defects')
  expect(open.body.items.filter(({ alarmId }) => alarmId === id)).toEqual([])
  expect((await li.call('POST', `/alarms/${id}/close`, { lease, disposition })).status).toBe(200)
})

test('what an agency is told is audited with every field it can hold, answered later, and stands in the detail', async () => {
  const { id, lease } = await anAlarm('joint-incident')
  const told = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/agencies`, {
    lease,
    agency: 'ambulance',
    note: '右腿疼',
  })
  expect(answersAs(AlarmCommandAnswer, told.body)).toEqual([])
  const handover = told.body.handover
  expect(handover?.text['zh-CN']).toContain('钥匙盒')
  expect(await lookedAt(id, 'POST /api/v1/alarms/:id/agencies')).toEqual(
    expect.arrayContaining(['resident.access', 'resident.medical', 'home.address', 'resident.name']),
  )
  const answer = (body: object) => li.call<Problem>('PATCH', `/alarms/${id}/agencies/${handover?.id}`, body)
  expect(await answer({ onTheWay: true })).toMatchObject({
    status: 400,
    body: { code: 'request-malformed', detail: expect.stringMatching(/^lease/) },
  })
  expect((await answer({ caseNumber: '2026-0417' })).status).toBe(200)
  expect((await answer({ lease, onTheWay: true })).status).toBe(200)
  const unknown = await li.call('PATCH', `/alarms/${id}/agencies/999999`, { caseNumber: 'x' })
  expect(unknown).toMatchObject({ status: 404, body: { code: 'handover-unknown' } })
  const { body: detail } = await li.call<AlarmDetail>('GET', `/alarms/${id}`)
  expect(answersAs(AlarmDetail, detail)).toEqual([])
  expect(detail).toMatchObject({
    handovers: [{ agency: 'ambulance', caseNumber: '2026-0417', onTheWay: true, by: '李娜' }],
    plan: { kept: true, steps: expect.arrayContaining([expect.objectContaining({ id: 'ambulance', state: 'done' })]) },
  })
  expect(detail.ladder.L5).not.toBeNull()
  expect((await li.call('POST', `/alarms/${id}/agencies`, { lease, agency: 'navy' })).status).toBe(400)
  expect(await boss.call('POST', `/alarms/${id}/agencies`, { lease, agency: 'fire' })).toMatchObject({
    status: 409,
    body: { code: 'lease-stale' },
  })
  await li.call('POST', `/alarms/${id}/close`, { lease, disposition })
})

test('the text is read before anybody dials: word for word what will be told, and nothing is written by reading it', async () => {
  const { id, lease } = await anAlarm('read-first')
  const before = await li.alarm(id)
  const said = { lease, agency: 'ambulance', note: '右腿疼' }
  const preview = await li.call<PacketPreview>('POST', `/alarms/${id}/agencies/preview`, said)
  expect(answersAs(PacketPreview, preview.body)).toEqual([])
  expect(preview.body.text['zh-CN']).toContain('钥匙盒')
  expect(await lookedAt(id, 'POST /api/v1/alarms/:id/agencies/preview')).toEqual(
    expect.arrayContaining(['resident.access', 'resident.medical']),
  )
  const after = await li.alarm(id)
  expect(after).toMatchObject({ version: before.version, handovers: [], timeline: before.timeline, plan: before.plan })
  for (const other of [boss, await server.logIn('operator')])
    expect(await other.call('POST', `/alarms/${id}/agencies/preview`, said)).toMatchObject({
      status: 409,
      body: { code: 'lease-stale' },
    })
  const told = await li.call<AlarmCommandAnswer>('POST', `/alarms/${id}/agencies`, said)
  expect(told.body.handover?.text).toEqual(preview.body.text)
  await li.call('POST', `/alarms/${id}/close`, { lease, disposition })
})

test('a page of what was closed last is as long as it was asked to be', async () => {
  const page = await li.call<AlarmList>('GET', '/alarms?handling=closed&order=closed-at&limit=2')
  expect(page).toMatchObject({ status: 200, body: { nextCursor: expect.any(String) } })
  expect(page.body.items).toHaveLength(2)
  for (const strange of ['limit=0', 'limit=201', 'limit=x', 'order=closed-at', 'handling=closed&order=shuffled'])
    expect(await li.call('GET', `/alarms?${strange}`)).toMatchObject({
      status: 400,
      body: { code: 'request-malformed' },
    })
})

test('who looks at an outage, tells of it and reads what they would tell has looked at no home', async () => {
  const { id, lease } = await anAlarm('outage', 'outage-mains-330102001')
  const said = { lease, agency: 'fire' }
  const { body: detail } = await li.call<AlarmDetail>('GET', `/alarms/${id}`)
  expect(detail).toMatchObject({ resident: null, contacts: [] })
  const preview = await li.call<PacketPreview>('POST', `/alarms/${id}/agencies/preview`, said)
  expect(preview.body.text.en).toContain('mains power lost in a whole area')
  await li.call('POST', `/alarms/${id}/agencies`, said)
  const looks = await server.cluster.query<{ subjects: string[] }>(
    'select subjects from audit where $1 = any (subjects) order by id',
    [id],
  )
  expect(looks.length).toBeGreaterThanOrEqual(4)
  expect(new Set(looks.flatMap(({ subjects }) => subjects))).toEqual(new Set([id]))
  await li.call('POST', `/alarms/${id}/close`, { lease, disposition })
})
