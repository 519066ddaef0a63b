import { expect, test } from 'vitest'
import { type BenchDefinition, judge, median, percentile } from './figures.ts'

const definition = (better: 'higher' | 'lower', judged: 'ratio' | 'value'): BenchDefinition => ({
  name: 'x',
  what: 'x',
  unit: 'u',
  better,
  judged,
  gate: 2,
  goal: better === 'higher' ? 3 : 1,
  run: () => Promise.reject(new Error('not run here')),
})

test.for([
  { better: 'higher', values: [8, 9, 7], references: [2, 2, 2], passed: true, goal: true },
  { better: 'higher', values: [4, 4, 40], references: [2, 2, 2], passed: true, goal: false },
  { better: 'higher', values: [3, 3, 3], references: [2, 2, 2], passed: false, goal: false },
  { better: 'lower', values: [3, 3, 3], references: [2, 2, 2], passed: true, goal: false },
  { better: 'lower', values: [5, 5, 5], references: [2, 2, 2], passed: false, goal: false },
] as const)('$values beside $references, $better is better', ({ better, values, references, passed, goal }) => {
  const verdict = judge(definition(better, 'ratio'), { values, references })
  expect(verdict).toMatchObject({ passed, reachedGoal: goal })
})

test('a figure that must hold beside the ratio fails the benchmark', () => {
  const figures = { values: [8], references: [2], more: { 'load kept up': false } }
  expect(judge(definition('higher', 'ratio'), figures).passed).toBe(false)
})

test('judged by its value, the reference only stands beside it', () => {
  const verdict = judge(definition('lower', 'value'), { values: [1.5], references: [100] })
  expect(verdict).toMatchObject({ passed: true, result: { value: 1.5, ratio: 0.015 } })
})

test('medians and percentiles', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3)
  expect(percentile([5, 1, 4, 2, 3], 0.99)).toBe(5)
  expect(() => median([])).toThrow('no figure')
})
