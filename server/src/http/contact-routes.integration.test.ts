import type { Consent, Contact, HomeDetail, Problem } from '@anju/contract/api'
import { Consent as ConsentSchema, Contact as ContactSchema } from '@anju/contract/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { answersAs, listOf, type TwoCentres, twoCentres } from './two-centres.fixture.ts'

let given: TwoCentres
let zhou: Api
let installer: Api
let li: Api
beforeAll(async () => {
  given = await twoCentres()
  ;({ zhou, installer, li } = given)
})
afterAll(() => given.end())

const contactsOf = () => listOf<Contact>(zhou, '/homes/home-1/contacts')

async function aContact(name: string, more: object = {}): Promise<Contact> {
  const ways = [{ channel: 'sms', address: '138 0000 0041' }]
  const { status, body } = await zhou.call<Contact>('POST', '/homes/home-1/contacts', {
    name,
    relation: 'friend',
    ways,
    ...more,
  })
  expect({ status, body }).toMatchObject({ status: 201 })
  return body
}

test('an installer writes down a contact with their numbers, and everybody who looks at the home sees them', async () => {
  const { status, body } = await installer.call<Contact>('POST', '/homes/home-1/contacts', {
    name: 'Neighbour',
    relation: 'neighbour',
    role: 'key-holder',
    keyHolder: true,
    language: 'en',
    hours: [{ days: [6, 7], from: '09:00', to: '21:00' }],
    distanceM: 40,
    note: 'ring twice',
    ways: [
      { channel: 'wecom', address: 'night-shift' },
      { channel: 'sms', address: '+86 138-0000-0051' },
      { channel: 'voice', address: '13800000052' },
    ],
  })
  expect(status).toBe(201)
  expect(answersAs(ContactSchema, body)).toEqual([])
  expect(body).toMatchObject({
    name: 'Neighbour',
    phone: '13800000052',
    order: 4,
    role: 'key-holder',
    keyHolder: true,
    language: 'en',
    hours: [{ days: [6, 7], from: '09:00', to: '21:00' }],
    distanceM: 40,
    note: 'ring twice',
    withdrawn: false,
    ways: [
      { channel: 'wecom', address: 'night-shift', lastProvenOn: null, dead: null },
      { channel: 'sms', address: '13800000051' },
      { channel: 'voice', address: '13800000052' },
    ],
  })
  const { body: home } = await li.call<HomeDetail>('GET', '/homes/home-1')
  expect(home.contacts.find(({ id }) => id === body.id)).toEqual(body)
  expect(home.contacts[0]?.ways?.map(({ channel }) => channel)).toEqual(['sms', 'voice'])
  expect(await given.audited(body.id)).toEqual([
    {
      person: 'installer',
      action: 'contact.added',
      changed: ['name', 'relation', 'role', 'keyHolder', 'language', 'hours', 'distanceM', 'note', 'ways'],
    },
  ])
  await zhou.call('DELETE', `/homes/home-1/contacts/${body.id}`)
})

test('ways that stay keep their proof and their death; proving brings one back to life', async () => {
  const { id, ways } = await aContact('Friend')
  const [first] = ways ?? []
  const path = `/homes/home-1/contacts/${id}`
  await given.sql(`update way set dead_since = now(), dead_why = 'UNKNOWN_SUBSCRIBER' where id = $1`, [first?.id])
  const changed = await zhou.call<Contact>('PATCH', path, {
    ways: [{ channel: 'email', address: 'friend@example.org' }, { id: first?.id }],
  })
  expect(changed.body.ways).toMatchObject([
    { channel: 'email', dead: null },
    { id: first?.id, channel: 'sms', dead: { why: 'UNKNOWN_SUBSCRIBER' } },
  ])
  const again = await zhou.call<Contact>('PATCH', path, { ways: [{ channel: 'sms', address: '13800000041' }] })
  expect(again.body.ways).toMatchObject([{ id: first?.id, dead: { why: 'UNKNOWN_SUBSCRIBER' } }])
  const proven = await zhou.call<Contact>('POST', `${path}/ways/${first?.id}/prove`)
  expect(proven.body).toMatchObject({
    lastProvenOn: expect.any(String),
    ways: [{ lastProvenOn: expect.any(String), dead: null }],
  })
  expect(await zhou.call('POST', `${path}/ways/west-w/prove`)).toMatchObject({
    status: 404,
    body: { code: 'way-unknown' },
  })
  await zhou.call('DELETE', path)
})

