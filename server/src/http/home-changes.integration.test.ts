import type { Home, HomeDetail, Resident } from '@anju/contract/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../../../tests/harness/api.ts'
import { type TwoCentres, twoCentres } from './two-centres.fixture.ts'

let given: TwoCentres
let zhou: Api
let installer: Api
beforeAll(async () => {
  given = await twoCentres()
  ;({ zhou, installer } = given)
})
afterAll(() => given.end())

/** All that the audit says of the changes of a home, or of whoever lives there. */
const audited = (subject: string) =>
  given.sql(
    `select person, name, role, action, subjects, changed, ip <> '' as located from audit
     where action not like '% %' and $1 = any (subjects) order by id`,
    [subject],
  )
const by = (person: string, name: string, role: string) => ({ person, name, role, located: true })
const boss = by('supervisor', '周敏', 'supervisor')

test('a home is entered and corrected in somebody’s name, by the names of the fields and never by what was in them', async () => {
  const { body } = await installer.call<Home>('POST', '/homes', { name: 'New home', address: 'Street 9' })
  expect(body.version).toBe(1)
  await zhou.call('PATCH', `/homes/${body.id}`, { arrival: 'behind the market', latitude: 30, longitude: 120 })
  // Nothing was changed: there is nothing to be told.
  await zhou.call('PATCH', `/homes/${body.id}`, {})
  expect(await audited(body.id)).toEqual([
    {
      ...by('installer', '赵强', 'installer'),
      action: 'home.added',
      subjects: [body.id],
      changed: ['name', 'address'],
    },
    { ...boss, action: 'home.changed', subjects: [body.id], changed: ['arrival', 'latitude', 'longitude'] },
  ])
})

test('so is who lives there, and the mode of a home', async () => {
  const { body: home } = await zhou.call<Home>('POST', '/homes', { name: 'Another home' })
  const path = `/homes/${home.id}`
  const { status, body } = await given.li.call<Resident>('PATCH', `${path}/resident`, {
    name: 'Somebody',
    writtenFrom: null,
  })
  expect({ status, version: body.version }).toEqual({ status: 200, version: 1 })
  await zhou.call('PATCH', `${path}/resident`, { access: 'under the stone', medical: ['asthma'], writtenFrom: 1 })
  await given.li.call('POST', `${path}/modes`, { mode: 'away', forMinutes: 60, reason: 'at the hairdresser' })
  await zhou.call('POST', `${path}/modes`, { mode: 'home', reason: 'is back' })
  const rows = (await audited(home.id)).slice(1)
  const resident = expect.stringMatching(/^resident-/)
  const li = by('operator', '李娜', 'operator')
  expect(rows).toEqual([
    { ...li, action: 'resident.added', subjects: [home.id, resident], changed: ['name'] },
    { ...boss, action: 'resident.changed', subjects: [home.id, resident], changed: ['access', 'medical'] },
    { ...li, action: 'mode.changed', subjects: [home.id], changed: ['mode', 'modeUntil', 'modeReason'] },
    { ...boss, action: 'mode.changed', subjects: [home.id], changed: ['mode', 'modeReason'] },
  ])
  expect(JSON.stringify(rows)).not.toMatch(/stone|asthma|hairdresser/)
})

const seen = async () => (await audited('home-1')).length
test('a change that is refused leaves no row, and one that is sent twice leaves one', async () => {
  const before = await seen()
  expect((await zhou.call('PATCH', '/homes/home-1', { timeZone: 'Mars/Olympus' })).status).toBe(400)
  expect((await zhou.call('POST', '/homes/home-1/modes', { mode: 'away', reason: 'for ever' })).status).toBe(400)
  const { version } = (await zhou.call<HomeDetail>('GET', '/homes/home-1')).body
  expect((await zhou.call('PATCH', '/homes/home-1', { arrival: 'x', writtenFrom: version + 1 })).status).toBe(409)
  expect(await seen()).toBe(before)
  const once = () =>
    zhou.call<Home>('PATCH', '/homes/home-1', { arrival: 'x', writtenFrom: version }, { 'idempotency-key': 'the-same' })
  // The answer to the first was lost on the way: it is the same answer, and no conflict with itself.
  expect([(await once()).body.version, (await once()).body.version]).toEqual([version + 1, version + 1])
  expect(await seen()).toBe(before + 1)
})
