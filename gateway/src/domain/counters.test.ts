import { absent, hours, instant, minutes, reading } from '@anju/contract'
import { expect, test } from 'vitest'
import { judgeCounter } from './counters.ts'
import type { Counter } from './memory.ts'

const start = 1_800_000_000_000
/** An energy meter read every five minutes; what it said, and what was made of it. */
function said(...values: (number | undefined)[]): { readings: unknown[]; oddities: unknown[]; counter?: Counter } {
  let counter: Counter | undefined
  const judged = values.map((value, i) => {
    const given = value === undefined ? absent('no-answer') : reading(value)
    const one = judgeCounter('active-energy-import', counter, given, instant(start + i * minutes(5)))
    counter = one.counter
    return one
  })
  return {
    readings: judged.map((one) => (one.reading.is === 'value' ? one.reading.value : one.reading.why)),
    oddities: judged.map(({ oddity }) => oddity ?? ''),
    ...(counter && { counter }),
  }
}

test.for([
  { when: 'it grows', values: [5, 6, 6], reads: [5, 6, 6], odd: ['', '', ''] },
  {
    when: 'it stepped back once and returned: a glitch',
    values: [500, 3, 501],
    reads: [500, 'implausible', 501],
    odd: ['', 'register-back', ''],
  },
  {
    when: 'it goes on from the low value: another meter hangs there',
    values: [500, 3, 3.1, 3.2],
    reads: [500, 'implausible', 3.1, 3.2],
    odd: ['', 'register-back', 'register-replaced', ''],
  },
  {
    when: 'a new meter begins at zero and stands still',
    values: [500, 0, 0, 0],
    reads: [500, 'implausible', 0, 0],
    odd: ['', 'register-back', 'register-replaced', ''],
  },
  {
    when: 'it jumps by a million and returns: a glitch',
    values: [500, 1_000_500, 500.1],
    reads: [500, 'implausible', 500.1],
    odd: ['', 'register-jumped', ''],
  },
  {
    when: 'it jumps by a million and goes on from there',
    values: [500, 1_000_500, 1_000_500.1],
    reads: [500, 'implausible', 1_000_500.1],
    odd: ['', 'register-jumped', 'register-replaced'],
  },
  {
    when: 'two glitches in a row are not a meter',
    values: [500, 3, 1_000_000, 501],
    reads: [500, 'implausible', 'implausible', 501],
    odd: ['', 'register-back', 'register-jumped', ''],
  },
  {
    when: 'it did not answer in between',
    values: [500, undefined, 501],
    reads: [500, 'no-answer', 501],
    odd: ['', '', ''],
  },
])('$when', ({ values, reads, odd }) => {
  const { readings, oddities } = said(...values)
  expect(readings).toEqual(reads)
  expect(oddities).toEqual(odd)
})

test('after a month without a reading much growth is no jump, and a clock that was set back makes none', () => {
  const before = { last: 500, at: instant(start) }
  const yearMs: number = hours(24 * 365)
  const later = (ms: number, value: number) =>
    judgeCounter('active-energy-import', before, reading(value), instant(start + ms)).oddity
  expect(later(hours(24 * 30), 1_400)).toBeUndefined()
  expect(later(-yearMs, 501)).toBeUndefined()
  expect(later(-yearMs, 1_400)).toBe('register-jumped')
})

test('a counter of a gateway that kept no times is believed once', () => {
  expect(judgeCounter('water-volume', { last: 5 }, reading(90_000), instant(start))).toEqual({
    counter: { last: 90_000, at: start },
    reading: reading(90_000),
  })
})
