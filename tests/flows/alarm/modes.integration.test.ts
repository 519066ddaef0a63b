import { hours, millis, minutes, seconds } from '@anju/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { aStory, refusalOf, type Story, type StoryOptions } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const daughter = { name: 'daughter', ways: ['push', 'sms'] } as const
const atNoon = (more: Partial<StoryOptions> = {}) =>
  aStory({ at: '2026-03-01T12:00:00+08:00', contacts: [daughter], ...more })

const forHalfAnHourMore = () => story.at('zhou').puts('test', '2026-03-01T13:04:00+08:00')
const forHalfAnHour = () => story.at('zhou').puts('test', '2026-03-01T12:30:00+08:00')

const unwatched = async () => {
  story = await atNoon({
    nextCentre: true,
    staff: [
      { name: 'li', role: 'operator' },
      { name: 'zhou', role: 'supervisor', ways: ['sms', 'voice'] },
    ],
  })
  await story.data.sql(`delete from console_presence`)
  await forHalfAnHour()
}

describe('away', () => {
  test('a press is an alarm as ever, and ends it: somebody is there', async () => {
    story = await atNoon()
    await story.at('zhou').puts('away', '2026-03-08T12:00:00+08:00')
    await story.passes(hours(3))
    const alarm = await story.press()
    await story.expect('push', 'daughter')
    expect(await story.modeOf()).toBe('home')
    expect(await story.alarm(alarm)).toMatchObject({ class: 'life', handling: 'new', test: false })
    await story.at('li').claims(alarm)
  })

  test('smoke and gas stay what they are, and end nothing: nobody need be there for them', async () => {
    story = await atNoon({ contacts: [] })
    await story.at('zhou').puts('away', '2026-03-08T12:00:00+08:00')
    const smoke = await story.happens('smoke')
    const gas = await story.happens('gas-leak')
    expect(await story.queueOf('east')).toEqual([smoke, gas])
    expect(await story.modeOf()).toBe('away')
    await story.passes(seconds(30))
    expect(story.told('east', smoke)).toEqual(['raised', 'escalated'])
  })

  test('a press of before they left, that came late, is an alarm as ever, and calls nobody home', async () => {
    story = await atNoon()
    await story.at('zhou').puts('away', '2026-03-08T12:00:00+08:00')
    await story.passes(hours(3))
    const alarm = await story.press({ elapsedMs: hours(5) })
    await story.expect('push', 'daughter')
    expect(await story.modeOf()).toBe('away')
    expect(await story.alarm(alarm)).toMatchObject({ class: 'life', handling: 'new', late: true })
    // Agreed to be for longer: they have been away since the first time.
    await story.at('zhou').puts('away', '2026-03-09T12:00:00+08:00')
    // A press of an hour ago, when they were thought to be away: somebody was there.
    await story.press({ elapsedMs: hours(1) })
    expect(await story.modeOf()).toBe('home')
    await story.at('li').claims(alarm)
  })

  test('what was pressed again and again before is as much an alarm when it is pressed while away', async () => {
    story = await atNoon({ contacts: [] })
    const alarm = await story.press()
    await story.press()
    await story.at('zhou').puts('away', '2026-03-08T12:00:00+08:00')
    expect(await story.press()).toBe(alarm)
    expect(await story.modeOf()).toBe('home')
  })
})

test('a stay in hospital is not ended by a press, and hides none', async () => {
  story = await atNoon()
  await story.at('zhou').puts('hospital', '2026-04-01T12:00:00+08:00')
  const alarm = await story.press()
  await story.expect('push', 'daughter')
  expect(await story.queueOf('east')).toEqual([alarm])
  expect(await story.modeOf()).toBe('hospital')
  await story.at('li').claims(alarm)
})

describe('every mode ends by itself', () => {
  // The night in which clocks are put forward: from eleven to seven are seven hours.
  for (const mode of ['away', 'hospital'] as const)
    test(`${mode}: until seven in the morning, over a night that is an hour shorter`, async () => {
      story = await aStory({ at: '2026-03-28T23:00:00+01:00', timeZone: 'Europe/Berlin' })
      await story.at('zhou').puts(mode, '2026-03-29T07:00:00+02:00')
      await story.passes(millis(hours(7) - 1))
      expect(await story.modeOf()).toBe(mode)
      await story.passes(millis(1))
      expect(await story.modeOf()).toBe('home')
    })

  test('a test after four hours at the latest, and none without an end', async () => {
    story = await atNoon()
    const zhou = story.at('zhou')
    expect(await refusalOf(zhou.puts('test', '2026-03-01T16:00:01+08:00'))).toBe('request-malformed')
    expect(await refusalOf(zhou.puts('away', null))).toBe('request-malformed')
    await zhou.puts('test', '2026-03-01T16:00:00+08:00')
    await story.passes(hours(4))
    expect(await story.modeOf()).toBe('home')
  })
})

