import { describe, expect, test } from 'vitest'
import { stepsOf } from '../steps.ts'
import type { Row } from './answer.ts'
import { askDays, type Days, daysIn } from './days.ts'
import { ofAll } from './flux.ts'
import type { Inquiry } from './inquiry.ts'
import type { Kept } from './shelves.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const begin = Date.parse('2026-03-01T00:00:00Z')
const at = (day: number) => begin + day * dayMs
const kept: Kept = {
  samples: { from: at(5), surelyFrom: at(5) },
  sums: [
    { bucket: 'anju-5m', of: 'five-minutes', from: Number.NEGATIVE_INFINITY, surelyFrom: Number.NEGATIVE_INFINITY },
    { bucket: 'anju-1d', of: 'days', from: Number.NEGATIVE_INFINITY, surelyFrom: Number.NEGATIVE_INFINITY },
  ],
}

type Said = Partial<Record<'count' | 'sum' | 'min' | 'max' | 'last' | 'absence' | 'absences', number | string>>
const whole: Said = { count: 3, sum: 6, min: 1, max: 3, last: 3, absence: 'no-answer', absences: 1 }
const summed = (day: number, said: Said = whole, field = 'watts'): Row[] =>
  Object.entries(said).map(([measurement, value]) => row('days', at(day), measurement, value, field))
/** What is there now: five minutes before the fifth day, samples from it on. */
const there = (day: number, { values = 3, reasons = 1, sum = 6 } = {}, field = 'watts'): Row[] =>
  day < 5
    ? [row('fine', at(day), 'count', values, field), row('fine', at(day), 'absences', reasons, field)]
    : [
        row('counted', at(day), 'sample', values, field),
        row('counted', at(day), 'absence', reasons, field),
        row('added', at(day), undefined, sum, field),
      ]
const row = (
  result: string,
  when: number,
  measurement: string | undefined,
  value: number | string,
  field: string,
): Row => ({
  result,
  field,
  at: when,
  value: String(value),
  ...(measurement === undefined ? {} : { measurement }),
})

const ten = Array.from({ length: 10 }, (_, day) => day)
const days = daysIn(kept, ten.map(at), { from: at(0), to: at(9) + hourMs }) as Days

/** Which of nine days are told, and what is left; one day is as it is given. */
async function toldBut(one?: { day: number; summed?: readonly Row[]; there?: readonly Row[] }) {
  const rows = ten
    .slice(0, 9)
    .flatMap((day) =>
      day === one?.day
        ? [...(one.summed ?? summed(day)), ...(one.there ?? there(day))]
        : [...summed(day), ...there(day)],
    )
  return told(rows)
}
async function told(rows: readonly Row[]) {
  const scripts: string[] = []
  const query = async (script: string) => {
    scripts.push(script)
    return [...rows]
  }
  const inquiry: Inquiry = { wire: { query }, scripts: ofAll, series: {}, shelves: { now: async () => kept } }
  const answer = await askDays(inquiry, days)
  const counted = answer.rows.filter(({ result }) => result === 'count')
  const left = answer.left.map(({ from, to }) => [(from - begin) / dayMs, (to - begin) / dayMs])
  return { days: counted.map((one) => (one.at - begin) / dayMs), left, scripts, rows: answer.rows }
}

describe('which days may be told as they were summed', () => {
  test('all but the one that the range cuts and the one that is not over', () => {
    const found = daysIn(kept, ten.map(at), { from: at(0) + hourMs, to: at(9) + hourMs })
    expect(found).toMatchObject({ from: at(1), to: at(9), dayBucket: 'anju-1d', fineBucket: 'anju-5m' })
  })

  test('days of 23 and of 25 hours', () => {
    const [from, to] = [Date.parse('2026-03-27T12:00:00Z'), Date.parse('2026-11-01T12:00:00Z')]
    const steps = stepsOf(from, to, { everyS: 86_400, days: 1 }, 'Europe/Berlin')
    expect(daysIn(kept, steps, { from, to })?.edges).toEqual(steps.slice(1))
  })

  test.for([
    ['hours', ten.map((n) => begin + n * hourMs), kept],
    ['weeks', ten.map((n) => at(n * 7)), kept],
    ['days that nobody summed', ten.map(at), { ...kept, sums: kept.sums.slice(0, 1) }],
    ['days without anything that counts what they were made of', ten.map(at), { ...kept, sums: kept.sums.slice(1) }],
  ] as const)('none of %s', ([, steps, keptNow]) => {
    expect(daysIn(keptNow, steps, { from: at(0), to: steps.at(-1) ?? 0 })).toBeUndefined()
  })
})

describe('a day is told as it was summed', () => {
  test('when it counts what is there, in five minutes and in samples', async () => {
    const { days: found, left, scripts, rows } = await toldBut()
    expect(found).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(left).toEqual([])
    expect(scripts).toEqual([ofAll.daysByBoth])
    const results = rows.filter((one) => one.at === at(0)).map(({ result, value }) => [result, value])
    expect(Object.fromEntries(results)).toMatchObject({
      count: '3',
      sum: '6',
      min: '1',
      max: '3',
      last: '3',
      absent: 'no-answer',
    })
  })

  test('when its sum was added up in another order', async () => {
    expect((await toldBut({ day: 7, there: there(7, { sum: 6 + 1e-12 }) })).left).toEqual([])
  })

  test('when nothing was said on it, and nothing is there', async () => {
    expect((await toldBut({ day: 7, summed: [], there: [] })).left).toEqual([])
  })

  test.for([
    ['a value came after it', { day: 7, there: there(7, { values: 4, sum: 6 }) }],
    ['a value came after it, among five minutes', { day: 2, there: there(2, { values: 4 }) }],
    ['a value was put right after it', { day: 7, there: there(7, { sum: 6.001 }) }],
    ['a reason came after it', { day: 7, there: there(7, { reasons: 2 }) }],
    ['nobody summed it', { day: 2, summed: [] }],
    ['what it was made of is forgotten', { day: 7, there: [] }],
    [
      'a point spoke in two units',
      { day: 7, summed: [...summed(7), ...summed(7, whole, 'volts')], there: [...there(7), ...there(7, {}, 'volts')] },
    ],
    [
      'it was summed for a zone whose days begin later',
      { day: 7, summed: summed(7).map((one) => ({ ...one, at: at(7) + hourMs })) },
    ],
  ] as const)('not when %s', async ([, one]) => {
    const { days: found, left } = await toldBut({ ...one })
    expect(left).toEqual([[one.day, one.day + 1]])
    expect(found).not.toContain(one.day)
    expect(found).toHaveLength(8)
  })
})

const only = (known: readonly number[]) =>
  told(ten.slice(0, 9).flatMap((day) => (known.includes(day) ? [...summed(day), ...there(day)] : there(day))))
test('neighbours are left together; of many stretches everything from the first to the last, and nothing is told twice', async () => {
  expect(await only([0, 1, 4, 5, 6, 8])).toMatchObject({
    left: [
      [2, 4],
      [7, 8],
    ],
    days: [0, 1, 4, 5, 6, 8],
  })
  expect(await only([1, 3, 5, 7])).toMatchObject({ left: [[0, 9]], days: [] })
})
