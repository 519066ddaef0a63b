import { ABSENCES, type CentreId, type PersonId, type SessionId } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../ports.ts'
import { stepsOf } from './steps.ts'
import { bucketsMax, type MeasurementQuery, type SeriesKey, type TelemetryBatch, type TelemetryStore } from './store.ts'

export interface StoreUnderTest {
  readonly store: TelemetryStore
  /** The homes `home-1` (of `centre-a`) and `home-2` (of `centre-b`) exist. */
  close(): Promise<void>
}
type Sample = readonly [at: number, value: number | null, why?: (typeof ABSENCES)[number]]

const of = (centre: string): Actor => ({
  kind: 'person',
  person: 'someone' as PersonId,
  name: 'Someone',
  session: '00000000-0000-4000-8000-000000000000' as SessionId,
  role: 'operator',
  centre: centre as CentreId,
})
const homes: Readonly<Record<string, string>> = { 'home-1': 'centre-a', 'home-2': 'centre-b' }
const start = Date.parse('2026-03-01T08:00:00Z')
const minute = 60_000

/** What the worker and the pages rely on, whichever store it is. Each test has a point of its own. */
export function telemetryStoreSuite(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest
  const series: SeriesKey[] = []
  const numbers = new Map<string, number>()

  beforeAll(async () => {
    under = await open()
  })
  afterAll(() => under.close())

  function numberOf(point: string, unit: string, home: string): number {
    const key = `${home} ${point} ${unit}`
    const number =
      numbers.get(key) ?? series.push({ centre: homes[home] ?? '', home, placement: 'meter', point, unit }) - 1
    numbers.set(key, number)
    return number
  }

  interface Given {
    readonly point: string
    readonly samples: readonly Sample[]
    readonly unit?: string
    readonly home?: string
  }
  /** One message for each given series. */
  function batchOf(given: readonly Given[]): TelemetryBatch {
    const rows = given.flatMap(({ point, unit = 'W', home = 'home-1', samples }) =>
      samples.map((sample) => ({ series: numberOf(point, unit, home), sample })),
    )
    let end = 0
    return {
      series,
      rows: rows.length,
      seriesOf: Int32Array.from(rows, (row) => row.series),
      at: Float64Array.from(rows, ({ sample }) => sample[0]),
      value: Float64Array.from(rows, ({ sample }) => sample[1] ?? 0),
      absent: Uint8Array.from(rows, ({ sample }) =>
        sample[1] === null ? ABSENCES.indexOf(sample[2] ?? 'not-reported') + 1 : 0,
      ),
      messageEnds: Int32Array.from(given, ({ samples }) => (end += samples.length)),
      messages: given.length,
    }
  }
  const write = (...given: readonly Given[]) => under.store.write(batchOf(given))
  const ask = (point: string, more: Partial<MeasurementQuery> & { centre?: string } = {}) =>
    under.store.query(of(more.centre ?? 'centre-a'), {
      home: 'home-1',
      placement: 'meter',
      point,
      from: start,
      to: start + 10 * minute,
      steps: undefined,
      ...more,
    })
  const raw = async (point: string) =>
    (await ask(point)).buckets.map(({ t, last, absent }) => [Date.parse(t) - start, last ?? absent])

  test('what was written is read, in order of time, whatever the order it came in', async () => {
    expect(
      await write({
        point: 'order',
        samples: [
          [start + 2_000, 3],
          [start, 1],
        ],
      }),
    ).toEqual(new Map())
    await write({ point: 'order', samples: [[start + 1_001, 2.5]] })
    expect(await raw('order')).toEqual([
      [0, 1],
      [1_001, 2.5],
      [2_000, 3],
    ])
    expect((await ask('order')).unit).toBe('W')
  })

  test('the same sample again is the same sample; within a batch and between batches the later one holds', async () => {
    await write({
      point: 'again',
      samples: [
        [start, 1],
        [start, 2],
      ],
    })
    expect(await raw('again')).toEqual([[0, 2]])
    await write({ point: 'again', samples: [[start, 2]] }, { point: 'again', samples: [[start, 2]] })
    expect(await raw('again')).toEqual([[0, 2]])
    await write({ point: 'again', samples: [[start, 4]] })
    expect(await raw('again')).toEqual([[0, 4]])
    await write({ point: 'again', samples: [[start + 1, null, 'no-answer']] })
    await write({ point: 'again', samples: [[start + 1, null, 'line-down']] })
    expect(await raw('again')).toEqual([
      [0, 4],
      [1, 'line-down'],
    ])
  })

  test('a value holds against a reason why there is none for the same instant, whichever came first', async () => {
    await write({
      point: 'holds',
      samples: [
        [start, 1],
        [start, null, 'no-answer'],
        [start + 1, null, 'no-answer'],
        [start + 1, 2],
      ],
    })
    await write({ point: 'holds', samples: [[start + 2, 3]] })
    await write({ point: 'holds', samples: [[start + 2, null, 'no-answer']] })
    await write({ point: 'holds', samples: [[start + 3, null, 'no-answer']] })
    await write({ point: 'holds', samples: [[start + 3, 4]] })
    expect(await raw('holds')).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ])
    const { buckets } = await ask('holds', { to: start + minute, steps: [start] })
    expect(buckets).toMatchObject([{ count: 4, mean: 2.5, absent: null }])
  })

  test.for(ABSENCES)('absent(%s) comes back as what it was, and is never 0', async (why) => {
    await write({ point: `why-${why}`, samples: [[start, null, why]] })
    expect((await ask(`why-${why}`)).buckets).toEqual([
      { t: new Date(start).toISOString(), count: 0, mean: null, min: null, max: null, last: null, absent: why },
    ])
  })

  test('every number comes back as it was, up to where whole numbers are exact; minus nothing is nothing', async () => {
    const values = [0, -0.1, 0.1 + 0.2, 1e-300, 5e-324, 2 ** 53 - 1, 1 - 2 ** 53, 1 / 3, 123_456_789.123]
    await write({ point: 'numbers', samples: [...values, -0].map((value, index) => [start + index, value]) })
    expect((await raw('numbers')).map(([, value]) => value)).toEqual([...values, 0])
  })

  test('instants far in the past and the future are kept: a clock that lies is not a reason to lose data', async () => {
    for (const at of [Date.parse('1970-01-01T00:00:00Z'), Date.parse('2099-12-31T23:59:59.999Z')]) {
      await write({ point: 'times', samples: [[at, 1]] })
      expect((await ask('times', { from: at, to: at + 1 })).buckets).toHaveLength(1)
    }
  })

  test('a value that is no number is refused with its message, and only it', async () => {
    const refused = await write(
      { point: 'finite', samples: [[start, 1]] },
      {
        point: 'finite',
        samples: [
          [start + 1, 2],
          [start + 2, Number.NaN],
        ],
      },
      { point: 'finite', samples: [[start + 3, 4]] },
      { point: 'finite', samples: [[start + 4, Number.POSITIVE_INFINITY]] },
    )
    expect([...refused].map(([index, { code }]) => [index, code])).toEqual([
      [1, 'message-malformed'],
      [3, 'message-malformed'],
    ])
    expect(await raw('finite')).toEqual([
      [0, 1],
      [3, 4],
    ])
  })

  test.for([
    ['2^53 + 1', 2 ** 53 + 1],
    ['−2^53', -(2 ** 53)],
    ['−Infinity', Number.NEGATIVE_INFINITY],
  ] as const)('%s is refused with its message', async ([, value]) => {
    const refused = await write(
      { point: 'exact', samples: [[start, value]] },
      { point: 'exact', samples: [[start, 1]] },
    )
    expect([...refused].map(([index, { code }]) => [index, code])).toEqual([[0, 'message-malformed']])
    expect(await raw('exact')).toEqual([[0, 1]])
  })

  test('a batch without messages is refused: there would be nothing to receipt', async () => {
    await expect(write()).rejects.toMatchObject({ code: 'request-malformed', message: /an empty batch/ })
  })

  test('a batch of which everything is refused is answered, message by message', async () => {
    expect([...(await write({ point: 'none', samples: [[start, Number.NaN]] })).keys()]).toEqual([0])
    expect(await ask('none')).toEqual({ unit: null, buckets: [] })
  })

  test('a mean is summed in the order of time, to the last digit, whatever the order it came in', async () => {
    for (const [index, value] of [0.3, 0.2, 0.1].entries())
      await write({ point: 'digits', samples: [[start + 2 - index, value]] })
    const { buckets } = await ask('digits', { to: start + minute, steps: [start] })
    expect(buckets[0]?.mean).toBe((0.1 + 0.2 + 0.3) / 3)
    expect((0.1 + 0.2 + 0.3) / 3).not.toBe((0.3 + 0.2 + 0.1) / 3)
  })

  test('steps say count, mean, min, max and last; the empty ones say why they are empty', async () => {
    await write({
      point: 'steps',
      samples: [
        [start, 10],
        [start + 30_000, 30],
        [start + 59_999, null, 'no-answer'],
        [start + 2 * minute, null, 'no-answer'],
        [start + 2 * minute + 1, null, 'line-down'],
        [start + 3 * minute, 5],
      ],
    })
    const steps = [0, 1, 2, 3].map((step) => start + step * minute)
    const { buckets } = await ask('steps', { to: start + 4 * minute, steps })
    expect(buckets).toEqual([
      { t: '2026-03-01T08:00:00.000Z', count: 2, mean: 20, min: 10, max: 30, last: 30, absent: null },
      { t: '2026-03-01T08:01:00.000Z', count: 0, mean: null, min: null, max: null, last: null, absent: 'not-reported' },
      { t: '2026-03-01T08:02:00.000Z', count: 0, mean: null, min: null, max: null, last: null, absent: 'line-down' },
      { t: '2026-03-01T08:03:00.000Z', count: 1, mean: 5, min: 5, max: 5, last: 5, absent: null },
    ])
  })

  test('a range takes its beginning and leaves its end; a first step that began earlier counts only what is in the range', async () => {
    await write({
      point: 'range',
      samples: [
        [start - 1, 1],
        [start, 2],
        [start + minute - 1, 4],
        [start + minute, 8],
      ],
    })
    const { buckets } = await ask('range', { to: start + minute, steps: [start - minute, start] })
    expect(buckets.map(({ count, mean }) => [count, mean])).toEqual([
      [0, null],
      [2, 3],
    ])
  })

  test('days are the home’s: the one without an hour has 23 of them', async () => {
    const from = Date.parse('2026-03-28T23:00:00Z')
    const to = Date.parse('2026-03-30T22:00:00Z')
    await write({
      point: 'days',
      samples: Array.from({ length: 47 }, (_, hour) => [from + hour * 3_600_000, 1] as const),
    })
    const steps = stepsOf(from, to, { everyS: 86_400, days: 1 }, 'Europe/Berlin')
    const { buckets } = await ask('days', { from, to, steps })
    expect(buckets.map(({ t, count }) => [t, count])).toEqual([
      ['2026-03-28T23:00:00.000Z', 23],
      ['2026-03-29T22:00:00.000Z', 24],
    ])
  })

  test('a point that never spoke has no unit, and every step says so', async () => {
    expect(await ask('silent')).toEqual({ unit: null, buckets: [] })
    const { buckets } = await ask('silent', { steps: [start, start + minute] })
    expect(buckets.map(({ absent }) => absent)).toEqual(['not-reported', 'not-reported'])
  })

  test('a point whose unit changed is read in the unit it speaks in that range', async () => {
    await write({ point: 'units', unit: 'kWh', samples: [[start, 7]] })
    await write({ point: 'units', unit: 'm3', samples: [[start + 5 * minute, 1]] })
    expect(await ask('units')).toMatchObject({ unit: 'm3', buckets: [{ last: 1 }] })
    expect(await ask('units', { to: start + minute })).toMatchObject({ unit: 'kWh', buckets: [{ last: 7 }] })
    const steps = [start, start + 5 * minute]
    expect(await ask('units', { steps })).toMatchObject({ unit: 'm3', buckets: [{ count: 0 }, { last: 1 }] })
    const later = { from: start + 6 * minute, to: start + 7 * minute }
    expect(await ask('units', later)).toEqual({ unit: 'm3', buckets: [] })
  })

  test('more raw samples than an answer may hold are refused, not cut off', async () => {
    const samples = Array.from({ length: bucketsMax + 1 }, (_, index) => [start + index, index] as const)
    await write({ point: 'long', samples })
    await expect(ask('long')).rejects.toMatchObject({ code: 'range-too-long' })
    expect((await ask('long', { to: start + bucketsMax })).buckets).toHaveLength(bucketsMax)
  })

  test('another centre’s measurements are not there', async () => {
    await write({ point: 'scope', home: 'home-2', samples: [[start, 1]] })
    const there = { home: 'home-2', centre: 'centre-b' }
    expect((await ask('scope', there)).buckets).toHaveLength(1)
    expect(await ask('scope', { ...there, centre: 'centre-a' })).toEqual({ unit: null, buckets: [] })
  })
}
