import { type AlarmId, minutes, seconds } from '@anju/contract'
import type { EscalationPolicy, Step, Target, Wave } from '@anju/contract/api'
import { afterEach, expect, test } from 'vitest'
import { HOME } from '../../harness/story/people.ts'
import { addResponder, addShift } from '../../harness/story/places.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const AT = '2026-03-01T02:10:00+08:00'
const CONTACTS = ['daughter', 'son', 'neighbour', 'cousin'].map((name) => ({ name, ways: ['sms'] as const }))

const step = (timeoutS: number, channel: Wave['channels'][number], ...targets: Target[]): Step => ({
  targets,
  waves: [{ channels: [channel], timeoutS }],
})
const track = (startAfterS: number, ...steps: Step[]) => ({
  startAfterS,
  repeatAfterS: 3_600,
  quietWhileHeld: true,
  steps,
})
const queue: Step = step(3_600, 'console', { to: 'queue' })
/** The centre looks on; the family's n-th contact is asked. */
const asking = (position: number, startAfterS = 0): EscalationPolicy => ({
  centre: track(0, queue),
  family: track(startAfterS, step(60, 'sms', { to: 'contact', position })),
})

test('a home’s own policy goes before its type’s, that before its class’s, and that before the centre’s', async () => {
  story = await aStory({ at: AT, contacts: CONTACTS, policy: asking(1) })
  await story.press()
  expect(story.takeAll()).toEqual(['sms for daughter'])
  await story.policy({ class: 'life' }, asking(2))
  await story.press({ placement: 'bed-sos' })
  expect(story.takeAll()).toEqual(['sms for son'])
  await story.policy({ type: 'sos-pressed' }, asking(3))
  await story.press({ placement: 'hall-sos' })
  expect(story.takeAll()).toEqual(['sms for neighbour'])
  await story.policy({ home: HOME }, asking(4))
  await story.press({ placement: 'kitchen-sos' })
  expect(story.takeAll()).toEqual(['sms for cousin'])
  // Another type of another class has none of its own but the home's.
  await story.happens('smoke')
  expect(story.takeAll()).toEqual(['sms for cousin'])
})

test('a policy that is changed in the middle of an alarm is the next alarm’s; this one goes on by the one it began with', async () => {
  story = await aStory({ at: AT, contacts: CONTACTS, policy: asking(1, 120) })
  const alarm = await story.press()
  await story.passes(seconds(60))
  await story.policy({}, asking(2))
  await story.passes(seconds(59))
  story.expectNothingElse()
  await story.passes(seconds(1))
  expect(story.takeAll()).toEqual(['sms for daughter'])
  await story.press({ placement: 'bed-sos' })
  expect(story.takeAll()).toEqual(['sms for son'])
  const kept = await story.data.sql('select track, policy_version from escalation where alarm = $1 order by track', [
    alarm,
  ])
  expect(kept).toEqual([
    { track: 'centre', policy_version: 1 },
    { track: 'family', policy_version: 1 },
    { track: 'long-lie', policy_version: 1 },
  ])
})

test('a family that is asked after two minutes is not asked when somebody has it by then; with nought it is, however quick the claim', async () => {
  story = await aStory({ at: AT, contacts: CONTACTS, policy: asking(1, 120) })
  const later = await story.press()
  await story.passes(seconds(100))
  await story.at('li').claims(later)
  await story.passes(minutes(10))
  story.expectNothingElse()

  await story.policy({}, asking(2, 0))
  const atOnce = await story.press({ placement: 'bed-sos' })
  await story.at('li').claims(atOnce)
  expect(story.takeAll()).toEqual(['sms for son'])
  await story.passes(minutes(10))
})

test('a seat, a shift, and then responders, whose zone is narrowest first: each is asked who is there at that moment', async () => {
  const steps = [
    step(60, 'sms', { to: 'seat', seat: 'desk-1' }),
    step(60, 'sms', { to: 'shift', shift: 'on-call' }),
    step(60, 'sms', { to: 'responders' }),
  ]
  story = await aStory({
    at: AT,
    homes: 1,
    staff: [
      { name: 'li', role: 'operator', ways: ['sms'] },
      { name: 'chen', role: 'operator', ways: ['sms'] },
      { name: 'zhou', role: 'supervisor', ways: ['sms'] },
    ],
    policy: { centre: track(0, ...steps) },
  })
  await story.data.sql(`insert into seat (id, centre, name) values ('desk-1', 'east', 'Desk 1')`)
  await addShift(story.data, 'li', 'seat', { from: '22:00', to: '06:00', timeZone: 'Asia/Shanghai' }, 'desk-1')
  await addShift(story.data, 'chen', 'on-call', { from: '00:00', to: '08:00', timeZone: 'Asia/Shanghai' }, null)
  await addShift(story.data, 'zhou', 'on-call', { from: '08:00', to: '00:00', timeZone: 'Asia/Shanghai' }, null)
  await addResponder(story.data, 'street-nurse', '330102001', story.addresses)
  await addResponder(story.data, 'city-volunteer', '3301', story.addresses)
  await addResponder(story.data, 'elsewhere', '3302', story.addresses)

  await story.press()
  expect(story.takeAll()).toEqual(['sms for li'])
  await story.passes(seconds(60))
  expect(story.takeAll()).toEqual(['sms for chen'])
  story.expectNothingElse()
  await story.passes(seconds(60))
  expect(story.takeAll()).toEqual(['sms for street-nurse', 'sms for city-volunteer'])
})

test('what is technical keeps quiet hours: nobody is woken, and somebody is asked in the morning', async () => {
  const daytime = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '22:00' }]
  story = await aStory({ at: AT, contacts: [{ name: 'daughter', ways: ['sms'], hours: daytime }], policy: asking(1) })
  await story.policy(
    { class: 'technical' },
    {
      centre: track(0, queue),
      family: { ...track(0, step(60, 'sms', { to: 'contact', position: 1 })), repeatAfterS: 540 },
    },
  )
  const tamper: AlarmId = await story.happens('tamper')
  await story.passes(minutes(5 * 60 + 49))
  story.expectNothingElse()
  await story.passes(minutes(10))
  expect(story.takeAll()).toEqual(['sms for daughter'])
  await story.at('li').claims(tamper)
})

test('a press at that hour wakes her', async () => {
  const daytime = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '22:00' }]
  story = await aStory({ at: AT, contacts: [{ name: 'daughter', ways: ['sms'], hours: daytime }], policy: asking(1) })
  await story.press()
  expect(story.takeAll()).toEqual(['sms for daughter'])
})
