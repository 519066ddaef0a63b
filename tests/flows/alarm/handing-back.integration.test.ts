import { minutes, seconds } from '@anju/contract'
import { CloseBody, type Disposition } from '@anju/contract/api'
import Value from 'typebox/value'
import { afterEach, describe, expect, test } from 'vitest'
import { aStory, refusalOf, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const atNight = () => aStory({ at: '2026-03-01T02:10:00+08:00' })
const daughter = { name: 'daughter', ways: ['push', 'sms'] } as const

test('who hands an alarm back leaves it on top, and somebody is asked for at once', async () => {
  story = await atNight()
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  await story.passes(minutes(2))
  story.told('east', alarm)
  await story.at('li').does(alarm, { type: 'release' })
  expect(story.told('east', alarm)).toEqual(['released', 'escalated'])
  expect(await story.alarm(alarm)).toMatchObject({ handling: 'new', abandoned: true, owner: null })
  expect(await refusalOf(story.at('li').does(alarm, { type: 'start' }))).toBe('lease-stale')
  await story.at('chen').claims(alarm)
})

describe('a parked alarm', () => {
  const park = { type: 'park', for: minutes(10), note: 'the neighbour looks' } as const

  test('asks nobody, and comes back by itself, aloud', async () => {
    story = await atNight()
    const alarm = await story.press()
    await story.at('li').claims(alarm)
    await story.at('li').does(alarm, park)
    story.told('east', alarm)
    await story.passes(minutes(9))
    expect(story.told('east', alarm)).toEqual([])
    expect((await story.alarm(alarm)).handling).toBe('parked')

    await story.passes(minutes(1))
    // And nobody has been reached in ten minutes.
    expect(story.told('east', alarm)).toEqual(['unparked', 'escalated', 'escalated'])
    expect(await story.alarm(alarm)).toMatchObject({ handling: 'new', abandoned: false })
    await story.passes(seconds(30))
    expect(story.told('east', alarm)).toEqual(['escalated'])
  })

  test('is back at once when the button is pressed again', async () => {
    story = await atNight()
    const alarm = await story.press()
    await story.at('li').claims(alarm)
    await story.at('li').does(alarm, park)
    story.told('east', alarm)
    await story.passes(minutes(1))
    expect(await story.press()).toBe(alarm)
    expect(await story.alarm(alarm)).toMatchObject({ handling: 'new', occurrences: 2 })
    expect(story.told('east', alarm)).toEqual(['re-alerted', 'escalated'])
    expect(await story.log(alarm)).toContain('unparked')
    // The park's end has nothing more to say.
    await story.at('chen').claims(alarm)
    await story.passes(minutes(10))
    expect((await story.alarm(alarm)).owner?.name).toBe('chen')
  })

  test('can be taken by anybody before its time', async () => {
    story = await atNight()
    const alarm = await story.press()
    await story.at('li').claims(alarm)
    await story.at('li').does(alarm, park)
    await story.at('chen').claims(alarm)
    await story.passes(minutes(11))
    expect(await story.alarm(alarm)).toMatchObject({ handling: 'claimed', owner: { name: 'chen' } })
  })
})

describe('a close', () => {
  test('can be undone within the minute by who closed it, who then holds it again; nobody was told that it is over', async () => {
    story = await aStory({ at: '2026-03-01T02:10:00+08:00', contacts: [daughter] })
    const alarm = await story.press()
    await story.expect('push', 'daughter')
    await story.at('li').claims(alarm)
    await story.at('li').closes(alarm)
    await story.passes(seconds(59))
    story.expectNothingElse()
    expect(await refusalOf(story.at('chen').undoesClose(alarm))).toBe('forbidden')

    await story.at('li').undoesClose(alarm)
    expect(await story.alarm(alarm)).toMatchObject({
      handling: 'in-progress',
      owner: { name: 'li' },
      disposition: null,
    })
    expect((await story.alarm(alarm)).ladder.L6).toBeNull()
    await story.passes(minutes(5))
    story.expectNothingElse()
    expect((await story.log(alarm)).slice(-2)).toEqual(['closed by li', 'undone by li'])
    await story.at('li').closes(alarm)
  })

  test('cannot be undone after it: only then everybody who was to go hears that they need not, once', async () => {
    story = await aStory({
      at: '2026-03-01T02:10:00+08:00',
      contacts: [daughter, { name: 'neighbour', role: 'neighbour', ways: ['sms'] }],
    })
    const alarm = await story.press()
    await story.expect('push', 'daughter')
    await story.passes(seconds(45))
    await story.expect('sms', 'daughter')
    await story.passes(seconds(45))
    await story.expect('sms', 'neighbour')
    await story.at('li').claims(alarm)
    await story.at('li').closes(alarm)
    await story.passes(seconds(59))
    story.expectNothingElse()

    await story.passes(seconds(1))
    const [toHer, toHim] = [
      await story.expect('sms', 'daughter', /不必前往/),
      await story.expect('sms', 'neighbour', /不必前往/),
    ]
    expect([toHer.answerUrl, toHim.answerUrl]).toEqual([null, null])
    expect(await refusalOf(story.at('li').undoesClose(alarm))).toBe('undo-expired')
    await story.passes(minutes(60))
    story.expectNothingElse()
    expect((await story.alarm(alarm)).disposition).toEqual({
      code: 'genuine',
      cause: 'fall',
      outcome: 'helped-at-home',
    })
  })

  test('says why, in two words that belong together, and what came of it', async () => {
    story = await atNight()
    const alarm = await story.press()
    await story.at('li').claims(alarm)
    const pet = { code: 'genuine', cause: 'pet', outcome: 'no-help-needed' } as unknown as Disposition
    expect(await refusalOf(story.at('li').closes(alarm, pet))).toBe('request-malformed')
    expect((await story.alarm(alarm)).handling).toBe('claimed')
    const whole = { lease: '1', disposition: { code: 'accidental', cause: 'pet', outcome: 'no-help-needed' } }
    expect(Value.Check(CloseBody, whole)).toBe(true)
    expect(Value.Check(CloseBody, { lease: '1' })).toBe(false)
    expect(Value.Check(CloseBody, { ...whole, disposition: { code: 'accidental', cause: 'pet' } })).toBe(false)
    await story.at('li').closes(alarm, { code: 'accidental', cause: 'pet', outcome: 'no-help-needed' })
    expect((await story.alarm(alarm)).handling).toBe('closed')
  })
})

test('a supervisor takes over: the reason and both names are in the log, and the seat that had it writes nothing more', async () => {
  story = await atNight()
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'start' })
  story.told('east', alarm)
  await story.at('zhou').takesOver(alarm, 'the end of her shift')
  expect(story.told('east', alarm)).toEqual(['taken-over'])

  const { timeline, ...now } = await story.alarm(alarm)
  expect(now).toMatchObject({ handling: 'in-progress', owner: { name: 'zhou' } })
  expect(timeline.at(-1)).toMatchObject({
    kind: 'taken-over',
    by: { name: 'zhou' },
    text: 'the end of her shift',
    detail: { from: { name: 'li' } },
  })
  expect(await refusalOf(story.at('li').closes(alarm))).toBe('lease-stale')
  await story.passes(minutes(2))
  expect((await story.alarm(alarm)).owner?.name).toBe('zhou')
})
