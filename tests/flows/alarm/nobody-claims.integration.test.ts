import { minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

test('a press that nobody claims: louder after 30 s, the supervisor after a minute, the second centre after two', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00', nextCentre: true })
  const alarm = await story.press()
  expect(story.told('east', alarm)).toEqual(['raised'])

  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])
  expect(await story.queueOf('west')).toEqual([])

  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])

  await story.passes(seconds(60))
  expect(story.told('east', alarm)).toEqual(['escalated'])
  expect(story.told('west', alarm)).toEqual(['escalated'])
  expect(await story.queueOf('west')).toEqual([alarm])

  // Over there somebody takes it; here it stays to be seen, and nobody is asked any more.
  await story.at('wu').claims(alarm)
  expect((await story.alarm(alarm)).owner?.name).toBe('wu')
  expect(story.told('east', alarm)).toEqual(['claimed'])
  await story.passes(seconds(50))
  expect(story.told('east', alarm)).toEqual([])
})

test('with nobody at any console the supervisor is called at once, and the second centre after a minute', async () => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    nextCentre: true,
    staff: [
      { name: 'zhou', role: 'supervisor', ways: ['sms'] },
      { name: 'wu', role: 'operator', centre: 'west' },
    ],
  })
  await story.data.sql(`delete from console_presence where centre = 'east'`)
  const alarm = await story.press()
  await story.expect('sms', 'zhou')
  await story.passes(seconds(60))
  expect(await story.queueOf('west')).toEqual([alarm])
})

test('a daughter whose push and message do not arrive is called, does not pick up, and the neighbour goes', async () => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    contacts: [
      { name: 'daughter', ways: ['push', 'sms', 'voice'] },
      { name: 'neighbour', role: 'neighbour', ways: ['sms', 'voice'] },
    ],
  })
  const alarm = await story.press()
  await story.expect('push', 'daughter', /居家安全提醒/)
  await story.passes(seconds(45))

  const message = await story.expect('sms', 'daughter')
  await story.says(message, 'undelivered', { ErrorCode: '30003' })
  // At once, not after the 45 s that a message which arrived would have had.
  const call = await story.expect('voice', 'daughter', /求助/)
  await story.says(call, 'no-answer')

  const asked = await story.expect('sms', 'neighbour')
  await story.answers(asked, 'going', 10)
  expect((await story.log(alarm)).at(-1)).toBe('accepted')
  // Everybody who may have been told to go hears who goes instead; what arrived last with her is how she hears it.
  await story.expect('push', 'daughter', /已有人正在前往/)
  story.expectNothingElse()

  // It stays in front of the operators: a neighbour on the way is nobody at a console.
  expect(await story.queueOf('east')).toEqual([alarm])
  expect((await story.alarm(alarm)).handling).toBe('new')

  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'contact', contact: 'neighbour', reached: true, outcome: 'reached' })
  await story.passes(minutes(2))
})