test('a removed contact is gone from every list, and can be brought back', async () => {
  const { id } = await aContact('Cousin')
  const path = `/homes/home-1/contacts/${id}`
  expect((await installer.call('DELETE', path)).status).toBe(204)
  expect((await contactsOf()).map((one) => one.id)).not.toContain(id)
  expect((await li.call<HomeDetail>('GET', '/homes/home-1')).body.contacts.map((one) => one.id)).not.toContain(id)
  expect((await installer.call('DELETE', path)).status).toBe(404)
  expect(await zhou.call('PATCH', path, { name: 'Somebody' })).toMatchObject({
    status: 404,
    body: { code: 'contact-unknown' },
  })
  expect((await zhou.call<Contact>('PATCH', path, { removed: false })).body).toMatchObject({
    name: 'Cousin',
    ways: [{ address: '13800000041' }],
  })
  expect((await given.audited(id)).map(({ action }) => action)).toEqual([
    'contact.added',
    'contact.removed',
    'contact.restored',
  ])
  await zhou.call('DELETE', path)
})

const put = (contacts: unknown[]) =>
  zhou.call<{ items: Contact[] } & Problem>('PUT', '/homes/home-1/contacts/order', { contacts })
test('the order is set as a whole', async () => {
  const [one, two, three] = (await contactsOf()).map(({ id }) => id)
  const { body } = await put([three, one, two])
  expect(body.items.map(({ id, order }) => [id, order])).toEqual([
    [three, 1],
    [one, 2],
    [two, 3],
  ])
  for (const incomplete of [
    [one, two],
    [one, two, two],
    [one, two, 'west-c'],
  ])
    expect(await put(incomplete)).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/contacts/) } })
  await put([one, two, three])
})

test('the same key adds one contact, however often it is sent', async () => {
  const body = { name: 'Twice', relation: 'friend' }
  const key = { 'idempotency-key': 'add-twice' }
  const first = await zhou.call<Contact>('POST', '/homes/home-1/contacts', body, key)
  const second = await zhou.call<Contact>('POST', '/homes/home-1/contacts', body, key)
  expect(second.body).toEqual(first.body)
  expect((await contactsOf()).filter(({ name }) => name === 'Twice')).toHaveLength(1)
  await zhou.call('DELETE', `/homes/home-1/contacts/${first.body.id}`)
})

const add = { name: 'X', relation: 'friend' }
test.for([
  ['POST', '/homes/home-1/contacts', { ...add, ways: [{ channel: 'sms', address: '12' }] }, /body\/ways\/0\/address/],
  ['POST', '/homes/home-1/contacts', { ...add, ways: [{ channel: 'console', address: 'x' }] }, /shift at a seat/],
  [
    'POST',
    '/homes/home-1/contacts',
    { ...add, ways: [{ channel: 'wecom', address: 'nigth-shift' }] },
    /must be one of night-shift/,
  ],
  ['POST', '/homes/home-1/contacts', { ...add, ways: [{ id: 'west-w' }] }, /none of theirs/],
  [
    'POST',
    '/homes/home-1/contacts',
    {
      ...add,
      ways: [
        { channel: 'sms', address: '13800000001' },
        { channel: 'sms', address: '+8613800000001' },
      ],
    },
    /in the list already/,
  ],
  ['POST', '/homes/home-1/contacts', { ...add, hours: [{ days: [8], from: '08:00', to: '20:00' }] }, /days/],
  ['POST', '/homes/home-1/contacts', { ...add, hours: [{ days: [1], from: '8', to: '20:00' }] }, /from/],
  ['POST', '/homes/home-1/contacts', { name: 'X' }, /relation/],
  ['POST', '/homes/home-1/contacts', { ...add, shoeSize: 41 }, /shoeSize/],
] as const)('%s %s with %j is refused, naming the field', async ([method, path, body, why]) => {
  const answer = await zhou.call<Problem>(method, path, body)
  expect(answer).toMatchObject({ status: 400, body: { code: 'request-malformed' } })
  expect(answer.body.detail).toMatch(why)
})

