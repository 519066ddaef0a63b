import { minutes, seconds } from '@anju/contract'
import type { EscalationPolicy, Target } from '@anju/contract/api'
import { afterEach, expect, test } from 'vitest'
import { addShift } from '../../harness/story/places.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const asking = (...targets: Target[]): EscalationPolicy => ({
  centre: {
    startAfterS: 0,
    repeatAfterS: 3_600,
    quietWhileHeld: true,
    steps: [{ targets, waves: [{ channels: ['sms'], timeoutS: 60 }] }],
  },
})
const staff = [
  { name: 'day', role: 'supervisor', ways: ['sms'] },
  { name: 'night', role: 'supervisor', ways: ['sms'] },
] as const

/** Both nights on which clocks are changed, in both zones; the last and the first minute of the night, and the hour that is lost or comes twice. */
test.for([
  ['Europe/London', '2026-03-28T21:59:59Z', 'day'],
  ['Europe/London', '2026-03-28T22:00:00Z', 'night'],
  ['Europe/London', '2026-03-29T01:30:00+01:00', 'night'],
  ['Europe/London', '2026-03-29T05:59:59+01:00', 'night'],
  ['Europe/London', '2026-03-29T06:00:00+01:00', 'day'],
  ['Europe/London', '2026-10-25T01:30:00+01:00', 'night'],
  ['Europe/London', '2026-10-25T01:30:00Z', 'night'],
  ['Europe/London', '2026-10-25T05:59:59Z', 'night'],
  ['Europe/London', '2026-10-25T06:00:00Z', 'day'],
  ['America/New_York', '2026-03-07T21:59:59-05:00', 'day'],
  ['America/New_York', '2026-03-07T22:00:00-05:00', 'night'],
  ['America/New_York', '2026-03-08T03:00:00-04:00', 'night'],
  ['America/New_York', '2026-03-08T05:59:59-04:00', 'night'],
  ['America/New_York', '2026-03-08T06:00:00-04:00', 'day'],
  ['America/New_York', '2026-11-01T01:30:00-04:00', 'night'],
  ['America/New_York', '2026-11-01T01:30:00-05:00', 'night'],
  ['America/New_York', '2026-11-01T05:59:59-05:00', 'night'],
  ['America/New_York', '2026-11-01T06:00:00-05:00', 'day'],
] as const)('in %s a press at %s asks the supervisor of the %s', async ([timeZone, at, who]) => {
  story = await aStory({ at, timeZone, staff, policy: asking({ to: 'supervisors' }) })
  await addShift(story.data, 'night', 'supervisor', { from: '22:00', to: '06:00', timeZone }, null)
  await addShift(story.data, 'day', 'supervisor', { from: '06:00', to: '22:00', timeZone }, null)
  await story.press()
  expect(story.takeAll()).toEqual([`sms for ${who}`])
})

test('whoever is on call from midnight is on call at exactly midnight', async () => {
  story = await aStory({
    at: '2026-05-05T23:59:00+08:00',
    staff,
    policy: asking({ to: 'shift', shift: 'on-call' }),
  })
  await addShift(story.data, 'day', 'on-call', { from: '16:00', to: '00:00', timeZone: 'Asia/Shanghai' }, null)
  await addShift(story.data, 'night', 'on-call', { from: '00:00', to: '08:00', timeZone: 'Asia/Shanghai' }, null)
  await story.passes(seconds(59))
  await story.press()
  expect(story.takeAll()).toEqual(['sms for day'])
  await story.passes(seconds(1))
  await story.press({ placement: 'bed-sos' })
  expect(story.takeAll()).toEqual(['sms for night'])
  await story.passes(minutes(5))
})

test.for([
  ['Europe/London', '2026-03-29T21:59:59+01:00', true],
  ['Europe/London', '2026-03-29T22:00:00+01:00', false],
  ['America/New_York', '2026-11-01T08:00:00-05:00', true],
  ['America/New_York', '2026-11-01T07:59:59-05:00', false],
] as const)(
  'who may be asked from eight to ten is asked by the clock of the home: in %s at %s: %s',
  async ([timeZone, at, asked]) => {
    const daytime = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '22:00' }]
    story = await aStory({ at, timeZone, contacts: [{ name: 'daughter', ways: ['sms'], hours: daytime }] })
    await story.policy({ class: 'technical' }, asking({ to: 'contact', position: 1 }))
    await story.happens('tamper')
    expect(story.takeAll()).toEqual(asked ? ['sms for daughter'] : [])
  },
)
