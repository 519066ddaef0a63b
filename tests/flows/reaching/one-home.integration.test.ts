import { type AlarmId, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import type { StoryContact } from '../../harness/story/people.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const begins = async (...contacts: readonly StoryContact[]) => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00', contacts })
}
const closes = async (alarm: AlarmId) => {
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
}
/** Whom an alarm told to stay, and how often. */
const toldToStay = async (alarm: AlarmId) =>
  (await story.alarm(alarm)).notifications
    .filter(({ purpose }) => purpose === 'stand-down')
    .map(({ recipient }) => recipient.id)

test('she is on her way because of the button: that the fall before it is closed does not turn her round', async () => {
  await begins({ name: 'neighbour', role: 'neighbour' })
  const fall = await story.happens('fall-detected')
  await story.expect('sms', 'neighbour')
  await story.passes(seconds(40))
  const press = await story.press()
  await story.answers(await story.expect('sms', 'neighbour'), 'going', 20)
  await closes(fall)
  await story.passes(minutes(5))
  story.expectNothingElse()
  expect((await story.alarm(press)).handling).toBe('new')

  await closes(press)
  await story.passes(seconds(59))
  story.expectNothingElse()
  await story.passes(seconds(1))
  await story.expect('sms', 'neighbour', /不必/)
  // And that of the fall, whose asking she has, too.
  await story.passes(seconds(10))
  await story.expect('sms', 'neighbour', /不必/)
  expect([await toldToStay(fall), await toldToStay(press)]).toEqual([['neighbour'], ['neighbour']])
})

test('asked by two alarms she has answered neither: what ends is told her when nothing of the home wants her any more', async () => {
  await begins({ name: 'neighbour', ways: ['sms'] })
  const fall = await story.happens('fall-detected')
  await story.expect('sms', 'neighbour')
  const lie = await story.happens('long-lie')
  const asked = await story.expect('sms', 'neighbour')
  await closes(fall)
  await story.passes(seconds(90))
  story.expectNothingElse()
  await story.answers(asked, 'cannot')
  await story.passes(seconds(10))
  await story.expect('sms', 'neighbour', /不必/)
  expect([await toldToStay(fall), await toldToStay(lie)]).toEqual([['neighbour'], []])
  await closes(lie)
  await story.passes(minutes(2))
  await story.expect('sms', 'neighbour', /不必/)
})

test('who goes because of the fall goes to the home: nobody is asked about the press, and who was is told so', async () => {
  await begins(
    { name: 'daughter', ways: ['sms'] },
    { name: 'neighbour', ways: ['sms'] },
    { name: 'son', ways: ['sms'] },
  )
  const fall = await story.happens('fall-detected')
  await story.expect('sms', 'daughter')
  await story.passes(seconds(45))
  const asked = await story.expect('sms', 'neighbour')
  const press = await story.press()
  await story.expect('sms', 'daughter')
  story.told('east', press)
  await story.answers(asked, 'going', 20)
  await story.expect('sms', 'daughter', /不必/)
  await story.passes(minutes(2))
  await story.expect('sms', 'daughter', /不必/)
  story.expectNothingElse()
  // The operators are asked about it as before: it is theirs.
  expect(story.told('east', press)).toContain('escalated')
  expect(await story.queueOf('east')).toEqual(expect.arrayContaining([fall, press]))

  await story.answers(asked, 'cannot')
  await story.expect('sms', 'son')
  await story.passes(seconds(10))
  // The press goes on with whom it had come to.
  await story.expect('sms', 'daughter')
  await closes(fall)
  await closes(press)
  await story.passes(minutes(2))
  expect(story.takeAll().toSorted()).toEqual(['sms for daughter', 'sms for neighbour', 'sms for son'])
})

test('the fall she was asked about is closed while she is on her way: the press counts on her until it is closed, too', async () => {
  await begins({ name: 'neighbour', ways: ['sms'] }, { name: 'son', ways: ['sms'] })
  const fall = await story.happens('fall-detected')
  const asked = await story.expect('sms', 'neighbour')
  await story.answers(asked, 'going', 2)
  const press = await story.press()
  await closes(fall)
  await story.passes(minutes(5))
  story.expectNothingElse()
  expect((await story.pageOf(asked)).over).toBe(null)
  // Nobody has said that she arrived: the others are asked, and she is not told to stay.
  await story.passes(minutes(2))
  await story.expect('sms', 'neighbour', /提醒/)
  await story.passes(seconds(45))
  await story.expect('sms', 'son', /提醒/)
  await closes(press)
  await story.passes(seconds(70))
  expect(story.takeAll().toSorted()).toEqual(['sms for neighbour', 'sms for neighbour', 'sms for son'])
  expect((await story.pageOf(asked)).over).toBe('closed')
})

test('the close of the press can still be undone when that of the fall cannot: she is told once neither can', async () => {
  await begins({ name: 'neighbour', ways: ['sms'] })
  const fall = await story.happens('fall-detected')
  await story.expect('sms', 'neighbour')
  const press = await story.press()
  await story.expect('sms', 'neighbour')
  await closes(fall)
  await story.passes(seconds(30))
  await closes(press)
  await story.passes(seconds(45))
  await story.at('li').undoesClose(press)
  await story.passes(seconds(45))
  story.expectNothingElse()
  await story.at('li').closes(press)
  await story.passes(seconds(70))
  expect(story.takeAll()).toEqual(['sms for neighbour', 'sms for neighbour'])
})

test('for an exercise nobody goes: who said so is not counted on, and a real fall asks', async () => {
  await begins({ name: 'daughter', ways: ['sms'] })
  await story.data.sql(
    `insert into person (id, centre, username, name, role, home, password) values ('her-account', 'east', 'cousin', 'cousin', 'family', 'home-1', 'x')`,
  )
  const exercise = await story.press({ test: true })
  await story.goes('her-account', exercise, 10)
  const fall = await story.happens('fall-detected')
  await story.expect('sms', 'daughter')
  await story.passes(seconds(20))
  expect(await toldToStay(fall)).toEqual([])
})

test('a broken line of the home is no way there: who sees to the battery is asked about the fall', async () => {
  await begins({ name: 'daughter', ways: ['sms'] }, { name: 'son', ways: ['sms'] })
  const family = {
    startAfterS: 0,
    repeatAfterS: 600,
    quietWhileHeld: true,
    steps: [
      { targets: [{ to: 'contact' as const, position: 2 }], waves: [{ channels: ['sms' as const], timeoutS: 60 }] },
    ],
  }
  await story.policy({ type: 'battery-low' }, { centre: family, family })
  const battery = await story.happens('battery-low')
  await story.answers(await story.expect('sms', 'son'), 'going', 20)
  story.takeAll()
  await story.happens('fall-detected')
  await story.expect('sms', 'daughter')
  expect((await story.alarm(battery)).handling).toBe('new')
  await story.passes(seconds(20))
})
