import { expect, test } from 'vitest'
import {
  type AreaCode,
  ancestorsOf,
  isWithin,
  levelOf,
  parentOf,
  parseAreaCode,
  prefixOf,
  rebased,
  rollUp,
} from './area.ts'

const code = (text: string) => text as AreaCode

test.for([
  ['330000000000', 'province', undefined, '33'],
  ['330100000000', 'city', '330000000000', '3301'],
  ['330106000000', 'county', '330100000000', '330106'],
  ['330106001000', 'street', '330106000000', '330106001'],
  ['330106001012', 'community', '330106001000', '330106001012'],
  // Cities without counties: their streets hang on the city itself.
  ['441900003000', 'street', '441900000000', '441900003'],
] as const)('%s is a %s below %s', ([text, level, parent, prefix]) => {
  expect(parseAreaCode(text)).toBe(text)
  expect([levelOf(code(text)), parentOf(code(text)), prefixOf(code(text))]).toEqual([level, parent, prefix])
})

test.for([
  '',
  '3301',
  '33010600101',
  '3301060010122',
  '33010600101x',
  '３３０１０６００１０１２',
  '000106001012',
  '330006001000',
  '330106000012',
  '3.30106E+11',
])('"%s" is no code', (text) => {
  expect(parseAreaCode(text)).toBeUndefined()
})

test('the way up, from the province down', () => {
  expect(ancestorsOf(code('330106001012'))).toEqual(['330000000000', '330100000000', '330106000000', '330106001000'])
  expect(ancestorsOf(code('441900003001'))).toEqual(['440000000000', '441900000000', '441900003000'])
})

test('within is by digits of the level, not by looks', () => {
  expect(isWithin(code('330106001012'), code('330106001000'))).toBe(true)
  expect(isWithin(code('330106001000'), code('330106001000'))).toBe(true)
  expect(isWithin(code('330106010012'), code('330106001000'))).toBe(false)
})

test('what lies in a street that moves to another county keeps its own digits', () => {
  const [from, to] = [code('330106001000'), code('330105009000')]
  expect(rebased(code('330106001012'), from, to)).toBe('330105009012')
  expect(rebased(from, from, to)).toBe(to)
})

test('a figure of an area is the sum of what lies in it, and nothing is lost beside it', () => {
  const counts = [
    { code: '330106001012', homes: 2 },
    { code: '330106001000', homes: 1 },
    { code: '330106002001', homes: 4 },
    { code: '330106000000', homes: 8 },
    { code: '330106003001', homes: 16 },
  ]
  const { of, elsewhere } = rollUp([code('330106001000'), code('330106002000'), code('330106004000')], counts)
  expect(Object.fromEntries(of)).toEqual({ '330106001000': 3, '330106002000': 4, '330106004000': 0 })
  expect(elsewhere).toBe(24)
})
