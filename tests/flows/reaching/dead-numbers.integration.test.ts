import { type AlarmId, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { meansOf } from '../../../server/src/notifications/means.ts'
import { createReadiness } from '../../../server/src/roster/readiness.ts'
import { actorOf } from '../../harness/story/people.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const AT = '2026-03-01T02:10:00+08:00'

const waysOf = (name: string) =>
  story.data.sql('select channel, dead_why as why from way where owner = $1 order by position', [name])
const attemptsAt = async (alarm: AlarmId, name: string) =>
  (await story.alarm(alarm)).notifications
    .filter(({ recipient }) => recipient.id === name)
    .map(({ channel, state, why }) => `${channel} ${state} ${why}`)

test('a number that does not exist costs no second: the next one is asked at once, and it is not dialled again', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'son' }, { name: 'daughter' }] })
  story.phones.kill(story.addresses.of('son', 'sms'))
  const alarm = await story.press()
  await story.expect('sms', 'daughter')
  expect(await attemptsAt(alarm, 'son')).toEqual(['sms failed 21211', 'voice failed 21211'])
  expect(await waysOf('son')).toEqual([
    { channel: 'sms', why: '21211' },
    { channel: 'voice', why: '21211' },
  ])

  // Two rounds later, and in the next alarm, nobody has tried it again.
  await story.passes(seconds(45))
  await story.expect('voice', 'daughter')
  await story.passes(seconds(45 + 120))
  await story.expect('sms', 'daughter')
  expect(await attemptsAt(alarm, 'son')).toHaveLength(2)
  await story.at('li').claims(alarm)
  const next = await story.press({ placement: 'bed-sos' })
  await story.expect('sms', 'daughter')
  expect(await attemptsAt(next, 'son')).toEqual([])
})

test('a number that is unsubscribed is told by its provider later: it is dead from then on, and the next is asked at once', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'son', ways: ['sms'] }, { name: 'daughter' }] })
  await story.press()
  const message = await story.expect('sms', 'son')
  await story.passes(seconds(5))
  await story.says(message, 'undelivered', { ErrorCode: '30005' })
  await story.expect('sms', 'daughter')
  expect(await waysOf('son')).toEqual([{ channel: 'sms', why: '30005' }])
})

test('a number that rings where nobody hears it is not all that is ever dialled: the next round dials the next one', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'son', ways: ['voice'] }] })
  await story.data.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select 'new-mobile', centre, home, owner_kind, owner, channel, $1, 2 from way where owner = 'son'`,
    [story.addresses.of('son-on-his-new-mobile', 'voice')],
  )
  const alarm = await story.press()
  for (const whose of ['son', 'son-on-his-new-mobile', 'son']) {
    const call = await story.expect('voice', whose)
    await story.says(call, 'no-answer', {})
    await story.passes(seconds(120))
  }
  await story.expect('voice', 'son-on-his-new-mobile')
  expect(await attemptsAt(alarm, 'son')).toHaveLength(4)
})

test('whose turn it is goes by whom was asked, not by how often somebody took the alarm and gave it back', async () => {
  story = await aStory({
    at: AT,
    contacts: [
      { name: 'son', ways: ['voice'] },
      { name: 'daughter', ways: ['voice'] },
    ],
  })
  await story.data.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select 'new-mobile', centre, home, owner_kind, owner, channel, $1, 2 from way where owner = 'daughter'`,
    [story.addresses.of('daughter-on-her-new-mobile', 'voice')],
  )
  const alarm = await story.press()
  await story.expect('voice', 'son')
  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'release' })
  const call = await story.expect('voice', 'son')
  await story.says(call, 'no-answer')
  // Never asked before: her own first number.
  await story.expect('voice', 'daughter')
  expect(await attemptsAt(alarm, 'daughter')).toHaveLength(1)
})

test('of twenty responders with two numbers each, ten are asked at once: no number waits longer than four rounds', async () => {
  const names = Array.from({ length: 20 }, (_, nth) => `helper-${nth + 1}`)
  const everyTenS = { startAfterS: 0, repeatAfterS: 10, quietWhileHeld: true }
  story = await aStory({
    at: AT,
    responders: names,
    policy: {
      centre: {
        ...everyTenS,
        steps: [{ targets: [{ to: 'queue' }], waves: [{ channels: ['console'], timeoutS: 20 }] }],
      },
      family: {
        ...everyTenS,
        steps: [{ targets: [{ to: 'responders' }], waves: [{ channels: ['sms'], timeoutS: 20 }] }],
      },
    },
  })
  for (const name of names)
    for (const [index, number] of [name, `${name} at home`].entries())
      await story.data.sql(
        `insert into way (id, centre, owner_kind, owner, channel, address, position) values ($1, 'east', 'responder', $2, 'sms', $3, $4)`,
        [`way of ${number}`, name, story.addresses.of(number, 'sms'), index],
      )
  await story.press()
  await story.passes(seconds(95))
  const asked = story.takeAll()
  expect(asked).toHaveLength(40)
  expect(new Set(asked).size).toBe(40)
})

