import { DomainError } from '@anju/contract'
import type { AnswerView, Problem } from '@anju/contract/api'
import { AnswerView as AnswerShape } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Compile } from 'typebox/compile'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { HOME, identityOf } from '../../../tests/harness/alarms.ts'
import { peopleOf } from '../../../tests/harness/people.ts'
import { createAlarmNews } from '../alarms/answered.ts'
import { createMetrics } from '../metrics.ts'
import { createAnswers } from '../notifications/answers.ts'
import type { CallbackReader } from '../notifications/channel.ts'
import { aLedger, aProvider, attempt, type TestLedger } from '../notifications/ledger.fixture.ts'
import { exposeNotifications } from '../notifications/metrics.ts'
import { createMover } from '../notifications/mover.ts'
import { createReports } from '../notifications/reports.ts'
import { hashSecret } from '../people/secrets.ts'
import { answerRoutes } from './answer-routes.ts'
import { callbackRoutes } from './callback-routes.ts'
import { createHttp } from './http.ts'
import { sessionCookieOf } from './session.ts'

let the: TestLedger
let http: FastifyInstance
const calls: string[] = []
/** A provider that signs, and speaks a JSON list of reports. */
const reader: CallbackReader = {
  provider: 'hand-sms',
  read({ method, url, headers, body }) {
    calls.push(`${method} ${url} ${body.toString()}`)
    if (headers['x-signature'] !== 'right') throw new DomainError('credentials-wrong', 'the signature is wrong')
    if (method === 'GET') return { reports: [], answer: { status: 200, contentType: 'text/plain', body: 'challenge' } }
    const reports = JSON.parse(body.toString()) as ReturnType<CallbackReader['read']>['reports']
    return { reports, answer: { status: 200, contentType: 'application/json', body: '{"code":0}' } }
  },
}

beforeAll(async () => {
  the = await aLedger()
  const { database } = the
  const parts = { clock: systemClock, random: systemRandom, hashSecret }
  const news = createAlarmNews(the.centre.liveLog)
  const mover = createMover({
    signal: { wake: (tx, alarms) => tx.afterCommit(() => void the.woken.push(...alarms)) },
    news,
  })
  const nothing = { onQueued: () => undefined, log: { error: () => undefined } }
  const reports = createReports({ database, mover, news, ...parts, ...nothing })
  const metrics = createMetrics()
  exposeNotifications(metrics, reports)
  http = await createHttp({
    log: pino({ level: 'silent' }),
    database,
    people: peopleOf(database, systemClock),
    cookie: sessionCookieOf('https://anju.test'),
    readiness: [],
    metrics,
    routes: [
      answerRoutes(createAnswers({ database, mover, ...parts })),
      callbackRoutes({ readers: [reader], reports, publicUrl: 'https://anju.test' }),
    ],
  })
  await the.store.sql(
    `insert into person (id, centre, username, name, role, home, password) values
       ('kin', 'east', 'kin', 'Kin', 'family', 'home-1', ''), ('other', 'east', 'other', 'Other', 'family', 'home-2', ''),
       ('li', 'east', 'li', 'Li', 'operator', null, '')`,
  )
  for (const who of ['kin', 'other', 'li'])
    await the.store.sql(
      `insert into api_token (id, centre, person, secret_hash, label, expires_at)
       values ($1, 'east', $1, $2, '', app_now() + interval '1 day')`,
      [who, hashSecret(`token-of-${who}`)],
    )
})
afterEach(async () => {
  calls.length = 0
  await the.clean()
})
afterAll(async () => {
  await http.close()
  await the.close()
})

/** An alarm, and the link that `who` was sent about it. */
async function asked(who = 'son') {
  const alarm = await the.anAlarm()
  return { alarm, link: await linkTo(alarm, who) }
}
async function linkTo(alarm: Awaited<ReturnType<TestLedger['anAlarm']>>, who: string): Promise<string> {
  await the.queue(alarm, [attempt(who)])
  const sms = aProvider('sms')
  const sender = the.aSender(sms)
  await sender.fill()
  await sender.idle()
  await sender.stop()
  return `/api/v1/answers/${sms.sent[0]?.answerUrl?.split('/').at(-1)}`
}
async function call<T>(method: 'GET' | 'POST', url: string, payload?: object, headers: Record<string, string> = {}) {
  const answer = await http.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json<T>()) as T }
}
const give = (link: string, answer: object, headers: Record<string, string> = {}) =>
  call<AnswerView>('POST', link, answer, headers)
