import { type AlarmId, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const AT = '2026-03-01T02:10:00+08:00'
const contacts = [{ name: 'daughter' }, { name: 'neighbour', role: 'neighbour' }] as const

/** How often each of them was told that they need not go. */
const stoodDown = (alarm: AlarmId) =>
  story.data.sql(
    `select recipient as who, count(*)::integer as times from notification
     where alarm = $1 and purpose = 'stand-down' group by recipient order by recipient`,
    [alarm],
  )

test('a daughter on her way keeps the family quiet until five minutes after she said she would be there; the operators keep the alarm', async () => {
  story = await aStory({ at: AT, contacts })
  const alarm = await story.press()
  const asked = await story.expect('sms', 'daughter')
  story.told('east', alarm)
  await story.answers(asked, 'going', 20)
  expect(story.told('east', alarm)).toEqual(['accepted'])

  await story.passes(minutes(24))
  story.expectNothingElse()
  expect(await story.queueOf('east')).toEqual([alarm])
  expect((await story.alarm(alarm)).handling).toBe('new')

  // Nobody has said that she arrived.
  await story.passes(minutes(1))
  await story.expect('sms', 'neighbour')

  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(seconds(59))
  story.expectNothingElse()
  await story.passes(seconds(1))
  await story.expect('sms', 'daughter', /您不必前往/)
  await story.expect('sms', 'neighbour', /您不必前往/)
  await story.passes(minutes(60))
  expect(await stoodDown(alarm)).toEqual([
    { who: 'daughter', times: 1 },
    { who: 'neighbour', times: 1 },
  ])
})

test('a close that is undone calls nobody back; the one that stays does, once', async () => {
  story = await aStory({ at: AT, contacts })
  const alarm = await story.press()
  await story.expect('sms', 'daughter')
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(seconds(50))
  await story.at('li').undoesClose(alarm)
  await story.passes(seconds(20))
  story.expectNothingElse()

  await story.at('li').closes(alarm)
  await story.passes(minutes(10))
  await story.expect('sms', 'daughter', /您不必前往/)
  expect(await stoodDown(alarm)).toEqual([{ who: 'daughter', times: 1 }])
})

test('her time is over while no server is there: the pause before she is asked again has begun then, not when one looks', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'daughter', ways: ['sms'] }] })
  const alarm = await story.press()
  await story.answers(await story.expect('sms', 'daughter'), 'going', 1)
  await story.passes(minutes(5))
  await story.isDownFor(minutes(2))
  await story.passes(seconds(59))
  story.expectNothingElse()
  await story.passes(seconds(1))
  await story.expect('sms', 'daughter')
  const asked = (await story.alarm(alarm)).notifications.filter(({ channel }) => channel === 'sms')
  expect(asked.map(({ state }) => state)).toEqual(['accepted', 'sent'])
})

test('who was going and cannot after all: the next one is asked at once', async () => {
  story = await aStory({ at: AT, contacts })
  const alarm = await story.press()
  const asked = await story.expect('sms', 'daughter')
  await story.answers(asked, 'going', 20)
  await story.passes(minutes(3))
  await story.answers(asked, 'cannot')
  await story.expect('sms', 'neighbour')
  const answers = (await story.log(alarm)).filter((kind) => kind === 'accepted' || kind === 'declined')
  expect(answers).toEqual(['accepted', 'declined'])
})

test('a daughter who declines is not called on her other numbers; in the next round she is asked again', async () => {
  story = await aStory({
    at: AT,
    contacts: [{ name: 'daughter', ways: ['push', 'sms', 'voice'] }, { name: 'neighbour' }],
  })
  await story.press()
  await story.answers(await story.expect('push', 'daughter'), 'cannot')
  await story.expect('sms', 'neighbour')
  await story.passes(seconds(45))
  await story.expect('voice', 'neighbour')
  await story.passes(seconds(45 + 119))
  story.expectNothingElse()
  await story.passes(seconds(1))
  expect(story.takeAll()).toEqual(['push for daughter'])
})

