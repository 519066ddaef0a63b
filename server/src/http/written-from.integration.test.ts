import { createECDH } from 'node:crypto'
import type {
  Colleague,
  Contact,
  HomeDetail,
  PolicyAnswer,
  PolicyView,
  Problem,
  Responder,
  Seat,
  Shift,
  Way,
} from '@anju/contract/api'
import { HomeDetail as HomeSchema, Problem as ProblemSchema } from '@anju/contract/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { answersAs, listOf, type TwoCentres, twoCentres } from './two-centres.fixture.ts'

/** Two who see to the same centre, each at a browser of their own. */
let given: TwoCentres
let zhou: Api
let sun: Api
beforeAll(async () => {
  given = await twoCentres()
  ;({ zhou } = given)
  sun = await given.server.logIn('admin')
})
afterAll(() => given.end())

/** Something that is changed by a form. */
interface Thing {
  readonly what: string
  readonly path: string
  readonly method?: 'PUT'
  readonly theirs: object
  readonly mine: object
}
const home = async () => (await zhou.call<HomeDetail>('GET', '/homes/home-1')).body
const one = async <T extends { id: string }>(path: string, id: string) =>
  (await listOf<T>(zhou, path)).find((each) => each.id === id) as T
/** As somebody reads it who opens its form. */
const versions: Readonly<Record<string, () => Promise<number | undefined>>> = {
  home: async () => (await home()).version,
  resident: async () => (await home()).resident?.version,
  'contact-order': async () => (await home()).orderVersion,
  contact: async () => (await one<Contact>('/homes/home-1/contacts', 'contact-2')).version,
  responder: async () => (await one<Responder>('/responders', 'responder-1')).version,
  shift: async () => (await one<Shift>('/shifts', 'demo-supervisor')).version,
  seat: async () => (await one<Seat>('/seats', 'demo-seat-1')).version,
  person: async () => (await one<Colleague>('/people', 'operator')).version,
}
type Where = Pick<Thing, 'path' | 'method'>
const versionsNow = async () => {
  const { orderVersion, version, contacts } = await home()
  return { orderVersion, version, of: contacts.map((each) => each.version) }
}
const change = (who: Api, { path, method }: Where, body: object, from?: number) =>
  who.call<Problem>(method ?? 'PATCH', path, { ...body, writtenFrom: from })
const told = (what: string, version: number | null, by: string) => ({
  status: 409,
  body: { code: `${what}-changed`, changed: { version, by, at: expect.stringMatching(/Z$/) } },
})
const number = (address: string) => ({ ways: [{ channel: 'voice', address }] })
const contact = '/homes/home-1/contacts/contact-2'

describe('what two people write at once', () => {
  test.for<Thing>([
    { what: 'home', path: '/homes/home-1', theirs: { arrival: 'west gate' }, mine: { arrival: 'east gate' } },
    { what: 'home', path: '/homes/home-1', theirs: { areaCode: null }, mine: { timeZone: 'Asia/Urumqi' } },
    { what: 'resident', path: '/homes/home-1/resident', theirs: { callName: 'Wang' }, mine: { callName: 'Mrs Wang' } },
    { what: 'contact', path: contact, theirs: { note: 'rings twice' }, mine: { note: 'is deaf' } },
    { what: 'contact', path: contact, theirs: number('13800000091'), mine: number('13800000092') },
    {
      what: 'contact-order',
      path: '/homes/home-1/contacts/order',
      method: 'PUT',
      theirs: { contacts: ['contact-3', 'contact-2', 'contact-1'] },
      mine: { contacts: ['contact-2', 'contact-1', 'contact-3'] },
    },
    { what: 'responder', path: '/responders/responder-1', theirs: { zone: '33' }, mine: { organisation: 'Hospital' } },
    { what: 'responder', path: '/responders/responder-1', theirs: number('13800000094'), mine: { ways: [] } },
    { what: 'shift', path: '/shifts/demo-supervisor', theirs: { from: '07:00' }, mine: { from: '09:00' } },
    { what: 'seat', path: '/seats/demo-seat-1', theirs: { name: 'Left' }, mine: { name: 'Right' } },
    {
      what: 'person',
      path: '/people/operator/ways',
      method: 'PUT',
      theirs: number('13800000093'),
      mine: { ways: [] },
    },
  ])('is not overwritten unseen: $what, $mine', async ({ what, theirs, mine, ...thing }) => {
    const version = versions[what] as () => Promise<number>
    const read = await version()
    expect((await change(sun, thing, theirs, read)).status).toBe(200)
    const refused = await change(zhou, thing, mine, read)
    expect(refused).toMatchObject(told(what, read + 1, '孙丽'))
    expect(answersAs(ProblemSchema, refused.body)).toEqual([])
    // What was told is what it is: whoever writes over it knows.
    expect(await version()).toBe(read + 1)
    expect((await change(zhou, thing, mine, read + 1)).status).toBe(200)
    expect(await version()).toBe(read + 2)
    // A program that says nothing of what it read is answered as ever.
    expect((await change(zhou, thing, theirs)).status).toBe(200)
  })

  test('in the same moment is written by one of them', async () => {
    const thing = { path: '/homes/home-1' }
    for (const at of [1, 2, 3]) {
      const read = (await home()).version
      const all = await Promise.all(
        [zhou, sun, zhou, sun].map((who, n) => change(who, thing, { arrival: `${at} ${n}` }, read)),
      )
      expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409])
    }
  })

  test('is found by whoever asks for the home', async () => {
    expect(answersAs(HomeSchema, await home())).toEqual([])
    const list = await zhou.call<{ orderVersion: number }>('GET', '/homes/home-1/contacts')
    expect(list.body.orderVersion).toBe((await home()).orderVersion)
  })
})

