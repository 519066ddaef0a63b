import { hours, millis, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const NOW = '2026-03-01T12:00:00+08:00'
const in1970 = millis(Date.parse('1970-01-01T00:02:00Z') - Date.parse(NOW))
const aDay = hours(24)

test('a press that lay three hours at its gateway is shown, marked late, and asks for help as if it were fresh', async () => {
  story = await aStory({ at: NOW, contacts: [{ name: 'daughter', ways: ['push'] }] })
  const alarm = await story.press({ elapsedMs: hours(3) })
  await story.expect('push', 'daughter', /09:00/) // when it was, not when it came
  expect(await story.alarm(alarm)).toMatchObject({
    late: true,
    lateByS: 3 * 3_600,
    firstAt: '2026-03-01T01:00:00.000Z',
    receivedAt: '2026-03-01T04:00:00.000Z',
    handling: 'new',
  })
  expect(story.told('east', alarm)).toEqual(['raised', 'escalated']) // the family, in the same breath
  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])
  await story.at('li').claims(alarm)
})

test('a minute on its way is fresh, more than that is late', async () => {
  story = await aStory({ at: NOW })
  const fresh = await story.press({ placement: 'bedroom-sos', elapsedMs: seconds(60) })
  const late = await story.press({ placement: 'kitchen-sos', elapsedMs: seconds(60) + 1 })
  expect([(await story.alarm(fresh)).late, (await story.alarm(late)).late]).toEqual([false, true])
})

test('three hours of a line that was cut: what is late is told apart from what is pressed now, and nothing is dropped', async () => {
  story = await aStory({ at: NOW })
  const [first, again, smoke, tamper] = await story.brings([
    { elapsedMs: hours(3) },
    { elapsedMs: hours(3) - 30_000 },
    { type: 'smoke', placement: 'kitchen', elapsedMs: hours(2) },
    { type: 'tamper', placement: 'hall', elapsedMs: hours(1) },
  ])
  expect(again).toBe(first)
  const now = await story.press({ placement: 'bedroom-sos' })
  expect((await story.queue()).map(({ id, late, occurrences }) => [id, late, occurrences])).toEqual([
    [first, true, 2],
    [now, false, 1],
    [smoke, true, 1],
    [tamper, true, 1],
  ])
  // The episode began late; the press of this moment is one more of it, and is heard.
  story.told('east', first as typeof now)
  await story.passes(seconds(10))
  await story.press()
  expect(story.told('east', first as typeof now)).toEqual(['re-alerted'])
  expect((await story.alarm(first as typeof now)).occurrenceList.map(({ late }) => late)).toEqual([true, true, false])
})

test('a press of three hours ago, of an alarm somebody has taken since: it is shown as what it is, and rings as no press of now', async () => {
  story = await aStory({ at: NOW })
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  await story.passes(seconds(30))
  story.told('east', alarm)
  expect(await story.press({ elapsedMs: hours(3) })).toBe(alarm)
  expect(story.told('east', alarm)).toEqual(['occurrence'])
  const heardAt = '2026-03-01T01:00:30.000Z'
  const seen = await story.alarm(alarm)
  expect(seen).toMatchObject({
    handling: 'claimed',
    occurrences: 2,
    firstAt: heardAt,
    late: false, // the one that opened it
    lateAgain: { times: 1, quiet: 1, heardAt, lateByS: 3 * 3_600 },
  })
  expect(seen.occurrenceList.map(({ late, lateByS }) => [late, lateByS])).toEqual([
    [false, 0.005],
    [true, 3 * 3_600],
  ])
  // It stands in the log where the centre learned of it, and says when it was.
  const told = seen.timeline.filter(({ kind }) => ['raised', 'occurrence', 're-alerted'].includes(kind))
  expect(told.map(({ at, kind, detail }) => [at, kind, detail['heardAt'], detail['lateByS']])).toEqual([
    ['2026-03-01T04:00:00.000Z', 'raised', undefined, undefined],
    ['2026-03-01T04:00:30.000Z', 'occurrence', heardAt, 3 * 3_600],
  ])
  // It held nothing back: the press of this moment is heard at once, and is not late.
  await story.press()
  expect(story.told('east', alarm)).toEqual(['re-alerted'])
  expect(await story.alarm(alarm)).toMatchObject({ occurrences: 3, lateAgain: { times: 1, quiet: 1 } })
})

