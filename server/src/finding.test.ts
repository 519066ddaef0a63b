import { expect, test } from 'vitest'
import { doorOf, foundBy, soughtBy } from './finding.ts'

test.for([
  ['王秀梅', 'wxm', 'wangxiumei'],
  ['单小红', 'sxh', 'shanxiaohong'],
  ['欧阳 淑 芬', 'oysf', 'ouyangshufen'],
  ['吕桂英', 'lgy', 'lvguiying'],
  ['Zhou Jie', 'zj', 'zhoujie'],
  ['王Anna', 'wa', 'wanganna'],
] as const)('%s is found by %s and %s', ([residentName, initials, pinyin]) => {
  expect(foundBy({ residentName, name: '', address: '' })).toMatchObject({ initials, pinyin })
})

test('a home without a resident is found by its own name', () => {
  expect(foundBy({ residentName: null, name: '望江路 3 幢', address: '' })).toMatchObject({ name: '望江路3幢' })
})

test.for([
  ['示范市望江街道望江路 18 号 3 幢 2 单元 501 室', '3-2-501'],
  ['幸福小区12号楼1单元1203', '12-1-1203'],
  ['幸福小区５栋７０２室', '5-702'],
  ['望江路 18 号 3-2-501', '3-2-501'],
  ['3–2–501', '3-2-501'],
  ['望江路 18 号', undefined],
  ['电话 0571-88880000', undefined],
  ['', undefined],
] as const)('the door of "%s" is %s', ([address, door]) => {
  expect(doorOf(address)).toBe(door)
})

test('what somebody types: words, a door, or digits of a telephone number', () => {
  expect(soughtBy(' WXM ')).toEqual({ words: ['wxm'], door: undefined, number: undefined })
  expect(soughtBy('3 幢 2 单元 501')).toMatchObject({ words: ['3幢2单元501'], door: '3-2-501' })
  expect(soughtBy('138 1234')).toMatchObject({ number: { begins: ['1381234', '+861381234'], ends: '1381234' } })
  expect(soughtBy('王 501')).toMatchObject({ words: ['王', '501'], number: undefined })
})

test.for([
  // Whole, however it is shown.
  ['057188880000', ['057188880000', '+8657188880000']],
  ['(0571) 8888-0000', ['057188880000', '+8657188880000']],
  ['+8657188880000', ['+8657188880000']],
  ['013912345678', ['013912345678', '13912345678']],
  ['8613912345678', ['8613912345678', '13912345678']],
  ['0044 20 7946 0000', ['00442079460000', '+442079460000']],
  // Its beginning.
  ['0571-88', ['057188', '57188', '+8657188']],
  ['+86 571', ['+86571', '571', '+86571']],
  ['86139', ['86139', '139', '+86139']],
  ['0139', ['0139', '139', '+86139']],
  // What is left would be nearly every number there is.
  ['8613', ['8613']],
  ['+86', ['+86']],
] as const)('a number that begins like "%s" is stored as one that begins like %j', ([typed, begins]) => {
  expect(soughtBy(typed).number?.begins).toEqual([...new Set(begins)])
})