describe('what one of them changed', () => {
  test.for([
    ['contact', '/homes/home-1/contacts', { name: 'X', relation: 'friend' }, { name: 'Y' }],
    ['responder', '/responders', { name: 'X' }, { name: 'Y' }],
    ['seat', '/seats', { name: 'X' }, { name: 'Y' }],
    [
      'shift',
      '/shifts',
      {
        kind: 'on-call',
        who: { kind: 'person', id: 'supervisor' },
        days: [1],
        from: '08:00',
        to: '20:00',
        validFrom: '2026-01-01',
      },
      { days: [2] },
    ],
  ] as const)('is not removed by somebody who has not seen it: %s', async ([what, path, body, theirs]) => {
    const { id, version } = (await zhou.call<{ id: string; version: number }>('POST', path, body)).body
    expect(version).toBe(1)
    expect((await sun.call('PATCH', `${path}/${id}`, { ...theirs, writtenFrom: 1 })).status).toBe(200)
    expect(await zhou.call('DELETE', `${path}/${id}?writtenFrom=1`)).toMatchObject(told(what, 2, '孙丽'))
    expect((await zhou.call('DELETE', `${path}/${id}?writtenFrom=2`)).status).toBe(204)
  })

  test('who was added, removed or brought back makes another order of it; what a call proved makes none', async () => {
    const before = await versionsNow()
    await zhou.call('PATCH', contact, number('13800000092'))
    const [way] = (await one<Contact>('/homes/home-1/contacts', 'contact-2')).ways ?? []
    const after = await versionsNow()
    expect(after.orderVersion).toBe(before.orderVersion)
    await zhou.call('POST', `${contact}/ways/${way?.id}/prove`)
    expect(await versionsNow()).toEqual(after)
    const orders: number[] = []
    const seen = async () => orders.push((await home()).orderVersion - before.orderVersion)
    const { id } = (await sun.call<Contact>('POST', '/homes/home-1/contacts', { name: 'X', relation: 'friend' })).body
    await seen()
    await sun.call('DELETE', `/homes/home-1/contacts/${id}`)
    await seen()
    await sun.call('PATCH', `/homes/home-1/contacts/${id}`, { removed: false })
    await seen()
    await sun.call('DELETE', `/homes/home-1/contacts/${id}`)
    expect(orders).toEqual([1, 2, 3])
    // An order that was read before somebody else was added leaves them out, and says so in these words.
    const stale = { contacts: ['contact-1', 'contact-2', 'contact-3'], writtenFrom: before.orderVersion }
    expect(await zhou.call('PUT', '/homes/home-1/contacts/order', stale)).toMatchObject(
      told('contact-order', before.orderVersion + 4, '孙丽'),
    )
  })

  test('a browser that a colleague turns on or off is one change of their ways, however often they come by with it', async () => {
    const version = versions['person'] as () => Promise<number>
    const read = await version()
    const keys = { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: 'A'.repeat(22) }
    const browser = { endpoint: 'https://fcm.googleapis.com/fcm/send/li', keys }
    const { body } = await given.li.call<Way>('POST', '/push/subscriptions', browser)
    await given.li.call('POST', '/push/subscriptions', browser)
    expect(await version()).toBe(read + 1)
    expect((await given.li.call('DELETE', `/push/subscriptions/${body.id}`)).status).toBe(204)
    expect(await version()).toBe(read + 2)
  })
})

