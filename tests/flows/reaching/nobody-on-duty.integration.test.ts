import type { CentreId } from '@anju/contract'
import { hours, minutes, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterEach, expect, test } from 'vitest'
import { startDuty } from '../../../server/src/app/duty.ts'
import { ownEvent } from '../../../server/src/gateways/own-word.ts'
import { meansOf } from '../../../server/src/notifications/means.ts'
import { HOME } from '../../harness/story/people.ts'
import { addShift } from '../../harness/story/places.ts'
import { aStory, type Story, type StoryOptions } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const BY_DAY = { from: '08:00', to: '20:00', timeZone: 'Asia/Shanghai' }

/** Two in the morning, the supervisor's shift begins at eight, and nobody looks at a console. */
async function atNight(more: Partial<StoryOptions> = {}): Promise<void> {
  story = await aStory({
    at: '2026-03-01T02:00:00+08:00',
    staff: [
      { name: 'li', role: 'operator', ways: ['sms'] },
      { name: 'zhou', role: 'supervisor', ways: ['sms', 'voice'] },
    ],
    ...more,
  })
  await addShift(story.data, 'zhou', 'supervisor', BY_DAY, null)
  await story.data.sql(`delete from console_presence where centre = 'east'`)
}

test('nobody is on duty and no console is watched: who is off duty is called, round after round, and the log says why', async () => {
  await atNight()
  const alarm = await story.press()
  await story.expect('sms', 'zhou')
  await story.expect('voice', 'zhou')
  const { timeline } = await story.alarm(alarm)
  expect(timeline.map(({ kind, detail }) => [kind, detail['track'], detail['offDuty'] === true])).toEqual([
    ['raised', undefined, false],
    ['unreached', 'centre', false],
    ['escalated', 'centre', true],
  ])
  // A minute for the answer, half of one between two rounds.
  await story.passes(seconds(90))
  await story.expect('sms', 'zhou')
  await story.expect('voice', 'zhou')
  await story.passes(minutes(16))
  expect(story.takeAll().filter((one) => one === 'sms for zhou').length).toBeGreaterThanOrEqual(10)

  // Whoever says that they see to it is left alone, and the night goes on for everybody else.
  await story.passes(seconds(90))
  const call = await story.expect('voice', 'zhou')
  await story.expect('sms', 'zhou')
  await story.presses(call, '1')
  await story.passes(minutes(5))
  const unreached = (await story.alarm(alarm)).timeline.filter(({ kind }) => kind === 'unreached')
  expect(unreached.map(({ detail }) => detail['track'])).toEqual(['centre', 'long-lie'])
  story.takeAll()
})

test('nor is whoever is on call reached by the number they gave: the off-duty supervisor is, as soon as that has failed', async () => {
  await atNight({
    staff: [
      { name: 'han', role: 'operator', ways: ['voice'] },
      { name: 'zhou', role: 'supervisor', ways: ['sms'] },
    ],
  })
  await addShift(story.data, 'han', 'on-call', { from: '20:00', to: '08:00', timeZone: 'Asia/Shanghai' }, null)
  story.phones.kill(story.addresses.of('han', 'voice'))
  const alarm = await story.press()
  await story.expect('sms', 'zhou')
  expect((await story.log(alarm)).filter((kind) => kind === 'unreached')).toHaveLength(1)
  await story.data.sql(`insert into console_presence values ('consoles', 'east', '9999-01-01')`)
  await story.at('li').claims(alarm)
})

test('as long as somebody is on duty nobody else is woken', async () => {
  await atNight()
  await story.data.sql(`insert into console_presence values ('consoles', 'east', '9999-01-01')`)
  const alarm = await story.press()
  await story.passes(minutes(9))
  expect((await story.log(alarm)).filter((kind) => kind === 'unreached')).toHaveLength(0)
})

test('nobody is woken for a battery; for an escalation that stands still, whoever can be', async () => {
  await atNight()
  await story.happens('battery-low')
  await story.passes(minutes(5))
  story.expectNothingElse()
  const at = await story.now()
  const late = {
    home: HOME,
    centre: 'east' as CentreId,
    placement: 'escalation',
    device: 'escalation',
    at,
    urgent: true,
  }
  await story.server.intake.commit([ownEvent({ ...late, type: 'escalation-late', phase: 'raised' })])
  await story.settle()
  await story.expect('sms', 'zhou')
  await story.expect('voice', 'zhou')
  expect((await story.queue()).map(({ type }) => type)).toContain('escalation-late')
})

test('that nobody will be on duty tonight is an alarm of the centre in the afternoon, one for all nights, and over when somebody will be', async () => {
  story = await aStory({
    at: '2026-03-01T15:00:00+08:00',
    staff: [{ name: 'zhou', role: 'supervisor', ways: ['sms'] }],
  })
  await addShift(story.data, 'zhou', 'supervisor', BY_DAY, null)
  const servers = ['one', 'other'].map(() =>
    startDuty({
      database: story.server.database,
      means: meansOf(story.phones.adapters),
      intake: story.server.intake,
      clock: { ...systemClock, every: () => ({ cancel: () => undefined }) },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    }),
  )
  const looks = () => Promise.all(servers.map((server) => server.look()))
  await looks()
  const tonight = { type: 'nobody-on-duty', class: 'technical', handling: 'new', occurrences: 1 }
  expect(await story.queue()).toMatchObject([
    { ...tonight, home: { name: 'East', placementName: '03-01 20:00 – 03-02 08:00', residentName: null } },
  ])
  // Looked at again and again, until the night itself: it is the same one.
  for (let hour = 0; hour < 8; hour++) {
    await story.passes(hours(1))
    await looks()
  }
  expect(await story.queue()).toMatchObject([tonight])

  const night = { from: '20:00', to: '08:00', timeZone: 'Asia/Shanghai' }
  await addShift(story.data, 'zhou', 'supervisor', night, null)
  await story.passes(minutes(5))
  await looks()
  expect(await story.queue()).toEqual([])
  await Promise.all(servers.map((server) => server.stop()))
})
