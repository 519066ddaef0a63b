import { minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, refusalOf, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const atNight = () => aStory({ at: '2026-03-01T02:10:00+08:00' })

test('pressed again while somebody has it: who has it hears it again, at most every 10 s, and every press counts', async () => {
  story = await atNight()
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  story.told('east', alarm)
  const told: string[][] = []
  for (const wait of [30, 5, 4, 1, 9, 1]) {
    await story.passes(seconds(wait))
    expect(await story.press()).toBe(alarm)
    told.push(story.told('east', alarm))
  }
  expect(told).toEqual([
    ['re-alerted'], // half a minute after the first one
    ['occurrence'],
    ['occurrence'],
    ['re-alerted'], // ten seconds after the last time it was heard
    ['occurrence'],
    ['re-alerted'],
  ])
  expect(await story.alarm(alarm)).toMatchObject({ handling: 'claimed', owner: { name: 'li' }, occurrences: 7 })
})

test('three presses in two minutes are one alarm, pressed three times, and nobody overhears one', async () => {
  story = await atNight()
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  story.told('east', alarm)
  for (const wait of [50, 60]) {
    await story.passes(seconds(wait))
    expect(await story.press()).toBe(alarm)
    expect(story.told('east', alarm)).toEqual(['re-alerted'])
  }
  const { occurrences, occurrenceList } = await story.alarm(alarm)
  expect([occurrences, occurrenceList.length]).toEqual([3, 3])
  expect(await story.queueOf('east')).toEqual([alarm])
})

test('pressed again while somebody of the centre is on the way: what they said was of the first press, and the centre is asked anew', async () => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    staff: [
      { name: 'zhou', role: 'supervisor', ways: ['sms'] },
      { name: 'li', role: 'operator' },
    ],
    contacts: [{ name: 'daughter', ways: ['sms'] }],
  })
  await story.data.sql('delete from console_presence')
  const alarm = await story.press()
  const asked = await story.expect('sms', 'zhou')
  const daughter = await story.expect('sms', 'daughter')
  await story.answers(asked, 'going', 30)
  await story.answers(daughter, 'going', 30)
  await story.passes(minutes(5))
  story.expectNothingElse()

  // The daughter is not called again: the centre's own people are there for that.
  await story.press()
  const again = await story.expect('sms', 'zhou')
  await story.answers(again, 'going', 25)
  await story.passes(minutes(4))
  story.expectNothingElse()
  // Ten minutes after the first press nobody of the home has been reached: that is said by itself.
  await story.passes(minutes(6))
  await story.expect('sms', 'zhou')
  story.expectNothingElse()
  expect((await story.alarm(alarm)).handling).toBe('new')
  await story.at('li').claims(alarm)
})

test('a button that hangs calls nobody back who said that they go', async () => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    staff: [
      { name: 'zhou', role: 'supervisor', ways: ['sms'] },
      { name: 'li', role: 'operator' },
    ],
  })
  await story.data.sql('delete from console_presence')
  const alarm = await story.press()
  const asked = await story.expect('sms', 'zhou')
  for (let press = 2; press <= 22; press++) {
    await story.passes(seconds(2))
    await story.press()
  }
  expect((await story.alarm(alarm)).stuck).toBe(true)
  await story.answers(asked, 'going', 30)
  for (let press = 0; press < 4; press++) {
    await story.passes(seconds(15))
    await story.press()
  }
  story.expectNothingElse()
  await story.at('li').claims(alarm)
})

test('one event that arrives twice is one press', async () => {
  story = await atNight()
  const id = '01JZZZZZZZZZZZZZZZZZZZZZZZ'
  const alarm = await story.press({ id, seq: 1 })
  await story.passes(seconds(30))
  story.told('east', alarm)
  await story.press({ id, seq: 1, elapsedMs: 30_000 })
  expect((await story.alarm(alarm)).occurrences).toBe(1)
  expect(story.told('east', alarm)).toEqual([])
})

test('a button that hangs: the call for help stays open and loud, and beside it somebody is to look at the button', async () => {
  story = await atNight()
  const alarm = await story.press()
  for (let press = 2; press <= 20; press++) {
    await story.passes(seconds(2))
    await story.press()
  }
  expect(await story.queueOf('east')).toEqual([alarm])
  expect((await story.alarm(alarm)).stuck).toBe(false) // twenty in a minute may be somebody in fear

  await story.passes(seconds(2))
  await story.press()
  const [first, second] = await story.queue()
  expect(first).toMatchObject({ id: alarm, class: 'life', handling: 'new', stuck: true, occurrences: 21 })
  expect(second).toMatchObject({ type: 'button-stuck', class: 'technical', occurrences: 1 })

  // An hour on: one of each still, the life alarm neither folded nor quiet.
  story.told('east', alarm)
  await story.passes(minutes(60))
  await story.press()
  expect(await story.queue()).toMatchObject([
    { id: alarm, occurrences: 22 },
    { type: 'button-stuck', occurrences: 1 },
  ])
  expect(story.told('east', alarm)).toContain('re-alerted')

  // The button is mended; whoever pressed it is still to be seen to.
  await story.at('chen').claims(second?.id as typeof alarm)
  await story.at('chen').closes(second?.id as typeof alarm, { code: 'technical', cause: 'device', outcome: 'repaired' })
  expect(await story.queue()).toMatchObject([{ id: alarm, handling: 'new' }])
})

test('a press after the close is a new alarm, and the old one cannot be brought back beside it', async () => {
  story = await atNight()
  const closed = await story.press()
  await story.at('li').claims(closed)
  await story.at('li').closes(closed)
  await story.passes(seconds(20))
  const alarm = await story.press()
  expect(alarm).not.toBe(closed)
  expect(story.told('east', alarm)).toEqual(['raised'])
  expect(await story.alarm(alarm)).toMatchObject({ handling: 'new', occurrences: 1 })
  expect(await refusalOf(story.at('li').undoesClose(closed))).toBe('transition-refused')
  expect(await story.alarm(closed)).toMatchObject({ handling: 'closed', occurrences: 1 })
  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])
})