const policyOf = (startAfterS: number) => ({
  centre: {
    startAfterS,
    repeatAfterS: 30,
    quietWhileHeld: true,
    steps: [{ targets: [{ to: 'queue' }, { to: 'supervisors' }], waves: [{ channels: ['console'], timeoutS: 30 }] }],
  },
})
const put = (who: Api, startAfterS: number, writtenFrom?: number | null) =>
  who.call<PolicyAnswer & Problem>('PUT', '/escalation/policies', {
    scope: { type: 'of-two' },
    policy: policyOf(startAfterS),
    writtenFrom,
  })
const policies = async () =>
  (await listOf<PolicyView>(zhou, '/escalation/policies')).filter(({ scope }) => scope.type === 'of-two')

describe('a policy', () => {
  test('is written as a plan is: from what was read, or from nothing; a version is never given twice', async () => {
    const { status, body } = await put(zhou, 0, null)
    expect({ status, version: body.version }).toEqual({ status: 200, version: 1 })
    expect(await put(sun, 5, null)).toMatchObject(told('policy', 1, '周敏'))
    expect(await put(sun, 5, 1)).toMatchObject({ status: 200, body: { id: body.id, version: 2 } })
    expect(await put(zhou, 9, 1)).toMatchObject(told('policy', 2, '孙丽'))
    const path = `/escalation/policies/${body.id}`
    expect(await zhou.call('DELETE', `${path}?writtenFrom=1`)).toMatchObject(told('policy', 2, '孙丽'))
    expect((await sun.call('DELETE', `${path}?writtenFrom=2`)).status).toBe(204)
    expect(await policies()).toEqual([])
    expect(await zhou.call('DELETE', path)).toMatchObject({ status: 404, body: { code: 'policy-unknown' } })
    expect(await put(zhou, 9, 2)).toMatchObject(told('policy', null, '孙丽'))
    expect(await put(zhou, 9, null)).toMatchObject({ status: 200, body: { version: 4 } })
    expect((await given.audited(body.id)).map(({ action }) => action)).toEqual([
      'policy.added',
      'policy.changed',
      'policy.removed',
      'policy.added',
    ])
    expect(await put(zhou, 9)).toMatchObject({ status: 200, body: { version: 5 } })
  })

  test('that two write for the first time in the same moment is one’s', async () => {
    await given.sql(`delete from escalation_policy where type = 'of-two'`)
    const all = await Promise.all([zhou, sun, zhou, sun].map((who, n) => put(who, n, null)))
    expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409])
  })

  test('that was removed asks nobody and no longer needs its seat', async () => {
    await given.sql(`delete from escalation_policy where centre = 'demo-centre'`)
    const { body: seat } = await zhou.call<Seat>('POST', '/seats', { name: 'Only here' })
    const policy = policyOf(0)
    const [step] = policy.centre.steps
    const scope = { class: 'technical' }
    const named = {
      centre: { ...policy.centre, steps: [step, { ...step, targets: [{ to: 'seat', seat: seat.id }] }] },
    }
    const { body } = await zhou.call<PolicyAnswer>('PUT', '/escalation/policies', { scope, policy: named })
    expect((await zhou.call('DELETE', `/seats/${seat.id}`)).status).toBe(409)
    await zhou.call('DELETE', `/escalation/policies/${body.id}`)
    expect((await zhou.call('DELETE', `/seats/${seat.id}`)).status).toBe(204)
    const readiness = await zhou.call<{ policies: { policy: string | null }[] }>('GET', '/escalation/readiness')
    expect(readiness.body.policies.map((each) => each.policy)).toEqual([null])
  })
})
