import { minutes, seconds } from '@anju/contract'
import { beforeAll, expect, test } from 'vitest'
import { aStory } from '../../harness/story/story.ts'

/** A piece of work is what somebody did, or a transaction or two that the server made of it: it may die after each of them. */
const piecesMax = 40

/**
 * A night with everything in it that has a deadline: nobody takes the press at first, then somebody whose browser dies; the
 * daughter goes, the alarm is parked, comes back, and is closed.
 */
async function theNight(diesAfter: number) {
  const story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    contacts: [{ name: 'daughter', ways: ['push', 'sms'] }],
    nextCentre: true,
  })
  const before = story.pieces
  story.diesAfter(diesAfter)
  const alarm = await story.press()
  const arrived = [...story.takeAll()]
  await story.passes(seconds(60))
  arrived.push(...story.takeAll())
  await story.at('li').claims(alarm)
  story.at('li').goesSilent()
  await story.passes(seconds(60))
  const asked = await story.expect('push', 'daughter')
  await story.answers(asked, 'going', 10)
  await story.at('chen').claims(alarm)
  await story.at('chen').does(alarm, { type: 'park', for: minutes(5), note: 'the daughter is on her way' })
  await story.passes(minutes(5))
  await story.at('chen').claims(alarm)
  await story.at('chen').closes(alarm)
  await story.passes(minutes(2))
  arrived.push('push for daughter', ...story.takeAll())

  const { timeline, notifications, escalation, ladder, version } = await story.alarm(alarm)
  const log = timeline.map(({ at, kind, by, detail }) =>
    [at, kind, by?.name, detail['track'], detail['step']].join(' '),
  )
  const ledger = notifications.map(({ at, channel, purpose, state }) => [at.queued, channel, purpose, state].join(' '))
  const tracks = escalation?.map(({ track, state }) => `${track} ${state}`)
  const told = await story.data.sql<{ n: number }>('select last::integer as n from live_head where centre = $1', [
    'east',
  ])
  const died = story.pieces - before >= diesAfter
  const pieces = story.pieces - before
  await story.end()
  return { what: { arrived, log, ledger, tracks, ladder, version, told: told[0]?.n }, died, pieces }
}

let undisturbed: Awaited<ReturnType<typeof theNight>>
beforeAll(async () => {
  undisturbed = await theNight(Number.POSITIVE_INFINITY)
})

test('left alone, it is this', () => {
  expect(undisturbed.pieces).toBeGreaterThan(30)
  expect(undisturbed.pieces).toBeLessThanOrEqual(piecesMax) // else the last of them is not tried below
  expect(undisturbed.what.arrived).toEqual([
    'push for daughter',
    'sms for daughter',
    'push for daughter',
    'push for daughter', // that she need not go
  ])
  expect(undisturbed.what.tracks).toEqual(['centre ended', 'family ended', 'long-lie ended'])
})

test.for(Array.from({ length: piecesMax }, (_, n) => n + 1))(
  'the server dies after piece %i of its work: the same things happen at the same time, once',
  async (point) => {
    const { what, died } = await theNight(point)
    expect(died || point > undisturbed.pieces).toBe(true)
    expect(what).toEqual(undisturbed.what)
  },
)
