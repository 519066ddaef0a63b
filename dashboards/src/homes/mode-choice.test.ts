import { expect, test } from 'vitest'
import { lengthOf, MINUTES, modeAt } from './mode-choice.ts'

const noon = Date.parse('2026-03-02T12:00:00.000Z')
const until = (at: string) => ({ mode: 'away', modeUntil: `2026-03-02T${at}:00.000Z` })

test.for([
  { is: 'a home that was never away', home: { mode: 'home', modeUntil: null }, now: { mode: 'home' } },
  {
    is: 'a home that is away for another half an hour',
    home: until('12:30'),
    now: { mode: 'away', until: '2026-03-02T12:30:00.000Z', leftMs: 1_800_000 },
  },
  { is: 'a home whose mode has just run out', home: until('12:00'), now: { mode: 'home' } },
])('$is', ({ home, now }) => {
  expect(modeAt(home, noon)).toEqual(now)
})

test('a length is said in the largest unit that has no rest', () => {
  expect(MINUTES.test.map(lengthOf)).toEqual([
    { unit: 'minutes', count: 30 },
    { unit: 'hours', count: 1 },
    { unit: 'hours', count: 2 },
    { unit: 'hours', count: 4 },
  ])
  expect(lengthOf(7 * 24 * 60)).toEqual({ unit: 'days', count: 7 })
})