const timeline = async (alarm: string) => {
  const { detail } = await the.centre.queries.detail(identityOf(the.centre.person('li')), alarm as never)
  return detail.timeline.filter(({ kind }) => kind === 'accepted' || kind === 'declined')
}
const alarmRow = async (alarm: string) =>
  (await the.store.sql('select handling, version, fence from alarm where id = $1', [alarm]))[0]

test('a link shows what happened and when, and nobody’s name, place or health', async () => {
  const { link } = await asked()
  const { status, body } = await call<AnswerView>('GET', link)
  expect(status).toBe(200)
  expect([...Compile(AnswerShape).Errors(body)]).toEqual([])
  expect(body).toMatchObject({ type: 'sos-pressed', timeZone: 'Asia/Shanghai', state: 'asked', going: [], over: null })
  expect(JSON.stringify(body)).not.toMatch(/home-1|Home 1|Street|王秀梅|bathroom|Son|138/)
})

test('"I’m going": the ledger, the timeline, the live stream and the escalation hear of it; the handling does not', async () => {
  const { alarm, link } = await asked()
  const before = await alarmRow(alarm.alarm)
  the.centre.frames.length = 0
  const { status, body } = await give(link, { answer: 'going', etaMinutes: 20 })
  expect(status).toBe(200)
  expect(body).toMatchObject({ state: 'accepted', etaMinutes: 20, over: null })
  const lasts = Date.parse(body.acceptedUntil ?? '') - Date.now()
  expect(Math.round(lasts / 60_000)).toBe(25)
  expect(await timeline(alarm.alarm)).toMatchObject([
    { kind: 'accepted', detail: { name: 'Name of son', etaMinutes: 20 } },
  ])
  expect(the.centre.frames.map(({ bytes }) => bytes.toString())).toEqual([expect.stringMatching(/"cause":"accepted"/)])
  expect(the.woken).toEqual([alarm.alarm])
  expect(await alarmRow(alarm.alarm)).toEqual({ ...before, version: Number(before?.['version']) + 1 + '' })
})

test('the same answer twice is one, by its key or within the minute; another is another', async () => {
  const { alarm, link } = await asked()
  const key = { 'idempotency-key': 'k1' }
  const first = await give(link, { answer: 'going' }, key)
  expect(await give(link, { answer: 'going' }, key)).toEqual(first)
  expect((await give(link, { answer: 'going' })).body).toEqual(first.body)
  expect(await timeline(alarm.alarm)).toHaveLength(1)
  expect(await call<Problem>('POST', link, { answer: 'cannot' }, key)).toMatchObject({
    status: 422,
    body: { code: 'idempotency-conflict' },
  })
  expect((await give(link, { answer: 'cannot' })).body).toMatchObject({ state: 'declined', acceptedUntil: null })
  expect((await give(link, { answer: 'going', etaMinutes: 5 })).body).toMatchObject({
    state: 'accepted',
    etaMinutes: 5,
  })
  expect((await timeline(alarm.alarm)).map(({ kind }) => kind)).toEqual(['accepted', 'declined', 'accepted'])
})

test('who looks is shown who goes already; who was stood down, that they need not', async () => {
  const { alarm, link } = await asked()
  const other = await linkTo(alarm, 'daughter')
  await give(link, { answer: 'going', etaMinutes: 10 })
  expect((await call<AnswerView>('GET', other)).body).toMatchObject({
    state: 'asked',
    going: [{ name: 'Name of son' }],
  })
  expect((await call<AnswerView>('GET', link)).body).toMatchObject({ state: 'accepted', going: [] })
  await the.standDown(alarm, 'accepted')
  expect((await call<AnswerView>('GET', other)).body).toMatchObject({ over: 'stood-down' })
  // Going all the same is recorded, not lost.
  expect((await give(other, { answer: 'going' })).body).toMatchObject({ state: 'accepted', over: null })
})

