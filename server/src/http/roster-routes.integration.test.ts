import type {
  AskedOfSeat,
  Person,
  PolicyAnswer,
  Problem,
  ReadinessAnswer,
  Responder,
  Seat,
  Shift,
  TrackPolicy,
} from '@anju/contract/api'
import {
  Person as PersonSchema,
  PolicyAnswer as PolicySchema,
  ReadinessAnswer as ReadinessSchema,
  Responder as ResponderSchema,
  Shift as ShiftSchema,
} from '@anju/contract/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { answersAs, listOf, type TwoCentres, twoCentres } from './two-centres.fixture.ts'

let given: TwoCentres
let zhou: Api
beforeAll(async () => {
  given = await twoCentres()
  ;({ zhou } = given)
})
afterAll(() => given.end())

test('responders come and go, with their zone, their hours and their numbers', async () => {
  const { status, body } = await zhou.call<Responder>('POST', '/responders', {
    name: 'Volunteer',
    kind: 'volunteer',
    zone: '130203001',
    organisation: 'Street',
    base: { latitude: 39.6, longitude: 118.2 },
    ways: [{ channel: 'voice', address: '13800000061' }],
  })
  expect(status).toBe(201)
  expect(answersAs(ResponderSchema, body)).toEqual([])
  const changed = await zhou.call<Responder>('PATCH', `/responders/${body.id}`, {
    zone: '1302',
    hours: [{ days: [1], from: '22:00', to: '06:00' }],
  })
  expect(changed.body).toMatchObject({ zone: '1302', phone: '13800000061', kind: 'volunteer' })
  const proven = await zhou.call<Responder>('POST', `/responders/${body.id}/ways/${body.ways[0]?.id}/prove`)
  expect(proven.body.ways[0]?.lastProvenOn).not.toBeNull()
  expect((await zhou.call('DELETE', `/responders/${body.id}`)).status).toBe(204)
  expect((await listOf<Responder>(zhou, '/responders')).map(({ id }) => id)).toEqual(['responder-1', 'responder-2'])
  expect((await zhou.call<Responder>('PATCH', `/responders/${body.id}`, { removed: false })).status).toBe(200)
  await zhou.call('DELETE', `/responders/${body.id}`)
  expect((await given.audited(body.id)).map(({ action }) => action)).toEqual([
    'responder.added',
    'responder.changed',
    'way.proven',
    'responder.removed',
    'responder.restored',
    'responder.removed',
  ])
})

const shift = {
  kind: 'on-call',
  who: { kind: 'person', id: 'supervisor' },
  days: [1],
  from: '08:00',
  to: '20:00',
  validFrom: '2026-01-01',
}
test.for([
  ['POST', '/responders', { name: 'X', zone: '13-02' }, /zone/],
  ['POST', '/shifts', { ...shift, timeZone: 'Mars/Olympus' }, /timeZone: is no time zone/],
  ['POST', '/shifts', { ...shift, validFrom: '2026-02-30' }, /validFrom: is no day/],
  ['POST', '/shifts', { ...shift, validTo: '2025-12-31' }, /validTo: is before/],
  ['POST', '/shifts', { ...shift, from: '24:00' }, /from/],
  ['POST', '/shifts', { ...shift, who: { kind: 'person', id: 'west-p' } }, /who: there is no such person/],
  ['POST', '/shifts', { ...shift, who: { kind: 'responder', id: 'west-n' } }, /who: there is no such responder/],
  ['POST', '/shifts', { ...shift, who: { kind: 'person', id: 'family' } }, /who: there is no such person/],
  ['POST', '/shifts', { ...shift, kind: 'supervisor', who: { kind: 'person', id: 'operator' } }, /is no supervisor/],
  ['POST', '/shifts', { ...shift, kind: 'seat' }, /seat: must say which seat/],
  ['POST', '/shifts', { ...shift, kind: 'seat', seat: 'west-seat' }, /seat: there is no such seat/],
  ['POST', '/shifts', { ...shift, seat: 'demo-seat-1' }, /on call sits at none/],
] as const)('%s %s with %j is refused, naming the field', async ([method, path, body, why]) => {
  const answer = await zhou.call<Problem>(method, path, body)
  expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } })
  expect(answer.body.detail).toMatch(why)
})

