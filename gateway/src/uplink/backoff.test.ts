import { seededRandom } from '@anju/contract'
import { expect, test } from 'vitest'
import { reconnectDelay } from './backoff.ts'

const never = { uniform: () => 0 }
const always = { uniform: () => 0.999_999 }

test('a home without an emergency waits a random time, longer each try and at most a minute', () => {
  expect(reconnectDelay(0, false, never)).toBe(0)
  expect(reconnectDelay(0, false, always)).toBeCloseTo(2_000, 0)
  expect(reconnectDelay(3, false, always)).toBeCloseTo(16_000, 0)
  expect(reconnectDelay(50, false, always)).toBeCloseTo(60_000, 0)
  const spread = Array.from({ length: 1_000 }, (_, i) => reconnectDelay(9, false, seededRandom(i)))
  expect(spread.filter((wait) => wait < 30_000).length).toBeGreaterThan(400)
  expect(spread.filter((wait) => wait > 30_000).length).toBeGreaterThan(400)
})

test('a waiting life event goes at once, then every few seconds', () => {
  expect(reconnectDelay(0, true, always)).toBe(0)
  for (let failures = 1; failures < 60; failures++) {
    expect(reconnectDelay(failures, true, never)).toBeGreaterThanOrEqual(200)
    expect(reconnectDelay(failures, true, always)).toBeLessThanOrEqual(5_000)
  }
})