test('"seen" is seen; after the close an acceptance is still recorded, and it is said that it is over', async () => {
  const { alarm, link } = await asked()
  expect((await give(link, { answer: 'seen' })).body).toMatchObject({ state: 'asked' })
  expect(await the.rows()).toMatchObject([{ state: 'seen' }])
  await the.store.sql(
    `update alarm set handling = 'closed', closed_at = app_now(), disposition = '{"code":"genuine","cause":"fall","outcome":"helped-at-home"}'`,
  )
  expect((await give(link, { answer: 'going' })).body).toMatchObject({ state: 'accepted', over: 'closed' })
  expect(await timeline(alarm.alarm)).toHaveLength(1)
})

test.for([
  ['a stranger’s link', 'A'.repeat(43), 404, 'answer-unknown'],
  ['what cannot be a link', 'short', 400, 'request-malformed'],
] as const)('%s opens nothing', async ([, secret, status, code]) => {
  expect(await call<Problem>('GET', `/api/v1/answers/${secret}`)).toMatchObject({ status, body: { code } })
  expect(await call<Problem>('POST', `/api/v1/answers/${secret}`, { answer: 'going' })).toMatchObject({
    status,
    body: { code },
  })
})

test('a link of yesterday opens nothing; a longer way than two hours is refused, naming the field', async () => {
  const { link } = await asked()
  const refused = await call<Problem>('POST', link, { answer: 'going', etaMinutes: 121 })
  expect(refused).toMatchObject({
    status: 400,
    body: { code: 'request-malformed', detail: expect.stringMatching(/etaMinutes/) },
  })
  await the.store.passes(25 * 3_600_000)
  expect(await call('GET', link)).toMatchObject({ status: 404, body: { code: 'answer-unknown' } })
})

test('one link is asked only so often, and that is nobody else’s matter', async () => {
  const { alarm, link } = await asked()
  const other = await linkTo(alarm, 'daughter')
  // One after the other: the limit counts those of one moment together, and refuses them all.
  const statuses: number[] = []
  for (let n = 0; n < 63; n++) statuses.push((await call('GET', link)).status)
  expect(statuses.filter((status) => status === 429)).toHaveLength(3)
  expect((await call<Problem>('POST', link, { answer: 'going' })).body.code).toBe('too-many-requests')
  expect((await give(other, { answer: 'going' })).status).toBe(200)
})

test('a relative who is signed in says that they go; nobody else may, and not for another’s home', async () => {
  const alarm = await the.anAlarm()
  const going = (who: string, body: object = { etaMinutes: 30 }) =>
    call<{ acceptedUntil: string }>('POST', `/api/v1/alarms/${alarm.alarm}/going`, body, {
      authorization: `Bearer token-of-${who}`,
    })
  expect((await going('kin')).status).toBe(200)
  expect((await going('kin')).status).toBe(200)
  expect(await the.rows()).toMatchObject([{ recipient: 'kin', channel: 'console', state: 'accepted' }])
  expect(await timeline(alarm.alarm)).toMatchObject([{ detail: { name: 'Kin', etaMinutes: 30 } }])
  expect(the.woken).toEqual([alarm.alarm])
  const until = (await the.evidence(alarm))?.acceptedUntil
  expect(Math.round(((until ?? 0) - Date.now()) / 60_000)).toBe(35)
  expect(await going('other')).toMatchObject({ status: 404, body: { code: 'alarm-unknown' } })
  expect(await going('li')).toMatchObject({ status: 403 })
  expect(await alarmRow(alarm.alarm)).toMatchObject({ handling: 'new' })
})

