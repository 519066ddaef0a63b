import type { Alarm, Consent, Home, HomeDetail, Problem } from '@anju/contract/api'
import { Home as HomeSchema, Problem as ProblemSchema } from '@anju/contract/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { answersAs, listOf, type TwoCentres, twoCentres } from './two-centres.fixture.ts'

/** A relative reads at a real server what the resident has agreed to, and nothing else; as of the moment at which they read. */
let given: TwoCentres
let zhou: Api
let kin: Api
let alarm: string
beforeAll(async () => {
  given = await twoCentres()
  ;({ zhou } = given)
  kin = await given.server.logIn('family')
  alarm = '01JQ8ZK3W4M5N6P7R8S9T0V1X2'
  await given.sql(
    `insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since, occurrences,
       recent_at, stuck, first_at, last_at, received_at, late_by_ms, test)
     values ($1, 'demo-centre', 'home-1', 'bathroom-sos', 'sos-pressed', 'life', 'active', 'new', 1, 0, false, now(), 1, '[]', false,
       now(), now(), now(), 5, false)`,
    [alarm],
  )
})
afterAll(() => given.end())
beforeEach(() => given.sql(`update consent set withdrawn_at = null where centre = 'demo-centre'`))

const consents = () => listOf<Consent>(zhou, '/homes/home-1/consents')
async function takesBack(purpose: Consent['purpose'], whom = 'contact-1'): Promise<void> {
  const found = (await consents()).find((one) => one.purpose === purpose && one.recipient.id === whom)
  expect((await zhou.call('POST', `/homes/home-1/consents/${found?.id}/withdraw`)).status).toBe(200)
}
const agrees = (purpose: Consent['purpose'], id = 'contact-1') =>
  zhou.call('POST', '/homes/home-1/consents', { purpose, recipient: { kind: 'contact', id }, evidence: 'on paper' })
const refusedFor = (purpose: string) => ({ status: 403, body: { code: 'consent-missing', purpose } })

test('the demo’s resident has agreed: her son sees how her day goes, and one who is told nothing of it was asked about nothing', async () => {
  const [home] = await listOf<Home>(kin, '/homes')
  expect(home).toMatchObject({ id: 'home-1', mode: 'home' })
  expect(home).not.toHaveProperty('withheld')
  expect((await kin.call<HomeDetail>('GET', '/homes/home-1')).status).toBe(200)
  expect((await consents()).map(({ purpose, recipient }) => `${purpose} ${recipient.id}`).toSorted()).toEqual([
    'alarm contact-1',
    'alarm contact-2',
    'alarm contact-3',
    'daily-state contact-1',
    'daily-state contact-3',
  ])
})

describe('how the day goes', () => {
  test('is not told any more from the moment it is taken back, and again from the moment it is agreed to anew', async () => {
    await zhou.call('POST', '/homes/home-1/modes', { mode: 'hospital', forMinutes: 600, reason: 'a check' })
    expect((await listOf<Home>(kin, '/homes'))[0]).toMatchObject({ mode: 'hospital' })
    await takesBack('daily-state')
    const refused = await kin.call<Problem>('GET', '/homes/home-1')
    expect(refused).toMatchObject(refusedFor('daily-state'))
    expect(refused.body.detail).toBe('the resident has not agreed that this contact sees how the day goes')
    expect(answersAs(ProblemSchema, refused.body)).toEqual([])
    const [home, ...others] = await listOf<Home>(kin, '/homes')
    expect(home).toMatchObject({ id: 'home-1', mode: 'withheld', modeUntil: null, withheld: 'daily-state' })
    expect(others).toEqual([])
    expect(answersAs(HomeSchema, home)).toEqual([])
    const found = await listOf<Home>(kin, `/homes?search=${encodeURIComponent('王秀梅')}`)
    expect(found.map(({ mode }) => mode)).toEqual(['withheld'])
    // Those who work for the centre, and the alarm itself, are none of its business.
    expect((await listOf<Home>(zhou, '/homes'))[0]).toMatchObject({ mode: 'hospital' })
    expect((await listOf<Alarm>(kin, '/alarms')).map(({ id }) => id)).toEqual([alarm])
    expect((await kin.call('GET', `/alarms/${alarm}`)).status).toBe(200)
    await given.sql(`update consent set id = 'before' where id = 'demo-consent-contact-1-daily-state'`)
    expect((await agrees('daily-state')).status).toBe(201)
    expect((await kin.call('GET', '/homes/home-1')).status).toBe(200)
    await zhou.call('POST', '/homes/home-1/modes', { mode: 'home', reason: 'back' })
    await given.sql(`delete from consent where id not like 'demo-%' and centre = 'demo-centre'`)
    await given.sql(
      `insert into consent select 'demo-consent-contact-1-daily-state', centre, home, resident, 'daily-state', recipient_kind, 'contact-1',
         given_at, evidence, null from consent where id = 'demo-consent-contact-1-alarm' on conflict do nothing`,
    )
  })

  test('is told only when all who live there have agreed, and to an account that is one of the contacts', async () => {
    const read = async () => (await kin.call('GET', '/homes/home-1')).status
    await given.sql(`insert into resident (id, centre, home, name) values ('zz-2', 'demo-centre', 'home-1', '王大山')`)
    expect(await read()).toBe(403)
    await given.sql(`delete from resident where id = 'zz-2'`)
    expect(await read()).toBe(200)
    await given.sql(`update person set contact = null where id = 'family'`)
    expect(await read()).toBe(403)
    expect((await kin.call('GET', '/alarms')).status).toBe(200)
    await given.sql(`update person set contact = 'contact-1' where id = 'family'`)
  })
})