test('a consent is given once, withdrawn at once, and may be given anew', async () => {
  const given = {
    resident: 'resident-1',
    purpose: 'alarm',
    recipient: { kind: 'contact', id: 'contact-1' },
    evidence: 'signed form',
  }
  const give = () => installer.call<Consent>('POST', '/homes/home-1/consents', given)
  const first = await give()
  expect(first.status).toBe(201)
  expect(answersAs(ConsentSchema, first.body)).toEqual([])
  expect((await give()).body).toEqual(first.body)
  const withdrawn = await zhou.call<Consent>('POST', `/homes/home-1/consents/${first.body.id}/withdraw`)
  expect(withdrawn.body.withdrawnAt).not.toBeNull()
  expect((await contactsOf())[0]).toMatchObject({ id: 'contact-1', withdrawn: true })
  const again = await give()
  expect(again.body.id).not.toBe(first.body.id)
  expect((await contactsOf())[0]).toMatchObject({ withdrawn: false })
  const { resident, ...unnamed } = given
  expect((await zhou.call<Consent>('POST', '/homes/home-1/consents', unnamed)).body).toMatchObject({
    id: again.body.id,
    resident,
  })
  const all = await listOf<Consent>(zhou, '/homes/home-1/consents')
  // Beside what the demo's resident agreed to before.
  const ofHim = all.filter(({ purpose, recipient }) => purpose === 'alarm' && recipient.id === 'contact-1')
  expect(new Set(ofHim.map(({ id }) => id))).toEqual(new Set([first.body.id, again.body.id]))
  for (const [field, value] of [
    ['resident', 'west-r'],
    ['recipient', { kind: 'contact', id: 'west-c' }],
    ['recipient', { kind: 'responder', id: 'west-n' }],
    ['recipient', { kind: 'area-staff', id: 'everybody' }],
  ] as const)
    expect(await zhou.call('POST', '/homes/home-1/consents', { ...given, [field]: value })).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(new RegExp(`body/${field}`)) },
    })
})

test('of another centre nothing is seen and nothing can be changed, not even of a home it lent with an alarm', async () => {
  const bodies = async (...paths: string[]) =>
    JSON.stringify(await Promise.all(paths.map(async (path) => (await zhou.call('GET', path)).body)))
  const lists = ['/responders', '/seats', '/shifts', '/people', '/escalation/policies', '/escalation/readiness']
  expect(await bodies(...lists, '/homes/west-home/consents')).not.toContain('west')
  const attempts = [
    ['GET', '/homes/west-home/contacts'],
    ['POST', '/homes/west-home/contacts', add],
    ['PATCH', '/homes/west-home/contacts/west-c', { name: 'Mine' }],
    ['PATCH', '/homes/home-1/contacts/west-c', { name: 'Mine' }],
    ['DELETE', '/homes/west-home/contacts/west-c'],
    ['PUT', '/homes/west-home/contacts/order', { contacts: ['west-c'] }],
    ['POST', '/homes/west-home/contacts/west-c/ways/west-w/prove'],
    ['POST', '/homes/west-home/consents/west-k/withdraw'],
    ['PATCH', '/responders/west-n', { name: 'Mine' }],
    ['DELETE', '/responders/west-n'],
    ['PUT', '/people/west-p/ways', { ways: [] }],
    ['PATCH', '/seats/west-seat', { name: 'Mine' }],
    ['DELETE', '/seats/west-seat'],
    ['PATCH', '/shifts/west-shift', { days: [2] }],
    ['DELETE', '/shifts/west-shift'],
    ['DELETE', '/escalation/policies/west-policy'],
  ] as const
  const tried = async () => {
    const statuses: string[] = []
    for (const [method, path, body] of attempts) {
      const { status } = await zhou.call(method, path, body)
      if (status !== 404) statuses.push(`${method} ${path}: ${status}`)
    }
    return statuses
  }
  expect(await tried()).toEqual([])
  await given.sql(
    `insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since,
       occurrences, recent_at, stuck, first_at, last_at, received_at, late_by_ms, test, l2, also_centres)
     select '01M80NBNC1J5GWVQ1ENT9XE5HA', 'west', 'west-home', 'p', 'sos-pressed', 'life', 'active', 'new', 1, 0, false, now,
       1, '[]', false, now, now, now, 0, false, now, 'demo-centre' from (select app_now() as now) as clock`,
  )
  const { body } = await zhou.call<HomeDetail>('GET', '/homes/west-home')
  expect(body.contacts).toMatchObject([{ id: 'west-c', ways: [{ address: '1' }] }])
  expect(await tried()).toEqual([])
  expect(await given.sql(`select name, removed_at from contact where id = 'west-c'`)).toEqual([
    { name: 'C', removed_at: null },
  ])
  // Nor does it fit out a home with what is its own.
  const fitted = await given.installer.call('POST', '/gateways', { serial: 'LENT-1', homeId: 'west-home' })
  expect(fitted).toMatchObject({ status: 404, body: { code: 'home-unknown' } })
})

test.for([
  ['operator', 'POST', '/homes/home-1/contacts'],
  ['operator', 'PUT', '/escalation/policies'],
  ['operator', 'GET', '/homes/home-1/consents'],
  ['operator', 'POST', '/shifts'],
  ['installer', 'POST', '/responders'],
  ['installer', 'GET', '/escalation/readiness'],
  ['family', 'GET', '/homes/home-1/contacts'],
  ['family', 'GET', '/people'],
] as const)('%s may not %s %s', async ([name, method, path]) => {
  const who = await given.server.logIn(name)
  expect((await who.call(method, path, method === 'GET' ? undefined : {})).status).toBe(403)
})
