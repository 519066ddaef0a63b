import { seconds } from '@anju/contract'
import { expect, test } from 'vitest'
import { withIntervals } from './poll-intervals.ts'

const polls = [
  { name: '00010000', ask: '00010000', every: seconds(300), points: ['active-energy'] },
  { name: '02010100', ask: '02010100', every: seconds(60), points: ['voltage'] },
]

test('an installer’s interval takes the place of the usual one', () => {
  expect(withIntervals(polls, { '00010000': 900 })).toEqual([{ ...polls[0], every: seconds(900) }, polls[1]])
  expect(withIntervals(polls, {})).toEqual(polls)
})

test.for([
  [{ '02030000': 60 }, /pollEveryS.02030000: this profile does not ask for it/],
  [{ '02010100': 0 }, /pollEveryS.02010100: not from 1 to 86400 seconds/],
  [{ '02010100': 86_401 }, /pollEveryS.02010100/],
  [{ '02010100': Number.NaN }, /pollEveryS.02010100/],
] as const)('%o is refused, naming the field', ([everyS, why]) => {
  expect(() => withIntervals(polls, everyS as Record<string, number>)).toThrow(why)
})
