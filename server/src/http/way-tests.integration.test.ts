import type { AnswerView, Colleague, Contact, Problem, Responder, WayTest } from '@anju/contract/api'
import { AnswerView as AnswerShape } from '@anju/contract/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signedByTwilio } from '../../../tests/harness/providers/twilio.ts'
import { until } from '../../../tests/harness/wait.ts'
import { answersAs, listOf, type TwoCentres, twoCentres } from './two-centres.fixture.ts'

// From the press on "test" to the day on which it was last proven: our server, and a provider that is a fake.

let given: TwoCentres
beforeAll(async () => {
  given = await twoCentres()
})
afterAll(() => given.end())

let number = 13_800_000_100
async function aFriend(channel: 'sms' | 'voice' = 'sms') {
  const address = String(++number)
  const { body } = await given.zhou.call<Contact>('POST', '/homes/home-1/contacts', {
    name: 'Friend',
    relation: 'friend',
    ways: [{ channel, address }],
  })
  const path = `/homes/home-1/contacts/${body.id}`
  const way = `${path}/ways/${body.ways?.[0]?.id}`
  const now = async () => {
    const found = (await listOf<Contact>(given.zhou, '/homes/home-1/contacts')).find(({ id }) => id === body.id)
    return { contact: found?.lastProvenOn ?? null, way: found?.ways?.[0]?.lastProvenOn ?? null }
  }
  return { id: body.id, address, path, way, now }
}
const startTest = (way: string, headers = {}) =>
  given.zhou.call<WayTest & Problem>('POST', `${way}/test`, undefined, headers)
/** What the telephone at this number has got. */
const received = (address: string) =>
  until(
    `something for ${address}`,
    () => given.twilio.created.find(({ form }) => form.get('To') === `+86${address}`)?.form,
    { withinMs: 10_000 },
  )
const provenIs = (friend: { now: () => Promise<{ contact: string | null; way: string | null }> }) =>
  until('the way is proven', async () => (await friend.now()).way !== null, { withinMs: 10_000 })

test('a short message says that it is a test; opening its link proves the number and the contact', async () => {
  const friend = await aFriend()
  expect(await friend.now()).toEqual({ contact: null, way: null })
  const { status, body } = await startTest(friend.way)
  expect(status).toBe(202)
  expect(body.notificationId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  const said = (await received(friend.address)).get('Body') ?? ''
  expect(said).toMatch(/测试消息.*没有人需要帮助/)
  const link = /\/a\/([\w-]{43})/.exec(said)?.[1]
  const page = await given.zhou.call<AnswerView>('GET', `/answers/${link}`)
  expect(answersAs(AnswerShape, page.body)).toEqual([])
  expect(page.body).toMatchObject({ type: 'test', over: 'only-a-test', test: false, going: [] })
  // That it was fetched proves nothing: messengers fetch links, too. A page that runs says so.
  expect(await friend.now()).toEqual({ contact: null, way: null })
  expect((await given.zhou.call('POST', `/answers/${link}`, { answer: 'seen' })).status).toBe(200)
  expect(await friend.now()).toEqual({ contact: expect.any(String), way: expect.any(String) })
  const [row] = await given.sql('select purpose, alarm, state from notification where id = $1', [body.notificationId])
  expect(row).toEqual({ purpose: 'notice', alarm: null, state: 'seen' })
  expect((await given.audited(friend.id)).at(-1)).toMatchObject({ person: 'supervisor', action: 'way.tested' })
})

test('a "1" that is written back proves it as well, and accepts no alarm', async () => {
  const friend = await aFriend()
  await startTest(friend.way)
  await received(friend.address)
  const url = `${given.server.url}/api/v1/callbacks/twilio-sms`
  const reply = signedByTwilio('twelve-thousand', url, { From: `+86${friend.address}`, Body: '1' })
  const { method, headers, body } = reply
  expect((await fetch(url, { method, headers, body: new Uint8Array(body) })).status).toBe(200)
  await provenIs(friend)
  expect(await given.sql(`select 1 from notification where state = 'accepted'`)).toEqual([])
})

test('a call that is answered proves the number', async () => {
  const friend = await aFriend('voice')
  const { body: queued } = await startTest(friend.way)
  expect((await received(friend.address)).get('Twiml')).toMatch(/测试来电/)
  const url = `${given.server.url}/api/v1/callbacks/twilio-voice?id=${queued.notificationId}`
  const answered = signedByTwilio('twelve-thousand', url, { CallSid: 'CA1', CallStatus: 'in-progress' })
  await fetch(url, { method: 'POST', headers: answered.headers, body: new Uint8Array(answered.body) })
  await provenIs(friend)
})

test('one that is dead comes back by its test; two taps within a minute are one message', async () => {
  const friend = await aFriend()
  await given.sql(`update way set dead_since = now(), dead_why = 'switched-off' where owner = $1`, [friend.id])
  const [first, second] = [await startTest(friend.way), await startTest(friend.way)]
  expect(second.body.notificationId).toBe(first.body.notificationId)
  const link = /\/a\/([\w-]{43})/.exec((await received(friend.address)).get('Body') ?? '')?.[1]
  await given.zhou.call('POST', `/answers/${link}`, { answer: 'going' })
  await provenIs(friend)
  expect(await given.sql('select dead_since from way where owner = $1', [friend.id])).toEqual([{ dead_since: null }])
})

test('colleagues and responders have tests, too', async () => {
  const ways = [{ channel: 'sms', address: String(++number) }]
  const { body: colleague } = await given.zhou.call<Colleague>('PUT', '/people/operator/ways', { ways })
  expect((await startTest(`/people/operator/ways/${colleague.ways[0]?.id}`)).status).toBe(202)
  await received(String(number))
  const other = [{ channel: 'sms', address: String(++number) }]
  const { body: responder } = await given.zhou.call<Responder>('POST', '/responders', { name: 'V', ways: other })
  expect((await startTest(`/responders/${responder.id}/ways/${responder.ways[0]?.id}`)).status).toBe(202)
  await received(String(number))
})

const refused = async (way: string) => {
  const { status, body } = await startTest(way)
  return `${status} ${body.code} ${body.detail}`
}
test('what cannot be tested says why', async () => {
  const friend = await aFriend()
  expect(await refused(`${friend.path}/ways/west-w`)).toMatch(/^404 way-unknown/)
  expect(await refused('/homes/west-home/contacts/west-c/ways/west-w')).toMatch(/^404 contact-unknown/)
  expect(await refused(`/people/west-p/ways/x`)).toMatch(/^404 person-unknown/)
  expect(await refused(`/responders/west-n/ways/x`)).toMatch(/^404 responder-unknown/)
  const mail = { ways: [{ channel: 'email', address: 'friend@example.org' }] }
  const { body } = await given.zhou.call<Contact>('PATCH', friend.path, mail)
  expect(await refused(`${friend.path}/ways/${body.ways?.[0]?.id}`)).toMatch(
    /^400 .*no provider is configured for email/,
  )
  await given.sql(
    `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, withdrawn_at, evidence)
     select 'k-test', 'demo-centre', 'home-1', id, 'alarm', 'contact', $1, now(), now(), 'paper' from resident where home = 'home-1' limit 1`,
    [friend.id],
  )
  expect(await refused(`${friend.path}/ways/${body.ways?.[0]?.id}`)).toMatch(/^409 transition-refused/)
  expect((await given.li.call('POST', `${friend.way}/test`)).status).toBe(403)
})
