import type { Contact } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { awaitedForMs, awaitedUntilMs, isTested, readEveryMs, type Tested } from './tested.ts'

const lastWeek = '2026-03-02T00:00:00.000Z'
const way = { id: 'voice', channel: 'voice', address: '13900000001', lastProvenOn: lastWeek, dead: null } as const
const daughter = (lastProvenOn: string): Contact[] => [
  {
    id: 'daughter',
    version: 1,
    name: '王丽',
    relation: '女儿',
    phone: '13900000001',
    keyHolder: true,
    order: 1,
    lastProvenOn,
    lastOutcome: null,
    ways: [{ ...way, lastProvenOn }],
  },
]
const sentAtMs = 1_000_000
const tested: Tested = new Map([['voice', { provenBefore: lastWeek, sentAtMs }]])

test('a test that nobody opens is awaited for two minutes; after that the home is read as seldom as any other', () => {
  const until = awaitedUntilMs(daughter(lastWeek), tested)
  expect(until).toBe(sentAtMs + awaitedForMs)
  expect(readEveryMs(until, until - 1)).toBe(5_000)
  expect(readEveryMs(until, until)).toBe(60_000)
  // The row says still that it was sent: whoever opens it later proves the number.
  expect(isTested(way, tested)).toBe(true)
})

test('a test that was opened, and none at all, is not awaited', () => {
  const today = '2026-03-09T00:00:00.000Z'
  expect(awaitedUntilMs(daughter(today), tested)).toBe(0)
  expect(awaitedUntilMs(daughter(lastWeek), new Map())).toBe(0)
  expect(readEveryMs(0, sentAtMs)).toBe(60_000)
})
