import { expect, test } from 'vitest'
import { levelOf } from './routine-level.ts'

test.for([
  [0, 0, 'cannot-tell'],
  [12, 0, 'none'],
  [336, 1, 'little'],
  [100, 10, 'some'],
  [100, 30, 'much'],
] as const)('of %i steps heard, %i with life: %s', ([heard, active, level]) => {
  expect(levelOf({ heard, active })).toBe(level)
})
