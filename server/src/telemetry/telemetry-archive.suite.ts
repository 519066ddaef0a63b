import { ABSENCES } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { always, pageRowsMax, type TelemetryArchive, type TimeRange } from './archive.ts'
import { ColumnBuffer } from './columns.ts'
import type { SeriesKey, TelemetryStore } from './store.ts'

export interface ArchiveUnderTest {
  readonly store: TelemetryStore
  readonly archive: TelemetryArchive
  /** Nothing is in it; the homes `home-1`, `home-10` and `home-2` (of `centre-a`) and `home-3` (of `centre-b`) exist. */
  close(): Promise<void>
}
type Sample = readonly [at: number, what: number | (typeof ABSENCES)[number]]

const start = Date.parse('2026-03-01T08:00:00Z')
const centreOf = (home: string) => (home === 'home-3' ? 'centre-b' : 'centre-a')

const key = (home: string, p: string, unit: string): SeriesKey => {
  const [placement = '', point = ''] = p.split('/')
  return { centre: centreOf(home), home, placement, point, unit }
}

/** What export, erasure and migration rely on, whichever store it is. The tests build on one another. */
export function telemetryArchiveSuite(open: () => Promise<ArchiveUnderTest>): void {
  let under: ArchiveUnderTest
  const columns = new ColumnBuffer([])

  beforeAll(async () => {
    under = await open()
  })
  afterAll(() => under.close())

  async function write(home: string, p: string, u: 'W' | 'V' | '%' | '%RH' | '/', samples: readonly Sample[]) {
    columns.clear()
    columns.add(
      { centre: centreOf(home), home, series: new Map() },
      {
        id: '01J0000000000000000000000A',
        boot: 1,
        seq: 1,
        pendingFrom: 1,
        sentAt: '2026-03-01T08:00:00.000Z',
        series: [
          {
            p,
            u,
            t0: 0,
            dt: samples.map(([at]) => at),
            v: samples.map(([, what]) => (typeof what === 'number' ? what : null)),
            absent: Object.fromEntries(
              samples.flatMap(([, what], index) => (typeof what === 'number' ? [] : [[index, what]])),
            ),
          },
        ],
      },
    )
    expect(await under.store.write(columns)).toEqual(new Map())
  }
  const listed = async (home?: string) =>
    (await Array.fromAsync(under.archive.series(home))).map(
      ({ home: of, placement, point, unit }) => `${of} ${placement}/${point} ${unit}`,
    )
  const read = async (of: SeriesKey, { from, to }: TimeRange = always) =>
    (await Array.fromAsync(under.archive.samples(of, from, to))).flatMap(({ at, value, absent }) =>
      [...at].map(
        (when, row): Sample => [when, absent[row] ? (ABSENCES[absent[row] - 1] ?? 'invalid') : (value[row] ?? 0)],
      ),
    )

  test('a store without samples has no series, nothing of a home, and erases nothing', async () => {
    expect(await listed()).toEqual([])
    expect(await read(key('home-1', 'meter/power', 'W'))).toEqual([])
    expect(await under.archive.held('home-1')).toMatchObject({ series: 0, samples: 0 })
    await under.archive.erase('home-1')
  })

  test('series come in the order of home, placement, point and unit by their characters, each once', async () => {
    await write('home-2', 'meter/power', 'W', [[start, 1]])
    await write('home-1', 'meter/power', 'W', [[start, 1]])
    await write('home-1', 'meter/level', '%RH', [[start, 1]])
    await write('home-1', 'meter/level', '%', [[start, 'no-answer']])
    await write('home-1', 'meter-2/level', '/', [[start, 1]])
    await write('home-1', 'bedroom/motion', '/', [
      [start, 1],
      [start + 1, 'device-fault'],
    ])
    await write('home-10', 'meter/power', 'W', [[start, 1]])
    await write('home-3', 'meter/power', 'W', [[start, 1]])
    const ofOne = [
      'home-1 bedroom/motion /',
      'home-1 meter/level %',
      'home-1 meter/level %RH',
      'home-1 meter/power W',
      'home-1 meter-2/level /',
    ]
    expect(await listed('home-1')).toEqual(ofOne)
    expect(await listed()).toEqual([...ofOne, 'home-10 meter/power W', 'home-2 meter/power W', 'home-3 meter/power W'])
    expect(await listed('home-4')).toEqual([])
    expect((await Array.fromAsync(under.archive.series('home-3'))).map(({ centre }) => centre)).toEqual(['centre-b'])
  })

  test('samples come back as they were, values and reasons, in order of time, from the past to the future', async () => {
    const samples: Sample[] = [
      [Date.parse('1970-01-01T00:00:00Z'), 0.1 + 0.2],
      [start - 1, -1e-300],
      ...ABSENCES.map((why, index): Sample => [start + index * 2, why]),
      [start + 101, 2 ** 53 - 1],
      [Date.parse('2099-12-31T23:59:59.999Z'), 1 / 3],
    ]
    await write('home-2', 'meter/all', 'V', [...samples].reverse())
    expect(await read(key('home-2', 'meter/all', 'V'))).toEqual(samples)
  })

  test('a range takes its beginning and leaves its end', async () => {
    await write('home-2', 'meter/range', 'V', [
      [start - 1, 1],
      [start, 2],
      [start + 9, 3],
      [start + 10, 4],
    ])
    expect(await read(key('home-2', 'meter/range', 'V'), { from: start, to: start + 10 })).toEqual([
      [start, 2],
      [start + 9, 3],
    ])
    expect(await read(key('home-2', 'meter/range', 'V'), { from: start, to: start })).toEqual([])
  })

  test('a value holds against a reason for the same instant', async () => {
    await write('home-2', 'meter/holds', 'V', [[start, 'no-answer']])
    await write('home-2', 'meter/holds', 'V', [[start, 7]])
    await write('home-2', 'meter/holds', 'V', [[start, 'line-down']])
    expect(await read(key('home-2', 'meter/holds', 'V'))).toEqual([[start, 7]])
  })

  test('another unit of the same point, another home, another centre: none of them is this series', async () => {
    await write('home-2', 'meter/power', 'V', [[start, 99]])
    expect(await read(key('home-2', 'meter/power', 'W'))).toEqual([[start, 1]])
    expect(await read({ ...key('home-2', 'meter/power', 'W'), centre: 'centre-b' })).toEqual([])
  })

  test('a long series comes in pages, none too long or empty, and every instant is in one of them', async () => {
    const long = Array.from(
      { length: 2 * pageRowsMax + 3 },
      (_, index): Sample => [start + index, index % 3 === 0 ? 'no-answer' : index],
    )
    for (let from = 0; from < long.length; from += 4_000)
      await write('home-10', 'meter/long', 'W', long.slice(from, from + 4_000))
    const of = key('home-10', 'meter/long', 'W')
    const pages = await Array.fromAsync(under.archive.samples(of, always.from, always.to))
    expect(Math.max(...pages.map(({ at }) => at.length))).toBeLessThanOrEqual(pageRowsMax)
    expect(Math.min(...pages.map(({ at }) => at.length))).toBeGreaterThan(0)
    expect(await read(of)).toEqual(long)
  })

  test('what a home has is counted, each instant of a series once, and not what lies in the range that is left alone', async () => {
    await write('home-3', 'meter/power', 'W', [
      [start, 2],
      [start + 1, 'no-answer'],
      [start + 2, 3],
    ])
    await write('home-3', 'meter/power', 'W', [[start + 1, 4]])
    await write('home-3', 'meter/level', '%', [[start + 2, 4]])
    expect(await under.archive.held('home-3')).toMatchObject({ series: 2, samples: 4 })
    expect(await under.archive.held('home-3', { from: start + 2, to: start + 9 })).toMatchObject({
      series: 1,
      samples: 2,
    })
    expect(await under.archive.held('home-3', { from: start, to: start + 2 })).toMatchObject({ series: 2, samples: 2 })
  })

  test('what is erased is gone but for the range that is left alone; other homes keep what they have', async () => {
    const before = await listed('home-2')
    await write('home-1', 'meter/power', 'W', [
      [start + 1, 1],
      [start + 2, 'no-answer'],
      [start + 3, 3],
      [start + 4, 4],
    ])
    await under.archive.erase('home-1', { from: start + 2, to: start + 4 })
    expect(await listed('home-1')).toEqual(['home-1 meter/power W'])
    expect(await read(key('home-1', 'meter/power', 'W'))).toEqual([
      [start + 2, 'no-answer'],
      [start + 3, 3],
    ])
    await under.archive.erase('home-1')
    await under.archive.erase('home-1')
    expect(await listed('home-1')).toEqual([])
    expect(await under.archive.held('home-1')).toMatchObject({ series: 0, samples: 0 })
    expect(await read(key('home-1', 'meter/power', 'W'))).toEqual([])
    expect(await listed('home-2')).toEqual(before)
    expect(await under.archive.held('home-10')).toMatchObject({ series: 2, samples: 2 * pageRowsMax + 4 })
  })

  test('a long series is erased whole', async () => {
    await under.archive.erase('home-10')
    expect(await listed('home-10')).toEqual([])
  })

  test('a home that was erased may measure again', async () => {
    await write('home-1', 'meter/power', 'W', [[start + 9, 5]])
    expect(await listed('home-1')).toEqual(['home-1 meter/power W'])
    expect(await read(key('home-1', 'meter/power', 'W'))).toEqual([[start + 9, 5]])
  })
}
