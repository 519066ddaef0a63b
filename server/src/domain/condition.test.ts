import { CONDITIONS } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { type ConditionInput, condition } from './condition.ts'

const rows = [
  ['active', 'raised', 'active'],
  ['active', 'returned', 'returned'],
  ['active', 'unheard', 'unknown'],
  ['returned', 'raised', 'active'],
  ['returned', 'returned', 'returned'],
  ['returned', 'unheard', 'returned'],
  ['unknown', 'raised', 'active'],
  ['unknown', 'returned', 'returned'],
  ['unknown', 'unheard', 'unknown'],
  ['unknown', 'heard', 'active'],
  ['active', 'heard', 'active'],
  ['returned', 'heard', 'returned'],
] as const

test.for(rows)('%s, on %s, becomes %s', ([given, input, becomes]) => {
  expect(condition(given, input)).toBe(becomes)
})

const INPUTS: Readonly<Record<ConditionInput, true>> = {
  raised: true,
  returned: true,
  unheard: true,
  heard: true,
}

test('every state has a row for every input', () => {
  const said = new Set(rows.map(([given, input]) => `${given}, on ${input}`))
  const all = CONDITIONS.flatMap((state) => Object.keys(INPUTS).map((input) => `${state}, on ${input}`))
  expect(all.filter((pair) => !said.has(pair))).toEqual([])
})
