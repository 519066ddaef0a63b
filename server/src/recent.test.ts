import { expect, test } from 'vitest'
import { Recent } from './recent.ts'

test('what is used is kept, what is not used is forgotten, and there are never more than may be', () => {
  const recent = new Recent<number, string>(10)
  recent.set(0, 'used')
  recent.set(1, 'unused')
  for (let key = 2; key < 100; key++) {
    recent.set(key, 'passing')
    expect(recent.get(0)).toBe('used')
  }
  expect(recent.get(1)).toBeUndefined()
  const kept = Array.from({ length: 100 }, (_, key) => recent.get(key)).filter((value) => value !== undefined)
  expect(kept.length).toBeLessThanOrEqual(10)
})

test('an entry is as it was set last, in whichever generation it was before; a deleted one is gone from both', () => {
  const recent = new Recent<string, number>(4)
  recent.set('a', 1)
  recent.set('b', 1)
  recent.set('a', 2)
  expect([recent.get('a'), recent.get('b')]).toEqual([2, 1])
  recent.delete('a')
  recent.delete('b')
  expect([recent.get('a'), recent.get('b')]).toEqual([undefined, undefined])
})
