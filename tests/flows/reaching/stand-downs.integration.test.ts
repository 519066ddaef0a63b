import { type AlarmId, hours, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import type { StoryContact } from '../../harness/story/people.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const begins = async (...contacts: readonly StoryContact[]) => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00', contacts })
  return story.press()
}
/** Closed, and the minute in which that can be undone is over. */
const isOver = async (alarm: AlarmId) => {
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(seconds(60))
}
const standDowns = async (alarm: AlarmId, name: string) =>
  (await story.alarm(alarm)).notifications
    .filter(({ purpose, recipient }) => purpose === 'stand-down' && recipient.id === name)
    .map(({ channel, state, why }) => `${channel} ${state} ${why}`)
const untold = async (alarm: AlarmId) =>
  (await story.alarm(alarm)).timeline.filter(({ kind }) => kind === 'untold').map(({ detail }) => detail)

test('her browser was cleared since she was asked: that she need not go comes as a message instead', async () => {
  const alarm = await begins({ name: 'daughter', ways: ['push', 'sms', 'voice'] })
  await story.expect('push', 'daughter')
  story.phones.clears(story.addresses.of('daughter', 'push'))
  await isOver(alarm)
  await story.expect('sms', 'daughter', /不必/)
  expect(await standDowns(alarm, 'daughter')).toEqual(['push failed http 410', 'sms sent null'])
  expect(await untold(alarm)).toEqual([])
})

test('with no way left the log says at once, and once, who could not be told, on which ways and why', async () => {
  const alarm = await begins({ name: 'daughter', ways: ['push', 'sms'] })
  await story.expect('push', 'daughter')
  story.phones.clears(story.addresses.of('daughter', 'push'))
  story.phones.kill(story.addresses.of('daughter', 'sms'))
  await isOver(alarm)
  const daughter = { kind: 'contact', id: 'daughter', name: 'daughter' }
  expect(await untold(alarm)).toEqual([
    {
      track: 'family',
      round: 0,
      name: 'daughter',
      recipient: { kind: 'contact', id: 'daughter' },
      recipients: [
        { ...daughter, channel: 'push', why: 'http 410' },
        { ...daughter, channel: 'sms', why: '21211' },
      ],
    },
  ])
  expect(story.told('east', alarm)).toContain('untold')
  await story.passes(hours(2))
  expect(await untold(alarm)).toHaveLength(1)
  expect(await standDowns(alarm, 'daughter')).toHaveLength(2)
})

test('the provider says a minute later that the message did not arrive: she is called', async () => {
  const alarm = await begins({ name: 'daughter', ways: ['sms', 'voice'] })
  await story.expect('sms', 'daughter')
  await isOver(alarm)
  const message = await story.expect('sms', 'daughter', /不必/)
  await story.passes(minutes(1))
  await story.says(message, 'undelivered', { ErrorCode: '30003' })
  const call = await story.expect('voice', 'daughter', /不必/)
  // Each way once: what is said again, or of the call, brings back none of them.
  await story.says(message, 'undelivered', { ErrorCode: '30003' })
  await story.says(call, 'no-answer')
  expect(await standDowns(alarm, 'daughter')).toEqual(['sms failed 30003', 'voice failed no-answer'])
  expect(await untold(alarm)).toHaveLength(1)
})

test('a mailbox takes the call that she need not go: nobody has heard it, and the message goes out', async () => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    contacts: [{ name: 'daughter', ways: ['sms', 'voice'] }],
    machineDetection: true,
  })
  const alarm = await story.press()
  const asked = await story.expect('sms', 'daughter')
  await story.passes(seconds(45))
  await story.picksUp(await story.expect('voice', 'daughter'), 'human')
  await story.says(asked, 'undelivered', { ErrorCode: '30003' })
  await isOver(alarm)
  await story.picksUp(await story.expect('voice', 'daughter', /不必/), 'machine_start')
  await story.expect('sms', 'daughter', /不必/)
  expect(await standDowns(alarm, 'daughter')).toEqual(['voice failed machine', 'sms sent null'])
})

test('a provider that is down is not waited for: after its third try she is called, and the log says nothing', async () => {
  const alarm = await begins({ name: 'daughter', ways: ['sms', 'voice'] })
  await story.expect('sms', 'daughter')
  story.phones.breaks('sms', 503)
  await isOver(alarm)
  await story.passes(seconds(10))
  await story.expect('voice', 'daughter', /不必/)
  expect(await untold(alarm)).toEqual([])
  await story.passes(minutes(31))
  expect(await standDowns(alarm, 'daughter')).toEqual([expect.stringMatching(/^sms failed/), 'voice sent null'])
  expect(await untold(alarm)).toEqual([])
})

test('what a provider says hours later rings no telephone: whoever went has been there; the log has it', async () => {
  const alarm = await begins({ name: 'daughter', ways: ['sms', 'voice'] })
  await story.expect('sms', 'daughter')
  await isOver(alarm)
  const message = await story.expect('sms', 'daughter', /不必/)
  await story.passes(hours(2))
  await story.says(message, 'undelivered', { ErrorCode: '30003' })
  story.expectNothingElse()
  expect(await untold(alarm)).toHaveLength(1)
})

test('who is asked anew before it is known that a stand-down was lost is wanted, and is told once it is over', async () => {
  const alarm = await begins({ name: 'son', ways: ['sms'] }, { name: 'daughter', ways: ['sms'] })
  await story.expect('sms', 'son')
  await story.passes(seconds(45))
  await story.answers(await story.expect('sms', 'daughter'), 'going', 5)
  const message = await story.expect('sms', 'son', /不必/)
  // She was to be there long since, and the next round begins.
  await story.passes(minutes(12))
  await story.expect('sms', 'son', /提醒/)
  await story.says(message, 'undelivered', { ErrorCode: '30003' })
  expect(await untold(alarm)).toEqual([])
  await isOver(alarm)
  await story.expect('sms', 'son', /不必/)
  await story.expect('sms', 'daughter', /不必/)
  expect(await standDowns(alarm, 'son')).toEqual(['sms failed 30003', 'sms sent null'])
})
