import { type AlarmId, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const aCentre = () =>
  aStory({
    at: '2026-03-01T06:40:00+08:00',
    staff: [
      { name: 'li', role: 'operator' },
      { name: 'zhou', role: 'supervisor', ways: ['sms', 'voice'] },
    ],
  })

const once = (timeoutS: number) => [
  { targets: [{ to: 'queue' as const }], waves: [{ channels: ['console' as const], timeoutS }] },
]

/** What the log says of whoever was asked because nobody had been reached: after how many minutes, and how. */
async function asked(alarm: AlarmId): Promise<string[]> {
  const { timeline } = await story.alarm(alarm)
  return timeline
    .filter(({ kind, detail }) => kind === 'escalated' && detail['track'] === 'long-lie')
    .map(({ detail }) => {
      const channels = (detail['recipients'] as { channel: string }[]).map(({ channel }) => channel)
      return `${Number(detail['nobodyReachedForS']) / 60} min: ${[...new Set(channels)].join()}`
    })
}

for (const type of ['sos-pressed', 'smoke'])
  test(`${type}, claimed and forgotten by a console that lives: supervisors are asked after ten minutes, by telephone after one more`, async () => {
    story = await aCentre()
    const alarm = await story.happens(type)
    await story.at('li').claims(alarm)
    story.told('east', alarm)
    await story.passes(seconds(10 * 60 - 1))
    expect(story.told('east', alarm)).toEqual([])
    await story.passes(seconds(1))
    expect(story.told('east', alarm)).toEqual(['escalated'])
    story.expectNothingElse()
    await story.passes(minutes(1))
    await story.expect('sms', 'zhou')
    await story.expect('voice', 'zhou')
    // Nothing was taken away from who holds it.
    expect(await story.alarm(alarm)).toMatchObject({ handling: 'claimed', owner: { name: 'li' } })
    // Parking it says nothing of anybody having been reached.
    await story.at('li').does(alarm, { type: 'park', for: minutes(30), note: 'later' })
    await story.passes(minutes(10))
    await story.expect('sms', 'zhou')
    await story.expect('voice', 'zhou')
    expect(await asked(alarm)).toEqual(['10 min: console', '11 min: sms,voice', '20 min: console', '21 min: sms,voice'])
    await story.at('li').claims(alarm)
    await story.at('li').closes(alarm)
    await story.passes(minutes(2))
    expect(story.takeAll().every((one) => one.endsWith('zhou'))).toBe(true)
  })

test('once somebody was reached nobody is asked about it any more', async () => {
  story = await aStory({ at: '2026-03-01T06:40:00+08:00', contacts: [{ name: 'daughter', ways: ['push'] }] })
  const alarm = await story.press()
  await story.expect('push', 'daughter')
  await story.at('li').claims(alarm)
  await story.at('li').calls(alarm, 'daughter')
  await story.passes(minutes(31))
  expect(await asked(alarm)).toEqual([])
})

test('a centre’s own policy cannot leave it out', async () => {
  story = await aStory({
    at: '2026-03-01T06:40:00+08:00',
    policy: {
      centre: {
        startAfterS: 0,
        repeatAfterS: 30,
        quietWhileHeld: true,
        steps: [{ targets: [{ to: 'queue' }], waves: [{ channels: ['console'], timeoutS: 30 }] }],
      },
    },
  })
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  await story.passes(minutes(10))
  expect(await asked(alarm)).toEqual(['10 min: console'])
})

test('what a gateway calls graver than before is handled as such from there on: whoever is to be asked is asked', async () => {
  story = await aStory({ at: '2026-03-01T06:40:00+08:00', contacts: [{ name: 'daughter', ways: ['push'] }] })
  const slow = { startAfterS: 0, repeatAfterS: 86_400, quietWhileHeld: true, steps: once(3_600) }
  await story.policy({ class: 'technical' }, { centre: slow })
  const alarm = await story.happens('battery-low')
  await story.passes(minutes(5))
  expect((await story.log(alarm)).filter((kind) => kind === 'escalated')).toHaveLength(0)

  expect(await story.happens('battery-low', { class: 'life' })).toBe(alarm)
  await story.expect('push', 'daughter')
  expect((await story.alarm(alarm)).escalation?.map(({ track }) => track)).toEqual(['centre', 'family', 'long-lie'])
  // By the steps of a life alarm, and not an hour later.
  await story.passes(seconds(60))
  expect((await story.log(alarm)).filter((kind) => kind === 'escalated').length).toBeGreaterThanOrEqual(3)
  await story.at('li').claims(alarm)
  story.takeAll()
})