test('who says yes when it is all over is written down, told to the consoles, and told that it is over', async () => {
  story = await aStory({ at: AT, contacts })
  const alarm = await story.press()
  const asked = await story.expect('sms', 'daughter')
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(minutes(2))
  await story.expect('sms', 'daughter', /您不必前往/)
  story.told('east', alarm)

  await story.answers(asked, 'going', 10)
  expect((await story.log(alarm)).at(-1)).toBe('accepted')
  expect(story.told('east', alarm)).toEqual(['accepted'])
  expect((await story.alarm(alarm)).handling).toBe('closed')
  expect(await story.queueOf('east')).toEqual([])
  await story.expect('sms', 'daughter', /您不必前往/)
  await story.passes(minutes(60))
})

test('a cousin whom nobody asked says in the app that she goes: the others are not asked, and she hears when it is over', async () => {
  story = await aStory({
    at: AT,
    contacts: [
      { name: 'daughter', ways: ['sms'] },
      { name: 'cousin', ways: ['voice', 'sms'] },
    ],
  })
  await story.data.sql(
    `insert into person (id, centre, username, name, role, home, contact, password)
     values ('her-account', 'east', 'cousin', 'cousin', 'family', 'home-1', 'cousin', 'x')`,
  )
  const alarm = await story.press()
  await story.expect('sms', 'daughter')
  await story.goes('her-account', alarm, 10)
  await story.expect('sms', 'daughter', /已有人正在前往/)
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(minutes(2))
  await story.expect('sms', 'cousin', /您不必前往/)
  await story.passes(minutes(30))
  expect(await stoodDown(alarm)).toEqual([
    { who: 'cousin', times: 1 },
    { who: 'daughter', times: 1 },
  ])
})

/** Nobody is asked in the first five minutes, and the cousin has the app. */
async function aCousinWithTheApp(): Promise<Story> {
  const waits = {
    startAfterS: 300,
    repeatAfterS: 120,
    quietWhileHeld: true,
    steps: [
      { targets: [{ to: 'contact' as const, position: 1 }], waves: [{ timeoutS: 45, channels: ['sms' as const] }] },
    ],
  }
  const centre = {
    startAfterS: 0,
    repeatAfterS: 600,
    quietWhileHeld: true,
    steps: [{ targets: [{ to: 'queue' as const }], waves: [{ timeoutS: 60, channels: ['console' as const] }] }],
  }
  const told = await aStory({
    at: AT,
    contacts: [
      { name: 'daughter', ways: ['sms'] },
      { name: 'cousin', ways: ['sms'] },
    ],
    policy: { centre, family: waits },
  })
  await told.data.sql(
    `insert into person (id, centre, username, name, role, home, contact, password)
     values ('her-account', 'east', 'cousin', 'cousin', 'family', 'home-1', 'cousin', 'x')`,
  )
  return told
}

test('closed before anybody was asked: who says in that minute, by the app, that she goes hears once, when it cannot be undone any more', async () => {
  story = await aCousinWithTheApp()
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(seconds(20))
  await story.goes('her-account', alarm, 10)
  await story.passes(seconds(39))
  story.expectNothingElse()
  await story.passes(seconds(2))
  await story.expect('sms', 'cousin', /您不必前往/)
  await story.passes(minutes(30))
  expect(await stoodDown(alarm)).toEqual([{ who: 'cousin', times: 1 }])
})

test('and nobody tells her to stay when the close is undone: she goes, and nobody else is asked', async () => {
  story = await aCousinWithTheApp()
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(seconds(20))
  await story.goes('her-account', alarm, 10)
  await story.at('li').undoesClose(alarm)
  await story.at('li').does(alarm, { type: 'release' })
  await story.passes(minutes(6))
  story.expectNothingElse()
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(seconds(61))
  await story.expect('sms', 'cousin', /您不必前往/)
  expect(await stoodDown(alarm)).toEqual([{ who: 'cousin', times: 1 }])
})
