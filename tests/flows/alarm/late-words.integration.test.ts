import { seconds } from '@anju/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    contacts: [
      { name: 'daughter', ways: ['sms'] },
      { name: 'neighbour', role: 'neighbour', ways: ['sms'] },
    ],
  })
})
afterEach(() => story.end())

test('a message that was given up arrives after all, when somebody else goes already: she hears who does', async () => {
  const alarm = await story.press()
  const lost = await story.expect('sms', 'daughter')
  await story.says(lost, 'undelivered', { ErrorCode: '30003' })
  await story.answers(await story.expect('sms', 'neighbour'), 'going', 10)
  story.expectNothingElse()

  await story.says(lost, 'delivered')
  await story.says(lost, 'delivered')
  await story.expect('sms', 'daughter', /已有人正在前往/)
  story.expectNothingElse()
  expect(await story.queueOf('east')).toEqual([alarm])
})

test('who says that they go when it is long over hears that they need not', async () => {
  const alarm = await story.press()
  const asked = await story.expect('sms', 'daughter')
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(seconds(60))
  await story.expect('sms', 'daughter', /结束|解除|处理/)

  await story.passes(seconds(300))
  await story.answers(asked, 'going')
  await story.expect('sms', 'daughter', /结束|解除|处理/)
  story.expectNothingElse()
  expect((await story.alarm(alarm)).handling).toBe('closed')
})
