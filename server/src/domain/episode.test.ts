import { type Instant, instant, plus, seconds } from '@anju/contract'
import { expect, test } from 'vitest'
import { begin, type Episode, echoed, isEcho, isLate, type Occurrence, recur } from './episode.ts'

const T0 = instant(1_700_000_000_000)
const at = (s: number): Instant => plus(T0, seconds(s))
const press = (s: number, more: Partial<Occurrence> = {}): Occurrence => ({
  gateway: 'gw-1',
  occurredAt: at(s),
  heardAt: at(s),
  elapsedMs: 5,
  test: false,
  ...more,
})
const first = begin(press(0), at(0))

/** Presses at these seconds, each received as it was heard: at which of them the holder is alerted again. */
function realertsAt(times: readonly number[]): number[] {
  let episode: Episode = first
  return times.filter((s) => {
    const next = recur(episode, press(s), 'life', at(s), null)
    episode = next.episode
    return next.realert
  })
}

test.for([
  { presses: [30], realerts: [30] },
  { presses: [2], realerts: [2] }, // the first one again is never held back
  { presses: [2, 5, 11, 12, 13], realerts: [2, 12] },
  { presses: [30, 60, 90], realerts: [30, 60, 90] },
])('presses at $presses s re-alert at $realerts s', ({ presses, realerts }) => {
  expect(realertsAt(presses)).toEqual(realerts)
})

test('every occurrence counts, also the ones that do not re-alert', () => {
  const { episode } = recur(recur(first, press(1), 'life', at(1), null).episode, press(2), 'life', at(2), null)
  expect(episode).toMatchObject({ occurrences: 3, firstAt: at(0), lastAt: at(2) })
})

test('one that arrives late moves the beginning back, never the end', () => {
  const { episode } = recur(first, press(-3_600, { elapsedMs: 3_600_000 }), 'life', at(5), null)
  expect(episode).toMatchObject({ firstAt: at(-3_600), lastAt: at(0), lateByMs: 5 })
})

/** Received at 300 s, while somebody has it who took it at 120 s, or nobody. */
test.for([
  { what: 'a fresh press', heard: 299, takenAt: 120, realert: true, late: null },
  { what: 'a late one of before it was taken', heard: 100, takenAt: 120, realert: false, late: { quiet: 1 } },
  { what: 'a late one of the moment it was taken', heard: 120, takenAt: 120, realert: false, late: { quiet: 1 } },
  { what: 'a late one of after it was taken', heard: 121, takenAt: 120, realert: true, late: { quiet: 0 } },
  { what: 'a late one that nobody has in hand', heard: 100, takenAt: null, realert: true, late: { quiet: 0 } },
  { what: 'one that was a minute on its way', heard: 240, takenAt: 280, realert: true, late: null },
])('$what, taken at $takenAt s: rings is $realert', ({ heard, takenAt, realert, late }) => {
  const next = press(heard, { elapsedMs: (300 - heard) * 1_000 })
  const again = recur(first, next, 'life', at(300), takenAt === null ? null : at(takenAt))
  expect(again.realert).toBe(realert)
  expect(again.episode.lateAgain).toEqual(
    late && { times: 1, heardAt: at(heard), byMs: (300 - heard) * 1_000, ...late },
  )
  expect(again.episode.occurrences).toBe(2)
})

test('one that did not ring holds back no later one', () => {
  const quiet = recur(first, press(-3_600, { elapsedMs: 3_660_000 }), 'life', at(60), at(30))
  expect(recur(quiet.episode, press(61), 'life', at(61), at(30))).toMatchObject({
    realert: true,
    episode: { occurrences: 3, lateAgain: { times: 1, quiet: 1 } },
  })
})

