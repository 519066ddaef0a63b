import type { AlarmId } from '@anju/contract'
import type { ContactOutcome } from '@anju/contract/api'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'

let centre: AlarmCentre
let id: AlarmId
let lease: number
beforeAll(async () => {
  centre = await anAlarmCentre()
  await centre.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position) values ('c2', 'east', 'home-1', 'Daughter', 'daughter', '2', 2)`,
  )
  await centre.intake.commit([centre.press()])
  const [row] = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
  id = row?.id as AlarmId
  const claimed = await centre.alarms.command(centre.person('li'), id, { type: 'claim' })
  lease = Number(claimed.lease?.token)
})
afterAll(() => centre.close())
beforeEach(async () => {
  centre.buried.length = 0
  await centre.store.sql('delete from way; update contact set last_outcome = null, last_proven_on = null')
})

/** Their numbers, first to be used first. */
async function numbers(contact: string, ...ways: readonly (readonly [id: string, channel: string, address: string])[]) {
  for (const [index, [way, channel, address]] of ways.entries())
    await centre.store.sql(
      `insert into way (id, centre, home, owner_kind, owner, channel, address, position) values ($1, 'east', 'home-1', 'contact', $2, $3, $4, $5)`,
      [way, contact, channel, address, index],
    )
}
const called = (outcome: ContactOutcome, way?: string, contact = 'c1') =>
  centre.alarms.command(centre.person('li'), id, {
    type: 'contact',
    lease,
    contact,
    outcome,
    reached: outcome === 'reached',
    way,
  })
async function contact(wanted = 'c1') {
  const { detail } = await centre.queries.detail(identityOf(centre.person('li')), id)
  const found = detail.contacts.find((one) => one.id === wanted)
  const ways = found?.ways?.map((way) => `${way.id} ${way.dead?.why ?? (way.lastProvenOn ? 'proven' : 'open')}`)
  return { phone: found?.phone, ways }
}

test('a stranger at the only number: it is dead for messages as well, what was queued there is buried, and the other number is offered', async () => {
  await numbers('c1', ['v', 'voice', '13800000001'], ['s', 'sms', '13800000001'], ['s2', 'sms', '13800000002'])
  expect((await contact()).phone).toBe('13800000001')
  await called('wrong-number')
  expect(await contact()).toEqual({ phone: '13800000002', ways: ['v wrong-number', 's wrong-number', 's2 open'] })
  expect(centre.buried).toEqual(
    ['voice', 'sms'].map((channel) => ({ kind: 'contact', id: 'c1', way: { channel, address: '13800000001' } })),
  )
})

test('who has two numbers may have been called on either: only the one that is named is dead', async () => {
  await numbers('c1', ['v1', 'voice', '13800000001'], ['v2', 'voice', '13800000002'])
  await called('wrong-number')
  expect(await contact()).toEqual({ phone: '13800000001', ways: ['v1 open', 'v2 open'] })
  await called('wrong-number', 'v1')
  expect(await contact()).toEqual({ phone: '13800000002', ways: ['v1 wrong-number', 'v2 open'] })
})

test('whoever is reached has proven the number they were called on, and no other; a dead one lives again', async () => {
  await numbers('c1', ['v1', 'voice', '13800000001'], ['v2', 'voice', '13800000002'], ['s1', 'sms', '13800000001'])
  await called('wrong-number', 'v1')
  await called('reached', 'v1')
  expect((await contact()).ways).toEqual(['v1 proven', 'v2 open', 's1 open'])
})

test('what a provider said of messages to a number a call does not take back', async () => {
  await numbers('c1', ['v', 'voice', '13800000001'], ['s', 'sms', '13800000001'])
  await centre.store.sql(`update way set dead_since = app_now(), dead_why = 'SHUTDOWN' where id = 's'`)
  await called('reached')
  expect((await contact()).ways).toEqual(['v proven', 's SHUTDOWN'])
})

test.for(['no-answer', 'busy', 'declined'] as const)('%s says nothing of the number', async (outcome) => {
  await numbers('c1', ['v', 'voice', '13800000001'])
  await called(outcome)
  await called(outcome, 'v')
  expect((await contact()).ways).toEqual(['v open'])
  expect(centre.buried).toEqual([])
})

test('a number of somebody else, or one that nobody can call: refused, and nothing is written down', async () => {
  await numbers('c1', ['mail', 'email', 'a@example.org'])
  await numbers('c2', ['hers', 'voice', '13800000002'])
  for (const way of ['mail', 'hers', 'none'])
    await expect(called('wrong-number', way)).rejects.toMatchObject({ code: 'way-unknown' })
  expect(await contact('c2')).toMatchObject({ ways: ['hers open'] })
  expect(await centre.store.sql('select last_outcome from contact where last_outcome is not null')).toEqual([])
})

test('the log says which number it was', async () => {
  await numbers('c1', ['v', 'voice', '13800000001'])
  await called('reached', 'v')
  const { detail } = await centre.queries.detail(identityOf(centre.person('li')), id)
  expect(detail.timeline.at(-1)).toMatchObject({
    kind: 'contacted',
    detail: { contact: 'c1', outcome: 'reached', way: 'v' },
  })
})
