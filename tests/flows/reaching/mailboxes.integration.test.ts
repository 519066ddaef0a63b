import { type AlarmId, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const begins = async (machineDetection = true) => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    contacts: [{ name: 'son', ways: ['voice'] }, { name: 'daughter' }],
    machineDetection,
  })
  const alarm = await story.press()
  return { alarm, call: await story.expect('voice', 'son') }
}
const became = async (alarm: AlarmId) =>
  (await story.alarm(alarm)).notifications
    .filter(({ recipient }) => recipient.id === 'son')
    .map(({ state, why }) => `${state} ${why}`)
const provenOn = (name: string) =>
  story.data.sql(
    `select way.last_proven_on is not null as way, contact.last_proven_on is not null as contact
     from way join contact on contact.id = way.owner where way.owner = $1 and way.channel = 'voice'`,
    [name],
  )

test.for(['machine_start', 'fax'] as const)(
  '%s picks up: the next one is asked in the same second, and nothing is proven',
  async (by) => {
    const { alarm, call } = await begins()
    await story.passes(seconds(8))
    await story.picksUp(call, by)
    await story.expect('sms', 'daughter')
    expect(await became(alarm)).toEqual(['failed machine'])
    expect(await provenOn('son')).toEqual([{ way: false, contact: false }])
  },
)

test('a machine does not bring a dead number back to life', async () => {
  const { call } = await begins()
  await story.data.sql(`update way set dead_since = app_now(), dead_why = '21211' where owner = 'son'`)
  await story.picksUp(call, 'machine_start')
  await story.expect('sms', 'daughter')
  expect(await story.data.sql(`select dead_why from way where owner = 'son'`)).toEqual([{ dead_why: '21211' }])
})

test('a person picks up: he has the time to say whether he goes, and the number is proven', async () => {
  const { alarm, call } = await begins()
  await story.picksUp(call, 'human')
  expect(await became(alarm)).toEqual(['delivered null'])
  expect(await provenOn('son')).toEqual([{ way: true, contact: true }])
  await story.passes(seconds(44))
  story.expectNothingElse()
  await story.passes(seconds(1))
  await story.expect('sms', 'daughter')
})

test('who was taken for a machine and presses a key is a person after all', async () => {
  const { alarm, call } = await begins()
  await story.picksUp(call, 'machine_start')
  await story.expect('sms', 'daughter')
  await story.presses(call, '1')
  expect(await became(alarm)).toEqual([expect.stringMatching(/^accepted/)])
  expect(await provenOn('son')).toEqual([{ way: true, contact: true }])
  // She need not go.
  await story.expect('sms', 'daughter')
})

test('nobody can say who picked up, and the call is over: nothing is proven, and the next one is asked at once', async () => {
  const { alarm, call } = await begins()
  await story.picksUp(call, 'unknown')
  expect(await became(alarm)).toEqual(['failed unclear'])
  expect(await provenOn('son')).toEqual([{ way: false, contact: false }])
  await story.expect('sms', 'daughter')
})

test('where nobody listens for machines, whoever picks up is all that is known', async () => {
  const { alarm, call } = await begins(false)
  await story.picksUp(call, 'machine_start')
  expect(await became(alarm)).toEqual(['delivered null'])
})