test('a gateway that says to be older than time is believed as far as there is time: its press must not be a date that nobody can write', () => {
  const older = { elapsedMs: Number.MAX_SAFE_INTEGER }
  expect(begin(press(0, older), at(0))).toMatchObject({ lateByMs: at(0), heardBy: { at: 0 } })
  expect(recur(first, press(0, older), 'life', at(5), null).episode.heardBy).toEqual(first.heardBy)
  expect(isEcho(first, press(0, { ...older, gateway: 'gw-2' }), at(5))).toBe(false)
})

test.for([
  { count: 20, seconds: 50, eventClass: 'life', stuck: false },
  { count: 21, seconds: 50, eventClass: 'life', stuck: true },
  { count: 21, seconds: 60, eventClass: 'life', stuck: false },
  { count: 21, seconds: 50, eventClass: 'technical', stuck: false },
  { count: 200, seconds: 20, eventClass: 'hazard', stuck: true },
] as const)(
  '$count of $eventClass in $seconds s: stuck is $stuck, once',
  ({ count, seconds: span, eventClass, stuck }) => {
    let episode: Episode = first
    let marks = 0
    for (let i = 1; i < count; i++) {
      const s = (span * i) / (count - 1)
      const next = recur(episode, press(s), eventClass, at(s), null)
      episode = next.episode
      if (next.becameStuck) marks++
    }
    expect({ stuck: episode.stuck, marks }).toEqual({ stuck, marks: stuck ? 1 : 0 })
    expect(episode.recentAt.length).toBeLessThanOrEqual(21)
  },
)

test('it is a test only as long as every occurrence was one', () => {
  const tested = begin(press(0, { test: true }), at(0))
  expect(recur(tested, press(1, { test: true }), 'life', at(1), null).episode.test).toBe(true)
  expect(recur(tested, press(1), 'life', at(1), null).episode.test).toBe(false)
})

test('late is more than a minute by the gateway’s own elapsed time', () => {
  expect([isLate(60_000), isLate(60_001)]).toEqual([false, true])
})

const by = (gateway: string, s: number, more: Partial<Occurrence> = {}) => press(s, { gateway, ...more })

test.for([
  { what: 'another gateway, a second later', next: by('gw-2', 1), received: 1, echo: true },
  { what: 'another gateway, five seconds later', next: by('gw-2', 5), received: 5, echo: true },
  { what: 'another gateway, six seconds later', next: by('gw-2', 6), received: 6, echo: false },
  { what: 'the same gateway again', next: by('gw-1', 1), received: 1, echo: false },
  { what: 'another gateway whose clock is a day off', next: by('gw-2', 86_401), received: 1, echo: true },
  {
    what: 'another gateway that was cut off for an hour meanwhile',
    next: by('gw-2', 1, { elapsedMs: 3_600_000 }),
    received: 3_601,
    echo: true,
  },
  {
    what: 'another gateway, with a press of an hour before',
    next: by('gw-2', -3_600, { elapsedMs: 3_600_000 }),
    received: 1,
    echo: false,
  },
])('$what is the same press heard twice: $echo', ({ next, received, echo }) => {
  expect(isEcho(first, next, at(received))).toBe(echo)
})

test('what a second gateway heard, too, counts once; the next press of either counts again', () => {
  const both = echoed(first, by('gw-2', 1))
  expect(both).toMatchObject({ occurrences: 1, heardBy: { gateways: ['gw-1', 'gw-2'] } })
  for (const gateway of ['gw-1', 'gw-2']) expect(isEcho(both, by(gateway, 3), at(3))).toBe(false)
  const again = recur(both, by('gw-2', 3), 'life', at(3), null).episode
  expect(again).toMatchObject({ occurrences: 2, heardBy: { gateways: ['gw-2'] } })
  expect(isEcho(again, by('gw-1', 4), at(4))).toBe(true)
})

test('it is a test only when every gateway heard it as one', () => {
  const tested = begin(press(0, { test: true }), at(0))
  expect(echoed(tested, by('gw-2', 1)).test).toBe(false)
  expect(echoed(tested, by('gw-2', 1, { test: true })).test).toBe(true)
})