test('a seat in use stays; a shift is changed as a whole and says whether it is on duty', async () => {
  const { body: seat } = await zhou.call<Seat>('POST', '/seats', { name: 'Seat 9' })
  const { status, body } = await zhou.call<Shift>('POST', '/shifts', {
    ...shift,
    kind: 'seat',
    seat: seat.id,
    days: [1, 2, 3, 4, 5, 6, 7],
    to: '08:00',
  })
  expect(status).toBe(201)
  expect(answersAs(ShiftSchema, body)).toEqual([])
  expect(body).toMatchObject({ onDuty: true, from: '08:00', to: '08:00', who: { name: '周敏' }, validTo: null })
  expect(await zhou.call('DELETE', `/seats/${seat.id}`)).toMatchObject({ status: 409, body: { code: 'seat-in-use' } })
  const ended = await zhou.call<Shift>('PATCH', `/shifts/${body.id}`, { validTo: '2026-01-31' })
  expect(ended.body).toMatchObject({ onDuty: false, validTo: '2026-01-31', seat: seat.id })
  expect((await zhou.call('DELETE', `/shifts/${body.id}`)).status).toBe(204)
  expect((await zhou.call('PATCH', `/seats/${seat.id}`, { name: 'Seat 10' })).status).toBe(200)
  expect((await zhou.call('DELETE', `/seats/${seat.id}`)).status).toBe(204)
  expect((await listOf<Seat>(zhou, '/seats')).map(({ id }) => id)).toEqual(['demo-seat-1'])
})

const sit = (who: Api, seat: string | null) => who.call<Person & Problem>('PUT', '/session/seat', { seat })
const seatOf = async (who: Api) => (await who.call<Person>('GET', '/session')).body.seat

test('who sits where is said by whoever sits there, for their own session, and stays with it', async () => {
  const li = await given.server.logIn('operator')
  expect(await seatOf(li)).toBeNull()
  const { body } = await sit(li, 'demo-seat-1')
  expect(answersAs(PersonSchema, body)).toEqual([])
  expect(body).toMatchObject({ username: 'operator', seat: { id: 'demo-seat-1', name: '1 号坐席' } })
  expect(await seatOf(li)).toEqual({ id: 'demo-seat-1', name: '1 号坐席' })
  // Another browser of theirs stands somewhere else.
  expect(await seatOf(await given.server.logIn('operator'))).toBeNull()
  expect(await sit(li, 'west-seat')).toMatchObject({ status: 404, body: { code: 'seat-unknown' } })
  expect(await sit(given.installer, 'demo-seat-1')).toMatchObject({ status: 403 })
  expect((await li.call('PUT', '/session/seat', {})).status).toBe(400)
  expect(await listOf<AskedOfSeat>(li, '/session/asked')).toEqual([])
  expect(await sit(li, null)).toMatchObject({ status: 200, body: { seat: null } })
  const changes = (await given.audited('demo-seat-1')).filter(({ action }) => action === 'session.changed')
  expect(changes).toEqual([{ person: 'operator', action: 'session.changed', changed: ['seat'] }])
})

test('colleagues and the centre itself have ways, too', async () => {
  const { body } = await zhou.call<{ ways: { id: string }[] }>('PUT', '/people/operator/ways', {
    ways: [{ channel: 'voice', address: '13800000021' }],
  })
  expect(body.ways).toHaveLength(1)
  expect((await zhou.call('PUT', '/people/family/ways', { ways: [] })).status).toBe(404)
  const centre = await zhou.call('PUT', '/centre/ways', { ways: [{ channel: 'voice', address: '13800000071' }] })
  expect(centre.body).toMatchObject({ items: [{ channel: 'voice', address: '13800000071' }] })
  await zhou.call('PUT', '/centre/ways', { ways: [] })
})

const track = (targets: object[], channels = ['console']): TrackPolicy =>
  ({
    startAfterS: 0,
    repeatAfterS: 30,
    quietWhileHeld: true,
    steps: [{ targets, waves: [{ channels, timeoutS: 30 }] }],
  }) as TrackPolicy
const put = (scope: object, centre: TrackPolicy) =>
  zhou.call<PolicyAnswer & Problem>('PUT', '/escalation/policies', { scope, policy: { centre } })

test('a policy is kept per scope, its version grows, and one that reaches nobody is refused with the reason', async () => {
  const first = await put({ type: 'fall-detected' }, track([{ to: 'queue' }]))
  expect(first.status).toBe(200)
  expect(answersAs(PolicySchema, first.body)).toEqual([])
  expect(first.body).toMatchObject({ version: 1, readiness: { ok: true, gaps: [] } })
  const second = await put({ type: 'fall-detected' }, track([{ to: 'supervisors' }]))
  expect(second.body).toMatchObject({ id: first.body.id, version: 2 })
  const home = await put({ home: 'home-1' }, track([{ to: 'seat', seat: 'demo-seat-1' }]))
  expect(home.body).toMatchObject({ version: 1, scope: { home: 'home-1' } })
  expect(await zhou.call('DELETE', '/seats/demo-seat-1')).toMatchObject({ body: { code: 'seat-in-use' } })

  expect(await put({}, track([{ to: 'contact', position: 1 }], ['sms']))).toMatchObject({
    status: 422,
    body: { code: 'policy-unreachable', detail: expect.stringMatching(/nobody it names is planned/) },
  })
  expect(await put({}, track([{ to: 'shift', shift: 'seat' }], ['email']))).toMatchObject({
    status: 422,
    body: { code: 'policy-unreachable', detail: expect.stringMatching(/no working number/) },
  })
  expect(await put({}, track([{ to: 'queue' }, { to: 'seat', seat: 'west-seat' }]))).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/policy\/centre\/steps\/0\/targets\/1\/seat: there is no such seat/) },
  })
  expect(await put({}, track([{ to: 'queue' }, { to: 'centre', centre: 'nowhere' }]))).toMatchObject({ status: 400 })
  expect(await put({ home: 'west-home' }, track([{ to: 'queue' }]))).toMatchObject({
    status: 404,
    body: { code: 'home-unknown' },
  })
  expect(await put({ type: 'smoke', class: 'hazard' }, track([{ to: 'queue' }]))).toMatchObject({ status: 400 })
  expect(await put({ class: 'info' }, track([{ to: 'queue' }]))).toMatchObject({ status: 400 })

  expect((await given.audited(first.body.id)).map(({ action }) => action)).toEqual(['policy.added', 'policy.changed'])
  for (const { id } of [first.body, home.body])
    expect((await zhou.call('DELETE', `/escalation/policies/${id}`)).status).toBe(204)
  expect(await listOf(zhou, '/escalation/policies')).toEqual([])
})

