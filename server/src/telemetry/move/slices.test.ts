import { millis } from '@anju/contract'
import { expect, test } from 'vitest'
import { daySlices, slicesOf, wholeAfter } from './slices.ts'

const at = (text: string) => Date.parse(text)
const hour = 3_600_000

test('slices lie beside each other, and the last one is as long as it may be', () => {
  expect(slicesOf(10, 35, millis(10))).toEqual([
    { begin: 10, end: 20 },
    { begin: 20, end: 30 },
    { begin: 30, end: 35 },
  ])
  expect(slicesOf(10, 10, millis(10))).toEqual([])
})

test('weeks are of whole days of the zone, up to the end of yesterday, those of 23 and of 25 hours too', () => {
  const slices = daySlices(at('2026-03-20T12:00:00Z'), -Infinity, at('2026-11-03T12:00:00Z'), 'Europe/Berlin')
  expect(slices[0]).toEqual({ begin: at('2026-03-19T23:00:00Z'), end: at('2026-03-26T23:00:00Z') })
  expect(slices.at(-1)?.end).toBe(at('2026-11-02T23:00:00Z'))
  expect(slices.slice(1).map(({ begin }) => begin)).toEqual(slices.slice(0, -1).map(({ end }) => end))
  const lengths = slices.map(({ begin, end }) => (end - begin) / hour)
  expect(lengths.filter((length) => length === 167)).toHaveLength(1)
  expect(lengths.filter((length) => length === 169)).toHaveLength(1)
})

test('a day of which part is forgotten is left out, and years are no too long list', () => {
  const kept = at('2026-03-20T00:00:00Z')
  const now = at('2026-03-30T12:00:00Z')
  expect(daySlices(at('2026-03-18T12:00:00Z'), kept, now, 'Europe/Berlin')[0]?.begin).toBe(at('2026-03-20T23:00:00Z'))
  expect(daySlices(0, -Infinity, now, 'Asia/Shanghai').at(-1)?.end).toBe(at('2026-03-29T16:00:00Z'))
})

test('the first step that is kept whole', () => {
  expect(wholeAfter(1_003, millis(500), millis(10))).toBe(530)
  expect(wholeAfter(1_003, undefined, millis(10))).toBeLessThan(0)
})
