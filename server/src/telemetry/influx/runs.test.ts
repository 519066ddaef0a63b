import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { stepAt, stepsOf } from '../steps.ts'
import { runsOf } from './runs.ts'

const hour = 3_600_000
const day = 24 * hour

test('steps at multiples of their length are one run; its ends are the range’s', () => {
  expect(runsOf([0, 10, 20, 30], 5, 33)).toEqual([{ begin: 5, end: 33, everyMs: 10, offsetMs: 0 }])
})

test('a year of days is cut where the clocks change', () => {
  const [from, to] = [Date.parse('2026-01-01T00:00:00+01:00'), Date.parse('2027-01-01T00:00:00+01:00')]
  const runs = runsOf(stepsOf(from, to, { everyS: 86_400, days: 1 }, 'Europe/Berlin'), from, to)
  expect(runs.map(({ everyMs, offsetMs }) => [everyMs / hour, offsetMs / hour])).toEqual([
    [24, 23],
    [23, expect.any(Number)],
    [24, 22],
    [25, expect.any(Number)],
    [24, 23],
  ])
})

test('days of a zone that keeps its clocks are one run, off the multiples of a day', () => {
  const [from, to] = [Date.parse('2026-01-01T00:00:00+08:00'), Date.parse('2027-01-01T00:00:00+08:00')]
  const runs = runsOf(stepsOf(from, to, { everyS: 86_400, days: 1 }, 'Asia/Shanghai'), from, to)
  expect(runs).toEqual([{ begin: from, end: to, everyMs: day, offsetMs: 16 * hour }])
})

test('a range that ends before its first step asks for nothing', () => {
  expect(runsOf([100], 0, 50)).toEqual([])
  expect(runsOf([], 0, 50)).toEqual([])
})

test('InfluxDB cuts the runs where the steps begin, whatever the steps', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(lengths, fc.integer({ min: -30, max: 30 }), fc.nat(5), fc.nat(5), (given, start, late, early) => {
      const steps: number[] = []
      let at = start
      for (const length of given) {
        steps.push(at)
        at += length
      }
      const [from, to] = [start + Math.min(late, (given[0] ?? 1) - 1), Math.max((steps.at(-1) ?? 0) + 1, at - early)]
      const runs = runsOf(steps, from, to)
      for (let moment = from; moment < to; moment++) {
        const [run, ...others] = runs.filter(({ begin, end }) => moment >= begin && moment < end)
        expect(others).toEqual([])
        if (!run) throw new Error(`no run for ${moment}`)
        // Two instants are in one window of InfluxDB's exactly when they are in one step of ours.
        const window = Math.floor((moment - run.offsetMs) / run.everyMs) * run.everyMs + run.offsetMs
        expect(window).toBe(steps[stepAt(steps, moment)])
      }
    }),
    { numRuns: 300 },
  )
})

test.for([
  [9, -1],
  [10, 0],
  [19, 0],
  [20, 1],
  [1_000, 2],
])('%i lies in step %i', ([at, step]) => {
  expect(stepAt([10, 20, 30], at as number)).toBe(step)
})