test('a relative who is a contact is one person, however they answer; and whoever looks sees who is on the way', async () => {
  await the.store.sql(`update person set contact = 'c1' where id = 'kin'`)
  const alarm = await the.anAlarm()
  const link = await linkTo(alarm, 'c1')
  const kin = (what: string, body?: object) =>
    call<{ acceptedUntil: string }>('POST', `/api/v1/alarms/${alarm.alarm}/${what}`, body, {
      authorization: 'Bearer token-of-kin',
    })
  const seenBy = async (who: string) => {
    const actor = { ...the.centre.person(who, who === 'li' ? 'operator' : 'family') }
    const { detail } = await the.centre.queries.detail(identityOf(actor, who === 'li' ? null : HOME), alarm.alarm)
    return { going: detail.going?.map(({ name, me }) => ({ name, me })), answered: detail.answered }
  }
  expect(await seenBy('kin')).toEqual({ going: [], answered: null })

  await kin('going', { etaMinutes: 20 })
  expect(await seenBy('kin')).toEqual({
    going: [{ name: 'Son', me: true }],
    answered: { answer: 'going', etaMinutes: 20 },
  })
  expect(await seenBy('li')).toEqual({ going: [{ name: 'Son', me: false }], answered: null })
  // The message in their telephone says the same, and nobody tells them to stay at home because of themselves.
  expect((await call<AnswerView>('GET', link)).body).toMatchObject({ state: 'accepted', etaMinutes: 20, going: [] })
  await the.standDown(alarm, 'accepted')
  expect(await the.rows(`purpose = 'stand-down'`)).toEqual([])

  // What is taken back on one way is taken back on all: else nobody would be asked because of somebody who does not come.
  expect((await give(link, { answer: 'cannot' })).body).toMatchObject({ state: 'declined' })
  expect(await seenBy('kin')).toEqual({ going: [], answered: { answer: 'cannot', etaMinutes: null } })
  expect(await the.evidence(alarm)).toMatchObject({ acceptedUntil: null })
  await give(link, { answer: 'going', etaMinutes: 5 })
  expect((await kin('cannot')).status).toBe(204)
  expect(await seenBy('li')).toEqual({ going: [], answered: null })
  await the.store.sql('update person set contact = null')
})

test('a relative sees who is on the way and nothing that was said or written', async () => {
  const alarm = await the.anAlarm()
  const link = await linkTo(alarm, 'son')
  await give(link, { answer: 'going', etaMinutes: 10 })
  const { detail } = await the.centre.queries.detail(identityOf(the.centre.person('kin', 'family'), HOME), alarm.alarm)
  const said = detail.timeline.filter(({ detail: of }) => Object.keys(of).length > 0)
  expect(said).toMatchObject([{ kind: 'accepted', detail: { name: 'Name of son', etaMinutes: 10 } }])
  expect(said[0]?.detail).toEqual({ name: 'Name of son', etaMinutes: 10 })
  expect(JSON.stringify(detail)).not.toMatch(/138|bathroom|Bathroom|4711/)
})

test('a browser says that it has shown a message: delivered, and no more than that', async () => {
  const { link } = await asked()
  expect((await call('POST', `${link}/shown`)).status).toBe(204)
  expect(await the.rows()).toMatchObject([{ state: 'delivered' }])
  await give(link, { answer: 'cannot' })
  // Late, and twice: what is known already is not unlearned.
  expect((await call('POST', `${link}/shown`)).status).toBe(204)
  expect(await the.rows()).toMatchObject([{ state: 'declined' }])
  expect(await call<Problem>('POST', `/api/v1/answers/${'A'.repeat(43)}/shown`)).toMatchObject({ status: 404 })
})

const report = (id: string | undefined, says: string) => ({
  provider: 'hand-sms',
  id,
  providerId: null,
  says,
  why: null,
  addressDead: false,
})

test('a callback is read raw, by the reader of its provider, at the address the provider was told', async () => {
  const { alarm } = await asked()
  const [row] = await the.rows()
  const url = '/api/v1/callbacks/hand-sms?a=1'
  const headers = { 'x-signature': 'right', 'content-type': 'application/x-www-form-urlencoded' }
  const payload = JSON.stringify([report('nobody', 'seen'), report(row?.id, 'seen'), report(row?.id, 'accepted')])
  const answer = await http.inject({ method: 'POST', url, headers, payload })
  // The stranger's report does not cost the others, and is answered so that it stops.
  expect([answer.statusCode, answer.body]).toEqual([200, '{"code":0}'])
  expect(calls).toEqual([`POST https://anju.test${url} ${payload}`])
  expect(await the.rows()).toMatchObject([{ state: 'accepted' }])
  expect(the.woken).toEqual([alarm.alarm])
  const metrics = await http.inject('/metrics')
  expect(metrics.body).toMatch(/anju_notification_reports_total\{outcome="unknown"\} 1/)
})

