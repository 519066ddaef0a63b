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
  expect(soughtBy(' WXM ')).toEqual({ words: ['wxm'], door: undefined, digits: undefined })
  expect(soughtBy('3 幢 2 单元 501')).toMatchObject({ words: ['3幢2单元501'], door: '3-2-501' })
  expect(soughtBy('138 1234')).toMatchObject({ digits: '1381234' })
  expect(soughtBy('王 501')).toMatchObject({ words: ['王', '501'], digits: undefined })
})
