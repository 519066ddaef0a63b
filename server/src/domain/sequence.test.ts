import { array, assert, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { LaneProgress, missingOf } from './sequence.ts'

test.for([
  {
    when: 'all arrive in order',
    arrivals: [
      [1, 1],
      [2, 1],
      [3, 3],
    ],
    missing: [],
  },
  {
    when: 'all arrive, out of order',
    arrivals: [
      [3, 1],
      [1, 1],
      [2, 1],
      [4, 4],
    ],
    missing: [],
  },
  {
    when: 'one is still at the gateway',
    arrivals: [
      [1, 1],
      [3, 2],
    ],
    missing: [],
  },
  {
    when: 'one was settled and never came',
    arrivals: [
      [1, 1],
      [3, 3],
    ],
    missing: [{ from: 2, to: 2 }],
  },
  {
    when: 'two runs are missing',
    arrivals: [
      [1, 1],
      [4, 1],
      [9, 9],
    ],
    missing: [
      { from: 2, to: 3 },
      { from: 5, to: 8 },
    ],
  },
  {
    when: 'the same message comes twice',
    arrivals: [
      [1, 1],
      [1, 1],
      [2, 2],
      [2, 2],
    ],
    missing: [],
  },
  {
    when: 'a missing one comes after all',
    arrivals: [
      [3, 3],
      [1, 3],
      [4, 4],
    ],
    missing: [{ from: 1, to: 2 }],
  },
] as const)('missing numbers when $when', ({ arrivals, missing }) => {
  const progress = new LaneProgress(0)
  expect(arrivals.flatMap(([seq, pendingFrom]) => progress.see(seq, pendingFrom))).toEqual(missing)
})

test('a number is declared missing exactly when it was settled and had not arrived, and once', () => {
  const steps = array(record({ seq: integer({ min: 1, max: 40 }), window: integer({ min: 0, max: 6 }) }))
  assert(
    property(steps, (given) => {
      const progress = new LaneProgress(0)
      const arrived = new Set<number>()
      const told = new Map<number, number>()
      let settledBelow = 1
      for (const { seq, window } of given) {
        const pendingFrom = Math.max(settledBelow, seq - window)
        arrived.add(seq)
        for (const { from, to } of progress.see(seq, pendingFrom))
          for (let number = from; number <= to; number++) {
            expect(arrived.has(number)).toBe(false)
            told.set(number, (told.get(number) ?? 0) + 1)
          }
        settledBelow = pendingFrom
        for (let number = 1; number < pendingFrom; number++)
          expect(arrived.has(number) || told.get(number) === 1).toBe(true)
      }
    }),
  )
})

test('what of a run is not there', () => {
  expect(missingOf({ from: 3, to: 9 }, [8, 1, 4, 5, 12])).toEqual([
    { from: 3, to: 3 },
    { from: 6, to: 7 },
    { from: 9, to: 9 },
  ])
  expect(missingOf({ from: 3, to: 4 }, [4, 3])).toEqual([])
})
