import type { MeasurementAnswer } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { type TrailPoint, trailOf, trailPointsOf } from './trail-data.ts'

const startS = 1_767_576_000
const power: TrailPoint = { role: 'power', placement: 'meter', point: 'active-power' }
const radar: TrailPoint = { role: 'presence', placement: 'living-radar', point: 'presence' }

type Step = number | string | undefined
/** One minute a step: a number, a reason for there being none, or undefined where the server has no step at all. */
function answer(steps: readonly Step[]): MeasurementAnswer {
  const items = steps.flatMap((step, index) => {
    if (step === undefined) return []
    const value = typeof step === 'number' ? step : null
    const t = new Date((startS + index * 60) * 1_000).toISOString()
    const absent = typeof step === 'string' ? (step as 'no-answer') : null
    return [{ t, count: value === null ? 0 : 1, mean: value, min: value, max: value, last: value, absent }]
  })
  return {
    homeId: 'home-1',
    placement: 'meter',
    point: 'active-power',
    unit: 'W',
    from: '',
    to: '',
    everyS: 60,
    items,
    nextCursor: null,
  }
}
const drawn = (steps: readonly Step[]) =>
  trailOf([{ point: power, answer: answer(steps) }], startS, startS + steps.length * 60, 60).power

describe('the last hour', () => {
  test('draws no value where there was none: not 0, not the one before', () => {
    expect(drawn([100, 'no-answer', 'no-answer', 120])?.values).toEqual([100, null, null, 120])
    expect(drawn([0, 0])?.values).toEqual([0, 0])
  })

  test('names each gap with its reason, and joins neighbours of one reason only', () => {
    expect(drawn([1, 'no-answer', 'no-answer', undefined, 1])?.gaps).toEqual([
      { fromS: startS + 60, toS: startS + 180, why: 'no-answer' },
      { fromS: startS + 180, toS: startS + 240, why: 'nothing-received' },
    ])
  })

  test('does not call the step that is still filling a gap, nor hide one that lasts', () => {
    expect(drawn([1, 1, undefined])?.gaps).toEqual([])
    expect(drawn([1, 1, 'not-reported'])?.gaps).toEqual([])
    expect(drawn([1, undefined, undefined])?.gaps).toHaveLength(1)
    expect(drawn([1, 1, 'no-answer'])?.gaps).toHaveLength(1)
  })

  test('the latest value is the last there is', () => {
    expect(drawn([90, 110, 'no-answer'])?.latest).toBe(110)
    expect(drawn(['no-answer'])?.latest).toBeNull()
  })

  test('somebody was there in every step in which the sensor said so once', () => {
    const trail = trailOf([{ point: radar, answer: answer([1, 1, 0, undefined, 1]) }], startS, startS + 300, 60)
    expect(trail.presence).toEqual([
      { fromS: startS, toS: startS + 120 },
      { fromS: startS + 240, toS: startS + 300 },
    ])
    expect(trail).toMatchObject({ watchesPresence: true, power: null })
  })
})

const point = (name: string, quantity: string) => ({ point: name, quantity, unit: '' })
const placement = (id: string, ...points: ReturnType<typeof point>[]) => ({
  id,
  name: id,
  room: '',
  profile: null,
  points,
})

test('one meter is drawn, and every sensor that sees a person', () => {
  const points = trailPointsOf([
    placement('sos', point('battery', 'battery-level')),
    placement('meter', point('voltage', 'electric-potential'), point('active-power', 'active-power')),
    placement('second-meter', point('active-power', 'active-power')),
    placement('radar', point('presence', 'presence'), point('fall', 'fall')),
  ])
  expect(points.map(({ role, placement: where }) => `${where} ${role}`)).toEqual([
    'meter voltage',
    'meter power',
    'radar presence',
    'radar fall',
  ])
})

test('days are the home’s: one of 23 hours is as long as it was, with its gap', () => {
  // Berlin, around 29 March 2026.
  const days = ['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']
  const given = answer([1, 'no-answer', 3])
  const items = given.items.map((item, index) => ({ ...item, t: days[index] ?? '' }))
  const [first = 0, second = 0, third = 0] = days.map((day) => Date.parse(day) / 1_000)
  const trail = trailOf([{ point: power, answer: { ...given, items } }], first, third + 1_000, 'day')
  expect(trail.atS).toEqual([first, second, third])
  expect(trail.power?.values).toEqual([1, null, 3])
  expect(trail.power?.gaps).toEqual([{ fromS: second, toS: third, why: 'no-answer' }])
  expect(third - second).toBe(23 * 3_600)
})
