import { minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const AT = '2026-03-01T02:10:00+08:00'
const shown = async () => (await story.queue()).map(({ type, placement }) => `${type} ${placement}`)

test('a gateway that stops is shown within 90 s; one that never called, a quarter of an hour after it was registered', async () => {
  story = await aStory({ at: AT, gateways: ['gw-1', 'gw-2'] })
  await story.hears('gw-1')
  await story.passes(seconds(89))
  expect(await shown()).toEqual([])
  await story.passes(seconds(1))
  expect(await shown()).toEqual(['gateway-silent gw-1'])

  await story.hears('gw-1')
  expect(await shown()).toEqual([])
  for (let minute = 2; minute <= 15; minute++) {
    expect(await shown()).toEqual([])
    await story.passes(minute < 15 ? minutes(1) : seconds(30))
    await story.hears('gw-1')
  }
  expect(await shown()).toEqual(['gateway-silent gw-2'])
})

test('where the resident is at high risk it stands before what is technical elsewhere, and behind whoever calls', async () => {
  story = await aStory({ at: AT, gateways: ['gw-1'], homes: 3 })
  await story.data.sql(`update resident set risk = 'high' where home = 'home-1'`)
  await story.hears('gw-1')
  const earlier = await story.happens('tamper', { gateway: 'gw-of-home-2' })
  await story.passes(seconds(90))
  const call = await story.press({ gateway: 'gw-of-home-3' })
  const [first, second, third] = await story.queue()
  expect([first?.id, second?.type, second?.urgent, third?.id]).toEqual([call, 'gateway-silent', true, earlier])
})

test('two gateways hear one button: one alarm, one press, both words of it kept, nobody alerted twice; the next press is a second one', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'daughter' }] })
  const alarm = await story.press({ gateway: 'gw-1' })
  await story.expect('sms', 'daughter')
  story.told('east', alarm)
  expect(await story.press({ gateway: 'gw-2' })).toBe(alarm)
  expect(story.told('east', alarm)).toEqual([])
  expect((await story.alarm(alarm)).occurrences).toBe(1)
  expect((await story.alarm(alarm)).occurrenceList).toHaveLength(2)

  await story.passes(seconds(30))
  story.told('east', alarm)
  await story.press({ gateway: 'gw-2' })
  await story.press({ gateway: 'gw-1' })
  expect((await story.alarm(alarm)).occurrences).toBe(2)
  expect(story.told('east', alarm)).toEqual(['re-alerted'])
})

test('a button that two gateways hear is not silent while one of them hears it; when none does, it is', async () => {
  story = await aStory({ at: AT, gateways: ['gw-1', 'gw-2'] })
  await story.hears('gw-1', ['bathroom-sos'])
  await story.hears('gw-2', ['bathroom-sos'])
  await story.data.sql(
    `update device set lost_after_s = 600, settled = true, silent_due_at = app_now() + interval '10 minutes'`,
  )
  const halfAnHour = async (heard: readonly string[]) => {
    for (let beat = 0; beat < 23; beat++) {
      await story.passes(seconds(80))
      await story.hears('gw-2', heard)
    }
  }
  // The first gateway is gone; the button goes on being heard by the other one.
  await halfAnHour(['bathroom-sos'])
  expect(await shown()).toEqual(['gateway-silent gw-1'])
  await halfAnHour([])
  expect(await shown()).toEqual(['gateway-silent gw-1', 'device-silent bathroom-sos'])
})
