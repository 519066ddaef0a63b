import { expect, test } from 'vitest'
import { notFlat } from './flat.ts'

const failures = ['stopped', 'filled', 'slow', 'unheard', 'killed']
const wrongWith = (leastMiB: readonly number[]) =>
  notFlat({ leastMiB, failures, teethMaxMiB: 130, riseMaxMiB: 65 }).length

test('a saw is flat: its teeth are not what stays', () => {
  expect(wrongWith([360, 420, 340, 400, 430, 370])).toBe(0)
})

test('what each failure leaves behind adds up, and is found before any single one stands out', () => {
  const leak = 25
  expect(wrongWith([340, 340, 340, 340, 340, 340].map((base, index) => base + leak * index))).toBe(1)
  // With the saw on top of it.
  expect(wrongWith([360, 420, 340, 400, 430, 370].map((base, index) => base + leak * index))).toBe(1)
})

test('one failure that leaves more than a heap ever holds uncollected is named', () => {
  const wrong = notFlat({ leastMiB: [340, 350, 500, 500], failures, teethMaxMiB: 130, riseMaxMiB: 1_000 })
  expect(wrong).toEqual(['filled: memory was at least 350 MiB before and 500 MiB after'])
})