test('alarms are not told any more from the moment that is taken back: not in a list, not one, not its version; that they come is not taken, that they do not is', async () => {
  expect((await kin.call('GET', '/alarms')).status).toBe(200)
  expect((await kin.call('POST', `/alarms/${alarm}/going`, {})).status).toBe(200)
  await takesBack('alarm')
  for (const [method, path, body] of [
    ['GET', '/alarms', undefined],
    ['GET', `/alarms/${alarm}`, undefined],
    ['GET', `/alarms/${alarm}/version`, undefined],
    ['POST', `/alarms/${alarm}/going`, {}],
  ] as const)
    expect(await kin.call(method, path, body)).toMatchObject(refusedFor('alarm'))
  // That they do not come after all is heard from anybody, as by a link.
  expect(await kin.call('POST', `/alarms/${alarm}/cannot`)).toMatchObject({ status: 204, body: null })
  const answers = await given.sql(
    `select recipient, state from notification where alarm = $1 and channel = 'console'`,
    [alarm],
  )
  expect(answers).toEqual([{ recipient: 'contact-1', state: 'declined' }])
  expect((await listOf<Home>(kin, '/homes'))[0]).toMatchObject({ mode: 'home' })
  const looks = await given.sql(
    `select 1 from audit where person = 'family' and action = 'GET /api/v1/alarms/:id' and at > now()`,
  )
  expect(looks).toEqual([])
})

test('who is no contact any more is told nothing any more, whatever was agreed to while they were one', async () => {
  const reads = [`/alarms`, `/alarms/${alarm}`, '/homes/home-1']
  const statuses = async () => Promise.all(reads.map(async (path) => (await kin.call('GET', path)).status))
  expect(await statuses()).toEqual([200, 200, 200])
  expect((await zhou.call('DELETE', '/homes/home-1/contacts/contact-1')).status).toBe(204)
  expect(await kin.call('GET', '/alarms')).toMatchObject(refusedFor('alarm'))
  expect(await kin.call('GET', `/alarms/${alarm}`)).toMatchObject(refusedFor('alarm'))
  expect(await kin.call('POST', `/alarms/${alarm}/going`, {})).toMatchObject(refusedFor('alarm'))
  expect(await kin.call('GET', '/homes/home-1')).toMatchObject(refusedFor('daily-state'))
  expect((await listOf<Home>(kin, '/homes'))[0]).toMatchObject({ mode: 'withheld', withheld: 'daily-state' })
  // Not where nobody lives whose word there could be, either.
  await given.sql(`insert into home (id, centre, name) values ('empty', 'demo-centre', 'Empty')`)
  await given.sql(`update resident set home = 'empty' where home = 'home-1'`)
  expect(await kin.call('GET', '/alarms')).toMatchObject(refusedFor('alarm'))
  await given.sql(`update resident set home = 'home-1' where home = 'empty'`)
  await given.sql(`delete from home where id = 'empty'`)
  await given.sql(`update contact set removed_at = null where id = 'contact-1'`)
  expect(await statuses()).toEqual([200, 200, 200])
})

test('what is not there for relatives is not there for them whatever was agreed to', async () => {
  await agrees('telemetry')
  await agrees('routine')
  const path = '/homes/home-1/measurements?placement=meter&point=voltage'
  expect(await kin.call('GET', path)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  await given.sql(`delete from consent where id not like 'demo-%' and centre = 'demo-centre'`)
})
