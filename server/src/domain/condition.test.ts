import { expect, test } from 'vitest'
import { condition } from './condition.ts'

test.for([
  ['active', 'returned', 'returned'],
  ['active', 'unheard', 'unknown'],
  ['active', 'raised', 'active'],
  ['returned', 'raised', 'active'],
  ['returned', 'unheard', 'returned'],
  ['unknown', 'raised', 'active'],
  ['unknown', 'returned', 'returned'],
  ['unknown', 'unheard', 'unknown'],
  ['unknown', 'heard', 'active'],
  ['active', 'heard', 'active'],
  ['returned', 'heard', 'returned'],
] as const)('%s, on %s, becomes %s', ([given, input, becomes]) => {
  expect(condition(given, input)).toBe(becomes)
})
