import { type EventId, type Lane, type Monotonic, seconds, seededRandom } from '@anju/contract'
import { expect, test } from 'vitest'
import type { Entry } from '../ports.ts'
import { inFlightMax, LaneWindow, overtakingMax } from './lane-window.ts'

const at = (s: number): Monotonic => (s * 1_000) as Monotonic
const entries = (lane: Lane, count: number, chars = 100): Entry[] =>
  Array.from({ length: count }, (_, i) => {
    const key = { boot: 1, seq: i + 1, id: `${lane}-${i + 1}` as EventId }
    return lane === 'telemetry' ? { lane, ...key, series: 'x'.repeat(chars) } : ({ lane, ...key } as unknown as Entry)
  })
const ids = (list: readonly Entry[]) => list.map(({ seq }) => seq)
const aWindow = (lane: Lane) => new LaneWindow(lane, seededRandom(1))

test('never more than sixteen of a lane are under way, oldest first', () => {
  const window = aWindow('technical')
  const head = entries('technical', 40)
  expect(ids(window.take(head, at(0)))).toEqual(Array.from({ length: inFlightMax }, (_, i) => i + 1))
  expect(window.take(head, at(1))).toEqual([])
  expect(window.wants(at(1))).toBe(false)
})

test('four places of the life lane are kept for those that overtake, sixteen in all', () => {
  const window = aWindow('life')
  const lane = entries('life', 60)
  const inOrder = Array.from({ length: inFlightMax - overtakingMax }, (_, i) => i + 1)
  expect(ids(window.take(lane.slice(0, 16), at(0)))).toEqual(inOrder)
  expect(window.take(lane.slice(0, 16), at(0.1))).toEqual([])
  const newcomers = [60, 57, 54, 1].map((seq) => lane[seq - 1] as Entry)
  expect(ids(window.take(lane.slice(0, 16), at(0.2), newcomers))).toEqual([60, 57, 54])
  expect(ids(window.take(lane.slice(0, 16), at(0.3), lane.slice(40, 44)))).toEqual([41])
  expect(window.inFlight).toBe(inFlightMax)
  expect(window.take(lane.slice(0, 16), at(0.4), lane.slice(50, 54))).toEqual([])
})

test('what is due again goes out also when older ones that were put back find no place', () => {
  const window = aWindow('life')
  const lane = entries('life', 15)
  const under = lane.slice(3)
  window.take(under, at(0))
  expect(ids(window.take(lane, at(2.3)))).toEqual(ids(under))
})

test('a settled entry makes room for the next one, and is not sent while its settlement is being stored', () => {
  const window = aWindow('life')
  const head = entries('life', 13)
  window.take(head, at(0))
  expect(window.answered('life-3')).toEqual({ boot: 1, seq: 3 })
  expect(window.answered('life-3')).toBeUndefined()
  expect(window.take(head, at(1.9))).toEqual([])
  window.settled('life-3')
  expect(
    ids(
      window.take(
        head.filter(({ seq }) => seq !== 3),
        at(1.9),
      ),
    ),
  ).toEqual([13])
})

test.for([
  { lane: 'life' as const, first: 2, second: 4 },
  { lane: 'technical' as const, first: 30, second: 60 },
  { lane: 'telemetry' as const, first: 30, second: 60 },
])('an unsettled $lane entry is sent again after $first s, then after twice that', ({ lane, first, second }) => {
  const window = aWindow(lane)
  const head = entries(lane, 1)
  window.take(head, at(0))
  expect(window.take(head, at(first - 0.1))).toEqual([])
  const again = first * 1.1
  expect(ids(window.take(head, at(again)))).toEqual([1])
  expect(window.take(head, at(again + second - 0.1))).toEqual([])
  expect(ids(window.take(head, at(again + second * 1.1)))).toEqual([1])
})

test('back-pressure holds technical and telemetry, never life', () => {
  for (const lane of ['technical', 'telemetry'] as const) {
    const window = aWindow(lane)
    window.hold(seconds(60), at(0))
    expect(window.take(entries(lane, 1), at(59))).toEqual([])
    expect(window.nextDue(at(59))).toBe(60_000)
    expect(ids(window.take(entries(lane, 1), at(60)))).toEqual([1])
  }
  const life = aWindow('life')
  life.hold(seconds(60), at(0))
  expect(ids(life.take(entries('life', 1), at(0)))).toEqual([1])
})

test('a new connection sends everything that is under way once more, at once', () => {
  const window = aWindow('telemetry')
  const head = entries('telemetry', 3)
  window.take(head, at(0))
  window.hold(seconds(600), at(0))
  window.reset()
  expect(ids(window.take(head, at(1)))).toEqual([1, 2, 3])
})

test('large telemetry messages do not fill a slow link in front of a press', () => {
  const window = aWindow('telemetry')
  const head = entries('telemetry', 16, 30_000)
  expect(window.take(head, at(0))).toHaveLength(2)
  expect(aWindow('telemetry').take(entries('telemetry', 2, 200_000), at(0))).toHaveLength(1)
})

test('entries that are never answered step aside once others are, and do not block the lane', () => {
  const window = aWindow('technical')
  const poison = entries('technical', 16)
  for (let s = 0; s < 1_800; s++) window.take(poison, at(s))
  expect(window.headLimit).toBe(inFlightMax)
  window.countReceipts(1)
  expect(window.headLimit).toBe(inFlightMax * 2)
  const more = entries('technical', 20)
  expect(ids(window.take(more, at(1_800.5))).filter((seq) => seq > 16)).toEqual([17, 18, 19, 20])
})

test('entries that left the table while under way (dropped for room) are forgotten with the connection', () => {
  const window = aWindow('telemetry')
  window.take(entries('telemetry', 16), at(0))
  const left = entries('telemetry', 20).slice(10)
  expect(window.take(left, at(1))).toEqual([])
  window.reset()
  expect(ids(window.take(left, at(2)))).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
})

test('a refill of older entries does not raise what is under way above sixteen, and receipts of the pushed back still count', () => {
  const window = aWindow('life')
  const newer = entries('life', 16)
  window.take(newer, at(0))
  const older = Array.from(
    { length: 40 },
    (_, i) => ({ lane: 'life', boot: 0, seq: i + 1, id: `old-${i + 1}` }) as unknown as Entry,
  )
  expect(window.take(older.slice(0, window.headLimit), at(1))).toEqual([])
  expect(window.answered('life-1')).toEqual({ boot: 1, seq: 1 })
  window.settled('life-1')
  expect(ids(window.take(older.slice(0, window.headLimit), at(1)))).toEqual([1])
})
