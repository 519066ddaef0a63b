import { expect, test } from 'vitest'
import { cut, utf8Bytes } from './cut.ts'

const family = '👨‍👩‍👧‍👦'
test.for([
  ['short', 5, 'short'],
  ['too long', 5, 'too …'],
  ['', 0, ''],
  [`a${family}b`, family.length + 2, `a${family}b`],
  [`a${family}bc`, family.length + 2, `a${family}…`],
  [`${family}${family}`, family.length + 1, `${family}…`],
  [`a${family}`, 5, 'a…'],
] as const)('"%s" in %i characters is "%s"', ([text, max, shown]) => {
  expect(cut(text, max)).toBe(shown)
})
test('counted as its provider counts', () => {
  expect(cut('求助按钮', 12, utf8Bytes)).toBe('求助按钮')
  expect(cut('求助按钮', 11, utf8Bytes)).toBe('求助…')
})
