import { millis } from '@anju/contract'
import { expect, test } from 'vitest'
import { Latencies } from './latencies.ts'

test('nothing has no percentiles', () => {
  expect(new Latencies().summary()).toEqual({ count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null })
})

test('nearest rank, in any order of arrival', () => {
  const latencies = new Latencies()
  for (let n = 100; n >= 1; n--) latencies.add(millis(n))
  expect(latencies.summary()).toEqual({ count: 100, p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100 })
})

test('a million of them cost little and still tell the truth, the single worst one included', () => {
  const latencies = new Latencies()
  latencies.add(millis(9_999))
  for (let n = 0; n < 1_000_000; n++) latencies.add(millis(n % 1_000))
  const { count, p50Ms, p99Ms, maxMs } = latencies.summary()
  expect(count).toBe(1_000_001)
  expect(Math.abs((p50Ms ?? 0) - 500)).toBeLessThan(5)
  expect(Math.abs((p99Ms ?? 0) - 990)).toBeLessThan(5)
  expect(maxMs).toBe(9_999)
})
