import { type AlarmId, minutes, seconds } from '@anju/contract'
import { afterEach, describe, expect, test } from 'vitest'
import type { Happening } from '../../harness/story/happening.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const some = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const mains = (home: number, phase: 'raised' | 'returned' = 'raised'): Happening => ({
  type: 'mains-lost',
  placement: 'meter',
  gateway: `gw-home-${home}`,
  phase,
})
const inTheStreet = (homes: number) =>
  aStory({ at: '2026-03-01T19:00:00+08:00', homes, contacts: [{ name: 'daughter', ways: ['push'] }], nextCentre: true })
const queue = async () =>
  (await story.queue()).map(({ type, home, children }) => [type, home.name, children].join(' ').trim())

describe('a street loses its mains: a thousand homes, and in one of them somebody presses', () => {
  test('one outage is shown and one call for help, which is first, escalates as ever, and is not ended when the light is back', async () => {
    story = await inTheStreet(1_000)
    for (const from of some(0, 3)) await story.brings(some(from * 100 + 1, from * 100 + 100).map((home) => mains(home)))
    // In the midst of it, in the same batch as ten homes' mains.
    const batch = [...some(401, 410).map((home) => mains(home)), { gateway: 'gw-1' }]
    const alarm = (await story.brings(batch)).at(-1) as AlarmId
    await story.expect('push', 'daughter')
    for (const from of some(4, 9))
      await story.brings(some(from * 100 + 11, Math.min(1_000, from * 100 + 110)).map((home) => mains(home)))
    expect(await queue()).toEqual(['sos-pressed Home 1', 'outage 望江街道 1000'])
    expect(story.told('east', alarm)).toEqual(['raised', 'escalated'])

    await story.passes(seconds(30))
    expect(story.told('east', alarm)).toEqual(['escalated'])
    await story.passes(seconds(90))
    expect(await story.queueOf('west')).toEqual([alarm])
    await story.at('li').claims(alarm)
    // An hour and more: what is part of an outage does not come out one by one.
    await story.at('li').closes(alarm)
    await story.passes(minutes(90))
    await story.expect('push', 'daughter', /不必前往/)
    expect(await queue()).toEqual(['outage 望江街道 1000'])

    const again = await story.press()
    await story.expect('push', 'daughter')
    await story.at('li').claims(again)
    for (const from of some(0, 8))
      await story.brings(some(from * 100 + 1, from * 100 + 100).map((home) => mains(home, 'returned')))
    expect(await queue()).toEqual(['sos-pressed Home 1', 'outage 望江街道 100'])
    await story.brings(some(901, 1_000).map((home) => mains(home, 'returned')))
    expect(await queue()).toEqual(['sos-pressed Home 1'])
    expect((await story.alarm(again)).handling).toBe('claimed')
  })
})

test('one home alone is shown when half an hour has not mended it, and never when it has', async () => {
  story = await inTheStreet(3)
  await story.press({ ...mains(2) })
  await story.press({ ...mains(3) })
  await story.passes(minutes(29))
  expect(await queue()).toEqual([])
  await story.press({ ...mains(3, 'returned') })
  await story.passes(minutes(31))
  expect(await queue()).toEqual(['mains-lost Home 2'])
  await story.press({ ...mains(2, 'returned') })
  expect(await queue()).toEqual([])
})

test('with little left in the battery it waits for nothing', async () => {
  story = await inTheStreet(3)
  await story.press({ ...mains(2), snapshot: { batteryPercent: 29 } })
  expect(await queue()).toEqual(['mains-lost Home 2'])
})
