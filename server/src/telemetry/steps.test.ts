import { expect, test } from 'vitest'
import { parseEvery, stepsOf } from './steps.ts'

const at = (text: string) => Date.parse(text)
const shown = (steps: readonly number[]) => steps.map((step) => new Date(step).toISOString())
const day = { everyS: 86_400, days: 1 }

test.for([
  ['60s', { everyS: 60, days: 0 }],
  ['5m', { everyS: 300, days: 0 }],
  ['1h', { everyS: 3_600, days: 0 }],
  ['2d', { everyS: 172_800, days: 2 }],
  ['90', { everyS: 90, days: 0 }],
  ['0', undefined],
  [undefined, undefined],
] as const)('every=%s', ([text, every]) => {
  expect(parseEvery(text)).toEqual(every)
})

test.for(['', 'x', '-5', '5w', '0m', '1.5h', 'PT5M'])('every=%s is refused by name', (text) => {
  expect(() => parseEvery(text)).toThrow(/^every: /)
})

test('short steps begin at multiples of their length and cover the whole range', () => {
  const steps = stepsOf(
    at('2026-03-01T08:02:30Z'),
    at('2026-03-01T08:20:00Z'),
    { everyS: 300, days: 0 },
    'Asia/Shanghai',
  )
  expect(shown(steps)).toEqual([
    '2026-03-01T08:00:00.000Z',
    '2026-03-01T08:05:00.000Z',
    '2026-03-01T08:10:00.000Z',
    '2026-03-01T08:15:00.000Z',
  ])
})

test('a day begins at the midnight of the home, not of Greenwich', () => {
  const steps = stepsOf(at('2026-03-01T00:00:00Z'), at('2026-03-03T00:00:00Z'), day, 'Asia/Shanghai')
  expect(shown(steps)).toEqual(['2026-02-28T16:00:00.000Z', '2026-03-01T16:00:00.000Z', '2026-03-02T16:00:00.000Z'])
})

test.for([
  { zone: 'Europe/Berlin', on: 'the day without an hour', from: '2026-03-28T12:00:00Z', hours: [24, 23, 24] },
  { zone: 'Europe/Berlin', on: 'the day with an hour twice', from: '2026-10-24T12:00:00Z', hours: [24, 25, 24] },
  { zone: 'Asia/Beirut', on: 'a day whose midnight does not exist', from: '2026-03-28T12:00:00Z', hours: [24, 23, 24] },
  {
    zone: 'America/Havana',
    on: 'a day after whose first hour midnight comes again',
    from: '2026-10-31T12:00:00Z',
    hours: [24, 25, 24],
  },
  { zone: 'Asia/Kathmandu', on: 'an offset of quarter hours', from: '2026-03-28T12:00:00Z', hours: [24, 24, 24] },
])('$zone, $on', ({ zone, from, hours }) => {
  const start = at(from)
  const steps = stepsOf(start, start + 4 * 86_400_000, day, zone)
  const lengths = steps.slice(0, 4).map((step, index) => ((steps[index + 1] ?? Number.NaN) - step) / 3_600_000)
  expect(lengths.slice(0, 3)).toEqual(hours)
  // Each begins on the day it should: its first moment is that day, the moment before is the day before.
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
  for (const step of steps) expect(date.format(step)).not.toBe(date.format(step - 1))
})

test('too many steps are refused before they are counted out', () => {
  expect(() => stepsOf(0, at('2026-01-01T00:00:00Z'), { everyS: 1, days: 0 }, 'UTC')).toThrow(/more than 2000 steps/)
})