describe('a home on test', () => {
  test('a press asks our own consoles, marked as a test, again and again; nobody outside hears of it', async () => {
    story = await atNoon({
      nextCentre: true,
      staff: [
        { name: 'li', role: 'operator' },
        { name: 'zhou', role: 'supervisor', ways: ['sms'] },
      ],
    })
    await forHalfAnHour()
    const alarm = await story.press()
    expect(await story.alarm(alarm)).toMatchObject({ class: 'life', handling: 'new', test: true })
    expect(await story.queueOf('east')).toEqual([alarm])
    await story.passes(minutes(4))
    expect(story.told('east', alarm).slice(0, 4)).toEqual(['raised', 'escalated', 'escalated', 'escalated'])
    story.expectNothingElse()
    await story.passes(minutes(6))
    expect(await story.queueOf('west')).toEqual([])
    await story.expect('sms', 'zhou', /是否真实/)
    story.takeAll()
    // Nothing closes it but a person, who can say now what it was.
    await story.passes(minutes(25))
    expect(await story.modeOf()).toBe('home')
    expect((await story.alarm(alarm)).handling).toBe('new')
    await story.at('li').claims(alarm)
    await story.at('li').closes(alarm, { code: 'test', cause: 'installer', outcome: 'no-help-needed' })
    await story.passes(minutes(2))
    expect(story.takeAll().every((one) => one === 'sms for zhou')).toBe(true)
  })

  describe('in which a press is nobody’s, and no console is watched', () => {
    test('is asked about after five minutes: our supervisors, whether it is real; nobody of the family, nobody else’s centre', async () => {
      await unwatched()
      const alarm = await story.press()
      await story.passes(seconds(299))
      story.expectNothingElse()
      await story.passes(seconds(1))
      await story.expect('sms', 'zhou', /测试期间.*是否真实/s)
      await story.passes(seconds(60))
      const call = await story.expect('voice', 'zhou', /测试期间.*是否真实/s)
      expect(await story.queueOf('west')).toEqual([])
      // Whoever takes it says what it was.
      await story.presses(call, '1')
      await story.at('li').claims(alarm)
      await story.passes(minutes(11))
      expect((await story.alarm(alarm)).test).toBe(true)
      story.takeAll()
    })

    test('and at once when the test ends before, by itself or by hand', async () => {
      await unwatched()
      await story.passes(minutes(28))
      const alarm = await story.press()
      await story.passes(minutes(2))
      expect(await story.modeOf()).toBe('home')
      await story.expect('sms', 'zhou', /是否真实/)
      await story.at('li').claims(alarm)
      await story.passes(minutes(2))
      await story.at('li').closes(alarm)
      await story.passes(minutes(2))
      story.takeAll()

      await forHalfAnHourMore()
      const other = await story.press()
      await story.at('zhou').puts('home', null)
      await story.expect('sms', 'zhou', /是否真实/)
      await story.at('li').claims(other)
    })
  })

  test('every device may be tried, and shows as tried; each of them is a person’s to close', async () => {
    story = await atNoon()
    await forHalfAnHour()
    for (const type of ['smoke', 'water-leak', 'fall-detected', 'battery-low']) await story.happens(type)
    expect((await story.queue()).map(({ type, test: isTest }) => [type, isTest])).toEqual([
      ['fall-detected', true],
      ['smoke', true],
      ['water-leak', true],
      ['battery-low', true],
    ])
    await story.passes(minutes(5))
    story.expectNothingElse()
  })

  test('the test is over and the button is pressed again: it is in earnest from that moment, and the family is asked at once', async () => {
    story = await atNoon()
    await forHalfAnHour()
    const alarm = await story.press()
    await story.passes(minutes(31))
    story.expectNothingElse()
    expect(await story.press()).toBe(alarm)
    expect(await story.alarm(alarm)).toMatchObject({ occurrences: 2, test: false })
    await story.expect('push', 'daughter', /^(?!.*演练)/)
    await story.at('li').claims(alarm)
  })

  test('a gateway that knows of a test of its own is believed for that press, and not for the next', async () => {
    story = await atNoon()
    const alarm = await story.press({ test: true })
    await story.passes(minutes(1))
    story.expectNothingElse()
    expect(await story.press()).toBe(alarm)
    await story.expect('push', 'daughter')
    // In earnest once is in earnest.
    await story.passes(seconds(20))
    await story.press({ test: true })
    expect((await story.alarm(alarm)).test).toBe(false)
    await story.at('li').claims(alarm)
  })

  test('what was called for before the test, and arrives in it, is no part of it', async () => {
    story = await atNoon()
    await forHalfAnHour()
    const alarm = await story.press({ elapsedMs: hours(3) })
    await story.expect('push', 'daughter')
    expect(await story.alarm(alarm)).toMatchObject({ late: true, test: false })
    await story.at('li').claims(alarm)
  })

  test('what was open in earnest stays so when it is pressed again in a test', async () => {
    story = await atNoon()
    const alarm = await story.press()
    await story.expect('push', 'daughter')
    await forHalfAnHour()
    await story.press()
    expect((await story.alarm(alarm)).test).toBe(false)
    await story.passes(seconds(45))
    await story.expect('sms', 'daughter')
    await story.at('li').claims(alarm)
  })
})
