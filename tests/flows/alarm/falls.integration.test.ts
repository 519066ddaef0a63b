import { type AlarmId, formatInstant, minutes, plus, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const inTheMorning = () => aStory({ at: '2026-03-01T06:40:00+08:00', contacts: [{ name: 'daughter', ways: ['push'] }] })

/** How many minutes after the alarm its holder was reminded, by its log. */
async function reminders(alarm: AlarmId): Promise<number[]> {
  const { timeline, receivedAt } = await story.alarm(alarm)
  return timeline
    .filter(({ kind, detail }) => kind === 'escalated' && detail['track'] === 'long-lie')
    .map(({ at }) => Math.round((Date.parse(at) - Date.parse(receivedAt)) / minutes(1)))
}

test('a fall that is only suspected is a record: nobody hears of it, and nothing comes of it by itself', async () => {
  story = await inTheMorning()
  for (const type of ['fall-suspected', 'silence-suspected']) expect(await story.happens(type)).toBeNull()
  await story.passes(minutes(10))
  expect(await story.queueOf('east')).toEqual([])
  const [kept] = await story.data.sql<{ n: number }>('select count(*)::integer as n from event')
  expect(kept?.n).toBe(2)
})

test('nobody answered the question whether she is well: then it is a fall, with all that belongs to one', async () => {
  story = await inTheMorning()
  await story.happens('fall-suspected')
  await story.passes(seconds(60))
  const alarm = await story.happens('fall-detected')
  await story.expect('push', 'daughter')
  expect(await story.alarm(alarm)).toMatchObject({ class: 'life', handling: 'new', occurrences: 1 })
  await story.at('li').claims(alarm)
})

test('a newer gateway’s word for it, which we do not know, is an alarm of the class it says', async () => {
  story = await aStory({ at: '2026-03-01T06:40:00+08:00' })
  const alarm = await story.happens('slipped-in-the-bath', { class: 'life' })
  expect(await story.queue()).toMatchObject([{ id: alarm, type: 'slipped-in-the-bath', class: 'life' }])
  // And what we know to be grave is grave, whatever a gateway makes of it.
  const fall = await story.happens('fall-detected', { class: 'info' })
  expect((await story.alarm(fall)).class).toBe('life')
})

test('who fell may not be able to say so: whoever holds it is reminded after ten minutes and again and again until contact was made', async () => {
  story = await inTheMorning()
  const alarm = await story.happens('fall-detected')
  await story.expect('push', 'daughter')
  await story.at('li').claims(alarm)
  story.told('east', alarm)
  await story.passes(minutes(9))
  expect(story.told('east', alarm)).toEqual([])
  await story.passes(minutes(1))
  expect(story.told('east', alarm)).toEqual(['escalated'])
  // Nobody picked up: that is no contact.
  await story.at('li').calls(alarm, 'daughter', 'no-answer')
  await story.passes(minutes(20))
  expect(await reminders(alarm)).toEqual([10, 19, 28])

  await story.at('li').calls(alarm, 'daughter')
  expect((await story.alarm(alarm)).ladder.L5).toBe(formatInstant(await story.now()))
  await story.passes(minutes(31))
  expect(await reminders(alarm)).toEqual([10, 19, 28])
})

test('a takeover, a park or a lost browser does not set that clock back', async () => {
  story = await aStory({ at: '2026-03-01T06:40:00+08:00' })
  const began = await story.now()
  const alarm = await story.happens('long-lie')
  await story.at('li').claims(alarm)
  await story.passes(minutes(8))
  await story.at('zhou').takesOver(alarm, 'she has another call')
  await story.passes(minutes(2))
  expect(await reminders(alarm)).toEqual([10])
  await story.at('zhou').does(alarm, { type: 'park', for: minutes(13), note: 'the ambulance is called' })
  await story.passes(minutes(13))
  expect(await reminders(alarm)).toEqual([10, 19])
  await story.at('chen').claims(alarm)
  story.at('chen').goesSilent()
  await story.passes(minutes(7))
  expect(await reminders(alarm)).toEqual([10, 19, 28])
  expect(await story.now()).toBe(plus(began, minutes(30)))
})

test('a fall that came twenty minutes late has waited for twenty: who holds it is reminded at once', async () => {
  story = await aStory({ at: '2026-03-01T06:40:00+08:00' })
  const alarm = await story.happens('fall-detected', { elapsedMs: minutes(20) })
  expect(await reminders(alarm)).toEqual([0])
  const [said] = (await story.alarm(alarm)).timeline.filter(({ detail }) => detail['track'] === 'long-lie')
  expect(said?.detail['nobodyReachedForS']).toBe(20 * 60)
  // And one of four minutes ago in six.
  const other = await story.happens('fall-detected', { elapsedMs: minutes(4), placement: 'hall' })
  await story.at('li').claims(other)
  await story.passes(minutes(6))
  expect(await reminders(other)).toEqual([6])
})
