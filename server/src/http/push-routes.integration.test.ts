import { createECDH, randomBytes } from 'node:crypto'
import type { Contact, Problem, PushAnswer, Way } from '@anju/contract/api'
import { PushAnswer as PushShape } from '@anju/contract/api'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { until } from '../../../tests/harness/wait.ts'
import { answersAs, listOf, type TwoCentres, twoCentres } from './two-centres.fixture.ts'

let two: TwoCentres
let kin: Api
beforeAll(async () => {
  two = await twoCentres()
  kin = await two.server.logIn('family')
})
afterAll(() => two.server.end())
beforeEach(async () => {
  await two.sql(`delete from way where channel = 'push'`)
})

/** What a browser hands out; the push service is one of those that everybody's is. */
const aBrowser = (host = 'fcm.googleapis.com') => ({
  endpoint: `https://${host}/fcm/send/${randomBytes(12).toString('hex')}`,
  expirationTime: null,
  keys: { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: randomBytes(16).toString('base64url') },
})
const subscribe = (who: Api, browser: object) => who.call<Way & Problem>('POST', '/push/subscriptions', browser)
const ways = async () =>
  (await two.sql(`select id, owner, home, position from way where channel = 'push' order by owner, position`)) as {
    id: string
    owner: string
    home: string | null
    position: number
  }[]

test('a page is told with which key it subscribes, and whether that would be of any use', async () => {
  const { body } = await kin.call<PushAnswer>('GET', '/push')
  expect(answersAs(PushShape, body)).toEqual([])
  expect(Buffer.from(body.publicKey, 'base64url')).toHaveLength(65)
  expect(body.asked).toBe(true)
})

test('the browser used last stands first; one that comes again is one; one that leaves is gone', async () => {
  const [laptop, phone] = [aBrowser(), aBrowser()]
  const first = await subscribe(kin, laptop)
  expect(first).toMatchObject({ status: 200, body: { channel: 'push', dead: null, lastProvenOn: null } })
  expect(first.body.address).not.toContain('fcm')
  const second = await subscribe(kin, phone)
  expect((await ways()).map(({ id }) => id)).toEqual([second.body.id, first.body.id])
  expect((await subscribe(kin, laptop)).body.id).toBe(first.body.id)
  expect((await ways()).map(({ id, home }) => [id, home])).toEqual([
    [first.body.id, 'home-1'],
    [second.body.id, 'home-1'],
  ])
  // An operator sees that there is such a way, not what it is.
  const [contact] = await listOf<Contact>(two.li, '/homes/home-1/contacts')
  expect(contact?.accountWays?.map(({ id }) => id)).toEqual([first.body.id, second.body.id])
  expect(contact?.ways?.some(({ channel }) => channel === 'push')).toBe(false)

  expect((await kin.call('DELETE', `/push/subscriptions/${first.body.id}`)).status).toBe(204)
  expect(await kin.call('DELETE', `/push/subscriptions/${first.body.id}`)).toMatchObject({
    status: 404,
    body: { code: 'way-unknown' },
  })
  expect(await ways()).toHaveLength(1)
  expect(await two.audited('family')).toEqual([
    { person: 'family', action: 'subscription.added', changed: ['ways'] },
    { person: 'family', action: 'subscription.added', changed: ['ways'] },
    { person: 'family', action: 'subscription.removed', changed: ['ways'] },
  ])
})

test('a dead one is answered as dead: the push service never takes it back, the browser must ask for another', async () => {
  const browser = aBrowser()
  const { body } = await subscribe(kin, browser)
  await two.sql(`update way set dead_since = now(), dead_why = 'http 410' where id = $1`, [body.id])
  expect((await subscribe(kin, browser)).body.dead).toMatchObject({ why: 'http 410' })
})

test('whoever signs in next on a browser takes it over; nobody takes away another’s by its id', async () => {
  const browser = aBrowser()
  const { body } = await subscribe(kin, browser)
  expect(await two.li.call('DELETE', `/push/subscriptions/${body.id}`)).toMatchObject({ status: 404 })
  await subscribe(two.li, browser)
  expect((await ways()).map(({ owner }) => owner)).toEqual(['operator'])
})

test('what waits for a browser does not leave once it is given up, nor once somebody else uses it', async () => {
  const waiting = async (browser: object) => {
    const { body } = await subscribe(kin, browser)
    await two.sql('truncate notification cascade')
    await two.sql(
      `insert into notification (id, centre, home, purpose, recipient_kind, recipient, recipient_name, channel, address, language,
         content, urgent, state, queued_at, due_at)
       select 'n', centre, home, 'notice', 'contact', 'contact-1', 'x', 'push', address, 'en',
         '{"is":"notice","type":"test","at":"02:10","code":"AAAAAA","test":false}', false, 'queued', now(), now() + interval '1 hour'
       from way where id = $1`,
      [body.id],
    )
    return body.id
  }
  const withdrawn = () =>
    until(
      'it to be withdrawn',
      async () => (await two.sql(`select 1 from notification where state = 'cancelled'`)).length > 0,
      {
        withinMs: 5_000,
      },
    )
  await kin.call('DELETE', `/push/subscriptions/${await waiting(aBrowser())}`)
  await withdrawn()
  const shared = aBrowser()
  await waiting(shared)
  await subscribe(two.li, shared)
  await withdrawn()
  expect(await two.sql('select state from notification')).toEqual([{ state: 'cancelled' }])
  await two.sql('truncate notification cascade')
})

test('only the last ten are kept', async () => {
  const made: string[] = []
  for (let n = 0; n < 12; n++) made.push((await subscribe(kin, aBrowser())).body.id)
  expect((await ways()).map(({ id }) => id)).toEqual(made.reverse().slice(0, 10))
})

test('a relative whom nobody would ever ask is not left to believe that they are', async () => {
  await two.sql(`update contact set removed_at = now() where id = 'contact-1'`)
  expect((await kin.call<PushAnswer>('GET', '/push')).body.asked).toBe(false)
  expect(await subscribe(kin, aBrowser())).toMatchObject({ status: 404, body: { code: 'contact-unknown' } })
  await two.sql(`update contact set removed_at = null where id = 'contact-1'`)
})

test.for([
  ['of an address in our own network', { ...aBrowser('10.0.0.7') }, /body\/endpoint: is of no push service/],
  ['of a host that only looks like one', { ...aBrowser('fcm.googleapis.com.evil.example') }, /body\/endpoint/],
  ['in the clear', { ...aBrowser(), endpoint: 'http://fcm.googleapis.com/x' }, /body\/endpoint/],
  ['without keys', { endpoint: 'https://fcm.googleapis.com/x' }, /body.*keys/],
  ['with a word we do not know', { ...aBrowser(), more: 1 }, /more/],
] as const)('a subscription %s is refused, naming the field', async ([, browser, why]) => {
  const { status, body } = await subscribe(kin, browser)
  expect([status, body.code]).toEqual([400, 'request-malformed'])
  expect(body.detail).toMatch(why)
  expect(await ways()).toEqual([])
})