test('readiness finds the hour nobody is planned for, and the homes that lack contacts', async () => {
  const read = async () => (await zhou.call<ReadinessAnswer>('GET', '/escalation/readiness')).body
  const before = await read()
  expect(answersAs(ReadinessSchema, before)).toEqual([])
  expect(before.policies).toEqual([{ policy: null, scope: {}, ok: true, gaps: [] }])
  expect(before.homes.items).toEqual([
    { homeId: 'home-1', name: expect.any(String), contacts: 3, lacks: ['contact-not-proven'] },
  ])
  await given.sql(`update way set dead_since = now() where owner_kind = 'contact' and centre = 'demo-centre'`)
  await given.sql(`update contact set last_proven_on = now() - interval '13 months' where id = 'contact-1'`)
  expect((await read()).homes.items[0]?.lacks).toEqual(['no-living-way', 'contact-not-proven'])
  await given.sql(
    `update way set dead_since = null, last_proven_on = now() where owner_kind = 'contact' and centre = 'demo-centre'`,
  )
  expect((await read()).homes.items).toEqual([])
  await given.sql(`update contact set removed_at = now() where id = 'contact-3'`)
  expect((await read()).homes.items[0]).toMatchObject({ contacts: 2, lacks: ['too-few-contacts'] })
  await given.sql(`update contact set removed_at = null where id = 'contact-3'`)

  const { body: queue } = await put({ class: 'life' }, track([{ to: 'queue' }]))
  // Nobody at the console from 19:00 to 20:00, once the supervisor's shift ends at 19:00, too.
  await zhou.call('PATCH', '/shifts/demo-day', { to: '19:00' })
  await zhou.call('PATCH', '/shifts/demo-supervisor', { to: '19:00' })
  const after = (await read()).policies.find(({ policy }) => policy === queue.id)
  expect(after?.ok).toBe(false)
  expect(after?.gaps.length).toBeGreaterThanOrEqual(13)
  const whole = after?.gaps[1]
  expect([whole?.from.slice(11), whole?.to.slice(11), whole?.why]).toEqual([
    '11:00:00.000Z',
    '12:00:00.000Z',
    'nobody-on-duty',
  ])
  await zhou.call('PATCH', '/shifts/demo-day', { to: '20:00' })
  await zhou.call('PATCH', '/shifts/demo-supervisor', { to: '08:00' })
  await zhou.call('DELETE', `/escalation/policies/${queue.id}`)
})

const atNext = () => put({ type: 'smoke' }, track([{ to: 'next-centre' }]))
test('a policy that counts on the next centre is as good as that one’s own rota', async () => {
  expect(await atNext()).toMatchObject({ status: 422, body: { code: 'policy-unreachable' } })
  await given.sql(`update centre set next_centre = 'west' where id = 'demo-centre'`)
  const { status, body } = await atNext()
  expect([status, body.readiness.ok]).toEqual([200, false])
  // Their only supervisor is there on Mondays.
  const gaps = body.readiness.gaps.filter(({ from }) => from !== body.readiness.gaps[0]?.from)
  expect(gaps.map(({ from }) => new Date(from).getUTCDay())).toEqual(gaps.map(() => 1))
  await zhou.call('DELETE', `/escalation/policies/${body.id}`)
  await given.sql(`update centre set next_centre = null`)
})

test('seeding the demo once more changes nothing of what people changed', async () => {
  await zhou.call('PUT', '/people/supervisor/ways', { ways: [] })
  await zhou.call('DELETE', '/shifts/demo-on-call')
  const state = () =>
    given.sql(`select 'way' as what, owner as id from way union all select 'shift', id from shift order by 1, 2`)
  const before = await state()
  await given.server.stop()
  await given.server.start()
  expect(await state()).toEqual(before)
})
