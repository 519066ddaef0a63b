import { type Instant, instant, type Millis, millis, minutes, plus, seconds, seededRandom } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { deviceGrace, deviceRehearing, interrupted, periodOf, resumed, type Supervised } from './supervision.ts'

test.for([
  { said: {}, life: true, lostAfterS: 86_400, why: 'nothing is known: it may be a button' },
  { said: { life: false }, life: false, lostAfterS: 259_200, why: 'no life hangs on it' },
  { said: { lostAfterS: 960 }, life: true, lostAfterS: 960, why: 'its profile knows better' },
  { said: { life: true, lostAfterS: 200_000 }, life: true, lostAfterS: 86_400, why: 'longer than a life may wait' },
  { said: { life: false, lostAfterS: 200_000 }, life: false, lostAfterS: 200_000, why: 'a slow meter' },
  {
    said: { life: false, lostAfterS: 999_999 },
    life: false,
    lostAfterS: 259_200,
    why: 'longer than anything may wait',
  },
])('$why: $said may be silent for $lostAfterS s', ({ said, life, lostAfterS }) => {
  expect(periodOf(said)).toEqual({ life, lostAfterS })
})

const start = instant(1_800_000_000_000)
const lostAfter = minutes(10)
const all = millis(lostAfter + deviceGrace)
/** Heard at the start, and not since. */
const heardAtStart: Supervised = { dueAt: plus(start, all), left: null, lostAfter }

describe('the time of a device', () => {
  test.for([
    { when: 'some of it is left', after: minutes(4), left: minutes(12) },
    { when: 'next to nothing is left: enough to be heard again', after: minutes(15.9), left: deviceRehearing },
    { when: 'none is left: the same', after: minutes(30), left: deviceRehearing },
  ])('stands still while nobody could hear it, and goes on from there: $when', ({ after, left }) => {
    const standing = interrupted(heardAtStart, plus(start, after))
    expect(standing).toEqual({ dueAt: null, left })
    const later = plus(start, minutes(600))
    expect(resumed({ ...standing, lostAfter }, later)).toEqual({ dueAt: plus(later, left), left })
  })

  test('is given no second time what it takes to be heard again', () => {
    const again: Supervised = { dueAt: plus(start, seconds(1)), left: deviceRehearing, lostAfter }
    expect(interrupted(again, start)).toEqual({ dueAt: null, left: seconds(1) })
    expect(interrupted(again, plus(start, seconds(2)))).toEqual({ dueAt: null, left: 0 })
  })

  test('is all there where it has never begun: its gateway was never heard, or it went into service meanwhile', () => {
    expect(interrupted(heardAtStart, null)).toEqual({ dueAt: null, left: null })
    expect(resumed({ dueAt: null, left: null, lostAfter }, start).dueAt).toBe(plus(start, all))
    // Into service after the last word of its gateway.
    expect(interrupted({ ...heardAtStart, dueAt: plus(start, all) }, plus(start, minutes(-5))).left).toBe(all)
  })

  test('that stands still, or of one that is silent, is not stopped again', () => {
    const standing: Supervised = { dueAt: null, left: minutes(3), lostAfter }
    expect(interrupted(standing, start)).toEqual({ dueAt: null, left: minutes(3) })
  })
})

/** For how long it could be heard until its time was over, with a line that is up and down for as long as is drawn. */
function heardableUntilSilent(draw: () => Millis): number {
  let device = heardAtStart
  let now: Instant = start
  for (let couldBeHeardMs = 0, turns = 0; turns < 10_000; turns++) {
    const up = draw()
    if (device.dueAt !== null && plus(now, up) >= device.dueAt) return couldBeHeardMs + (device.dueAt - now)
    couldBeHeardMs += up
    device = { ...interrupted(device, plus(now, up)), lostAfter }
    now = plus(now, millis(up + draw()))
    device = { ...resumed(device, now), lostAfter }
  }
  return Number.POSITIVE_INFINITY
}
test('however a line blinks, a dead device behind it is silent when it could have been heard for its time, and no sooner', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed)
    const longest = seconds(1 + 600 * random.uniform())
    const couldBeHeard = heardableUntilSilent(() => millis(Math.ceil(longest * random.uniform())))
    expect(couldBeHeard).toBeGreaterThanOrEqual(all)
    expect(couldBeHeard).toBeLessThanOrEqual(all + deviceRehearing)
  }
})