test('where too many at once want the same rows, it is answered so that the provider says it again; nothing is lost or done twice', async () => {
  await asked()
  const [row] = await the.rows()
  const url = '/api/v1/callbacks/hand-sms'
  const headers = { 'x-signature': 'right', 'content-type': 'application/json' }
  const payload = JSON.stringify([report(row?.id, 'accepted'), report('nobody', 'seen')])
  const send = () => http.inject({ method: 'POST', url, headers, payload })
  await the.store.sql(`create function is_wanted() returns trigger language plpgsql as
    $$ begin raise exception 'wanted by somebody else' using errcode = 'serialization_failure'; end $$`)
  await the.store.sql(
    'create trigger is_wanted before update on notification for each row execute function is_wanted()',
  )
  try {
    const answer = await send()
    expect([answer.statusCode, answer.json<Problem>().code]).toEqual([503, 'overloaded'])
  } finally {
    await the.store.sql('drop trigger is_wanted on notification; drop function is_wanted')
  }
  expect((await the.rows())[0]?.['state']).not.toBe('accepted')
  expect((await send()).statusCode).toBe(200)
  expect(await the.rows()).toMatchObject([{ state: 'accepted' }])
  const told = the.told.length
  expect((await send()).statusCode).toBe(200)
  expect(the.told).toHaveLength(told)
})

test('what is not from the provider is refused, and what it asks for by GET is answered', async () => {
  const url = '/api/v1/callbacks/hand-sms'
  expect((await http.inject({ method: 'POST', url, payload: '[]' })).statusCode).toBe(401)
  expect((await http.inject({ method: 'POST', url: '/api/v1/callbacks/nobody', payload: '[]' })).statusCode).toBe(404)
  const challenge = await http.inject({ method: 'GET', url, headers: { 'x-signature': 'right' } })
  expect([challenge.statusCode, challenge.headers['content-type'], challenge.body]).toEqual([
    200,
    'text/plain',
    'challenge',
  ])
  const huge = await http.inject({
    method: 'POST',
    url,
    headers: { 'x-signature': 'right' },
    payload: 'x'.repeat(300_000),
  })
  expect(huge.statusCode).toBe(413)
})

test('a link ends with the consent it was sent under: nothing is shown by it and nobody is taken to be on their way; that they do not come is heard', async () => {
  const { alarm, link } = await asked()
  expect((await give(link, { answer: 'going', etaMinutes: 10 })).status).toBe(200)
  await the.store.sql(
    `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence, withdrawn_at)
     select 'k', 'east', home, 'r1', 'alarm', recipient_kind, recipient, now(), 'paper', now() from notification limit 1`,
  )
  const refused = { status: 403, body: { code: 'consent-missing', purpose: 'alarm' } }
  expect(await call('GET', link)).toMatchObject(refused)
  expect(await give(link, { answer: 'going', etaMinutes: 20 })).toMatchObject(refused)
  expect((await give(link, { answer: 'cannot' })).status).toBe(200)
  expect((await timeline(alarm.alarm)).map(({ kind }) => kind)).toEqual(['accepted', 'declined'])
  await the.store.sql('delete from consent')
  expect((await call('GET', link)).status).toBe(200)
})

test('a link ends when whom it was sent to is taken from the list; that they do not come is heard', async () => {
  const { alarm, link } = await asked()
  await the.store.sql(`insert into contact (id, centre, home, name, relation, phone, position, removed_at)
    select recipient, centre, home, 'Son', 'son', '', 90, app_now() from notification limit 1`)
  const refused = { status: 404, body: { code: 'answer-unknown' } }
  expect(await call('GET', link)).toMatchObject(refused)
  expect(await give(link, { answer: 'going', etaMinutes: 20 })).toMatchObject(refused)
  expect(await timeline(alarm.alarm)).toEqual([])
  expect(await give(link, { answer: 'cannot' })).toMatchObject({ status: 200, body: { state: 'declined', going: [] } })
  await the.store.sql('delete from contact where position = 90')
})
