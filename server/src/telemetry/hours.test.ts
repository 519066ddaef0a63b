import { expect, test } from 'vitest'
import { localHoursOf } from './hours.ts'

const hour = 3_600_000

test.for([
  { zone: 'Europe/Berlin', from: '2026-03-28T23:00:00Z', hours: 24, without: [2], twice: [] as number[] },
  { zone: 'Europe/Berlin', from: '2026-10-24T22:00:00Z', hours: 25, without: [], twice: [2] },
  { zone: 'Asia/Shanghai', from: '2026-03-28T16:00:00Z', hours: 24, without: [], twice: [] },
  { zone: 'Asia/Kathmandu', from: '2026-03-28T18:15:00Z', hours: 24, without: [], twice: [] },
])('$zone from $from', ({ zone, from, hours, without, twice }) => {
  const start = Date.parse(from)
  const found = localHoursOf(start, start + (hours - without.length) * hour, zone)
  expect(found[0]).toEqual({ at: start, hour: 0 })
  expect(found.map((one) => one.hour)).toEqual(Array.from({ length: 24 }, (_, n) => n).filter((n) => n !== without[0]))
  const lengths = found.slice(1).map(({ at }, index) => at - (found[index]?.at ?? 0))
  expect(lengths.filter((length) => length !== hour)).toEqual(twice.map(() => 2 * hour))
})

test('a range that begins within an hour begins with what is left of it', () => {
  const from = Date.parse('2026-03-01T08:20:30Z')
  expect(localHoursOf(from, from + hour, 'Asia/Shanghai')).toEqual([
    { at: Date.parse('2026-03-01T08:15:00Z'), hour: 16 },
    { at: Date.parse('2026-03-01T09:00:00Z'), hour: 17 },
  ])
})
