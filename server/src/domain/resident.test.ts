import { parseInstant } from '@anju/contract'
import { expect, test } from 'vitest'
import { ageAt, masked, maskedAddress, maskedName } from './resident.ts'

test.for([
  ['1944-11-22', '2026-11-21T12:00:00.000Z', 81],
  ['1944-11-22', '2026-11-22T12:00:00.000Z', 82],
  ['1944-02-29', '2026-03-01T00:00:00.000Z', 82],
] as const)('born %s, on %s: %d', ([born, now, age]) => {
  expect(ageAt(born, parseInstant(now))).toBe(age)
})

test('without a birth date there is no age, and nothing to hide is not hidden', () => {
  expect(ageAt(null, parseInstant('2026-01-01T00:00:00.000Z'))).toBeNull()
  expect([masked(''), masked('4711')]).toEqual(['', '••••'])
})

test.for([
  ['王秀梅', '王••'],
  ['欧阳淑芬', '欧•••'],
  ['Zhou Jie', 'Z••• J••'],
  ['', ''],
] as const)('the name %s is told as %s', ([name, covered]) => {
  expect(maskedName(name)).toBe(covered)
})

test('of an address the numbers are covered, however they are written', () => {
  expect(maskedAddress('望江路 18 号３幢 2 单元 501 室')).toBe('望江路 •• 号•幢 • 单元 ••• 室')
})