test('pressed again after somebody took it, while the line was cut: who has it hears of it, with its age', async () => {
  story = await aStory({ at: NOW })
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  await story.passes(seconds(100))
  story.told('east', alarm)
  await story.press({ elapsedMs: seconds(90) })
  expect(story.told('east', alarm)).toEqual(['re-alerted'])
  const { lateAgain, timeline } = await story.alarm(alarm)
  expect(lateAgain).toMatchObject({ times: 1, quiet: 0, lateByS: 90 })
  expect(timeline.find(({ kind }) => kind === 're-alerted')?.detail).toMatchObject({
    heardAt: '2026-03-01T04:00:10.000Z',
    lateByS: 90,
  })
})

test('a press of three hours ago, of an alarm that nobody has in hand, rings: new, given back or parked', async () => {
  story = await aStory({ at: NOW })
  const alarm = await story.press()
  story.told('east', alarm)
  await story.press({ elapsedMs: hours(3) })
  expect(story.told('east', alarm)).toEqual(['re-alerted'])

  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'release' })
  await story.passes(seconds(12))
  story.told('east', alarm)
  await story.press({ elapsedMs: hours(3) })
  expect(story.told('east', alarm)).toContain('re-alerted')

  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'park', for: minutes(30), note: 'the neighbour looks' })
  await story.passes(seconds(12))
  await story.press({ elapsedMs: hours(3) })
  expect(await story.alarm(alarm)).toMatchObject({ handling: 'new', lateAgain: { times: 3, quiet: 0 } })
})

test.for([
  ['in 1970', in1970],
  ['a day ahead', aDay],
  ['a day behind', millis(0 - aDay)],
] as const)('a press under a clock that is %s is an alarm at once, and not late', async ([, clockOff]) => {
  story = await aStory({ at: NOW })
  const alarm = await story.press({ clockOff })
  expect(await story.alarm(alarm)).toMatchObject({
    handling: 'new',
    late: false,
    receivedAt: '2026-03-01T04:00:00.000Z',
  })
  expect(story.told('east', alarm)).toEqual(['raised'])
  // Every deadline is by the centre's own clock.
  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])
  await story.at('li').claims(alarm)
  await story.passes(seconds(45))
  expect((await story.alarm(alarm)).owner?.name).toBe('li')
  // What it said of the time is kept as it was said.
  const [occurrence] = (await story.alarm(alarm)).occurrenceList
  expect(Date.parse(occurrence?.occurredAt ?? '') - Date.parse(NOW)).toBe(clockOff - 5)
})

test('a clock in 1970 after a power cut: who is told hears when it was, and who stopped being a contact years ago takes nobody’s place', async () => {
  story = await aStory({
    at: NOW,
    contacts: ['former', 'daughter'].map((name) => ({ name, ways: ['push'] as const })),
  })
  await story.data.sql(`update contact set removed_at = '2020-01-01' where id = 'former'`)
  const alarm = await story.press({ clockOff: in1970 })
  const asked = await story.expect('push', 'daughter', /11:59/)
  expect((await story.pageOf(asked)).at).toBe('2026-03-01T03:59:59.995Z')
  await story.passes(seconds(45))
  story.expectNothingElse()
  await story.at('li').claims(alarm)
})

test('what came first is said by boot and sequence, whatever the clocks and the line made of it', async () => {
  story = await aStory({ at: NOW })
  // Raised before the power cut, returned after it under a clock that began anew in 1970; it arrives the other way round.
  const [, smoke] = await story.brings([
    { type: 'smoke', placement: 'kitchen', phase: 'returned', boot: 8, seq: 1, clockOff: in1970 },
    { type: 'smoke', placement: 'kitchen', boot: 7, seq: 9 },
  ])
  expect(await story.alarm(smoke as typeof smoke & string)).toMatchObject({ condition: 'returned', handling: 'new' })

  const [gas] = await story.brings([
    { type: 'gas-leak', placement: 'stove', boot: 8, seq: 4 },
    { type: 'gas-leak', placement: 'stove', phase: 'returned', boot: 8, seq: 3 },
    { type: 'gas-leak', placement: 'stove', boot: 8, seq: 2 },
  ])
  expect(await story.alarm(gas as typeof gas & string)).toMatchObject({ condition: 'active', occurrences: 2 })
})