test('where the first three have no number the fourth of the home’s list is asked, and the fifth', async () => {
  const nobody = ['son', 'daughter', 'neighbour'].map((name) => ({ name, ways: [] }))
  story = await aStory({
    at: AT,
    contacts: [...nobody, { name: 'niece', ways: ['sms'] }, { name: 'nephew', ways: ['sms'] }],
  })
  const alarm = await story.press()
  await story.expect('sms', 'niece')
  await story.passes(seconds(45))
  await story.expect('sms', 'nephew')
  expect(await attemptsAt(alarm, 'niece')).toEqual(['sms sent null'])
})

test('a stranger answered the operator: what waits for that number fails, and no round asks there again until somebody is reached', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'son' }, { name: 'daughter' }] })
  const first = await story.press()
  await story.expect('sms', 'son')
  story.phones.breaks('sms', 503)
  const second = await story.press({ placement: 'bed-sos' })
  expect(await attemptsAt(second, 'son')).toEqual(['sms queued http 503'])
  story.phones.breaks('sms', null)
  await story.at('li').claims(first)
  await story.at('li').calls(first, 'son', 'wrong-number')
  expect(await attemptsAt(second, 'son')).toEqual(['sms failed address-dead'])
  expect(await waysOf('son')).toEqual([
    { channel: 'sms', why: 'wrong-number' },
    { channel: 'voice', why: 'wrong-number' },
  ])

  // At once, and not after his 45 seconds.
  await story.expect('sms', 'daughter')
  await story.passes(seconds(45))
  await story.expect('voice', 'daughter')
  expect(await attemptsAt(second, 'son')).toHaveLength(1)

  await story.at('li').calls(first, 'son', 'reached')
  expect(await waysOf('son')).toEqual([
    { channel: 'sms', why: null },
    { channel: 'voice', why: null },
  ])
})

test('what no provider is set up for costs no second, is told, and is tried again like the others', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'son', ways: [] }, { name: 'daughter' }] })
  await story.data.sql(
    `insert into way (id, centre, owner_kind, owner, channel, address, position) values ('mail', 'east', 'contact', 'son', 'email', 'son@example.org', 1)`,
  )
  const alarm = await story.press()
  await story.expect('sms', 'daughter')
  expect(await attemptsAt(alarm, 'son')).toEqual(['email failed no-provider'])
  // It is not kept quiet that he was not reached, and the next round tries him like the others.
  expect((await story.log(alarm)).filter((kind) => kind === 'undeliverable')).toHaveLength(1)
  expect((await story.log(alarm)).filter((kind) => kind === 'unreached')).toHaveLength(0)
  await story.passes(seconds(45))
  await story.expect('voice', 'daughter')
  await story.passes(seconds(45 + 120))
  await story.expect('sms', 'daughter')
  expect(await attemptsAt(alarm, 'son')).toEqual(['email failed no-provider', 'email failed no-provider'])
})

test('where nobody can be reached the log says so, readiness shows it, and every round tries again, the tenth like the first', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'son' }] })
  story.phones.kill(story.addresses.of('son', 'sms'))
  const alarm = await story.press()
  expect((await story.log(alarm)).filter((kind) => kind === 'unreached')).toHaveLength(1)
  expect(story.told('east', alarm)).toContain('unreached')
  const admin = actorOf({ name: 'sun', role: 'supervisor' })
  const lacks = async () =>
    (
      await createReadiness({ database: story.server.database, means: meansOf(story.phones.adapters) }).of(
        admin,
        undefined,
      )
    ).homes.items[0]?.lacks
  expect(await lacks()).toContain('no-living-way')

  await story.passes(minutes(20))
  const family = async () => (await story.alarm(alarm)).escalation?.find(({ track }) => track === 'family')
  expect(await family()).toMatchObject({ state: 'waiting', round: 11 })
  // It is said once, not every two minutes of a night.
  expect((await story.log(alarm)).filter((kind) => kind === 'unreached')).toHaveLength(1)

  // Somebody enters a number that works: the very next round asks there.
  await story.data.sql(
    `update way set address = '+8613911112222', dead_since = null, dead_why = null where owner = 'son'`,
  )
  await story.passes(seconds(120))
  expect(story.phones.take('sms', '+8613911112222')?.says).toMatch(/提醒/)
  expect(await lacks()).not.toContain('no-living-way')
})
