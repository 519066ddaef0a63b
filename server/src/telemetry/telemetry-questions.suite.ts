import { ABSENCES, type Absence, type CentreId, type PersonId, type SessionId } from '@anju/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../ports.ts'
import { ColumnBuffer, type GatewayScope } from './columns.ts'
import { localHoursOf } from './hours.ts'
import type { ActivityQuery, GapQuery } from './questions.ts'
import type { TelemetryStore } from './store.ts'
import type { StoreUnderTest } from './telemetry-store.suite.ts'

type Sample = readonly [at: number, value: number | Absence]
const operatorOf = (centre: string): Actor => ({
  kind: 'person',
  person: 'someone' as PersonId,
  name: 'Someone',
  session: '00000000-0000-4000-8000-000000000000' as SessionId,
  role: 'operator',
  centre: centre as CentreId,
})
const operator = operatorOf('centre-a')
const start = Date.parse('2026-03-01T08:00:00Z')
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const every = (lengthMs: number, from: number, to: number, value: (at: number) => number | Absence): Sample[] =>
  Array.from({ length: Math.floor((to - from) / lengthMs) }, (_, n) => from + n * lengthMs).map((at) => [at, value(at)])

/** What a page asks besides values, whichever store it is: last words, the hours of a day, gaps. Each test has points of its own. */
export function telemetryQuestionsSuite(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest
  let store: TelemetryStore
  beforeAll(async () => {
    under = await open()
    store = under.store
  })
  afterAll(() => under.close())

  const buffer = new ColumnBuffer([])
  const homes: Readonly<Record<string, GatewayScope>> = {
    'home-1': { centre: 'centre-a', home: 'home-1', series: new Map() },
    'home-2': { centre: 'centre-b', home: 'home-2', series: new Map() },
  }
  async function write(p: string, samples: readonly Sample[], u: 'W' | 'kWh' | 'm3' | '/' = 'W', home = 'home-1') {
    buffer.clear()
    const series = {
      p,
      u,
      t0: start,
      dt: samples.map(([at]) => at - start),
      v: samples.map(([, value]) => (typeof value === 'number' ? value : null)),
      absent: Object.fromEntries(
        samples.flatMap(([, value], index) => (typeof value === 'number' ? [] : [[index, value]])),
      ),
    }
    const sentAt = '2026-03-01T08:00:00.000Z'
    const message = { id: '01J0000000000000000000000A', boot: 1, seq: 1, pendingFrom: 1, sentAt, series: [series] }
    expect(buffer.add(homes[home] as GatewayScope, message)).toBeUndefined()
    expect(await store.write(buffer)).toEqual(new Map())
  }

  const latest = async (placement: string, more: { from?: number; to?: number; as?: Actor; home?: string } = {}) => {
    const { from = start, to = start + day, as = operator, home = 'home-1' } = more
    const points = await store.latest(as, { home, from, to })
    return points.filter((one) => one.placement === placement)
  }

  async function activity(point: string, more: Partial<ActivityQuery> & { zone?: string } = {}) {
    const { from = start, to = start + day, zone = 'Asia/Shanghai', leastChange = 0 } = more
    const hours = localHoursOf(from, to, zone)
    const query = { home: 'home-1', placement: 'activity', point, from, to, hours, leastChange }
    const { unit, hours: answered } = await store.activity(operator, query)
    const told = answered.filter(({ steps, heard }) => steps !== 12 || heard > 0)
    return { unit, all: answered, told: told.map(({ hour, ...is }) => [hour, ...Object.values(is)]) }
  }

  const gaps = async (point: string, more: Partial<GapQuery> = {}) => {
    const query = {
      home: 'home-1',
      placement: 'gaps',
      point,
      from: start,
      to: start + hour,
      longerThanMs: 5 * minute,
    }
    const answer = await store.gaps(operator, { ...query, ...more })
    return answer.gaps.map(({ from, to, why }) => [(from - start) / minute, (to - start) / minute, why])
  }

  describe('what was said last', () => {
    test('is a value or a reason with its time and its unit, of every point, in their order', async () => {
      await write('last-a/power', [
        [start, 1],
        [start + 2, -0],
        [start + 1, 3],
      ])
      await write('last-a/motion', [[start + 5, 'no-answer']], '/')
      await write('last-a/motion', [[start + 4, 1]], '/')
      expect(await latest('last-a')).toEqual([
        { placement: 'last-a', point: 'motion', unit: '/', at: start + 5, value: null, absent: 'no-answer' },
        { placement: 'last-a', point: 'power', unit: 'W', at: start + 2, value: 0, absent: null },
      ])
      await write('last-b/power', [[start, 1]])
      const places = (await store.latest(operator, { home: 'home-1', from: start, to: start + day })).map(
        ({ placement, point }) => `${placement}/${point}`,
      )
      expect(places).toEqual([...places].sort())
    })

    test.for(ABSENCES)('may be absent(%s)', async (why) => {
      await write(`last-why/${why}`, [[start, why]])
      const [found] = (await latest('last-why')).filter(({ point }) => point === why)
      expect(found).toMatchObject({ value: null, absent: why })
    })

    test('is the value where a value and a reason have one instant', async () => {
      await write('last-both/power', [[start, 5]])
      await write('last-both/power', [[start, 'line-down']])
      expect(await latest('last-both')).toMatchObject([{ value: 5, absent: null }])
    })

    test('is in the unit that spoke last, of two at once in the first by its characters', async () => {
      await write('last-unit/meter', [[start, 7]], 'kWh')
      await write('last-unit/meter', [[start + 1, 1]], 'm3')
      expect(await latest('last-unit')).toMatchObject([{ unit: 'm3', value: 1 }])
      await write('last-unit/meter', [[start + 1, 'invalid']], 'kWh')
      expect(await latest('last-unit')).toMatchObject([{ unit: 'kWh', absent: 'invalid' }])
    })

    test('is what lies in the range: a clock that lies has not the last word for ever', async () => {
      await write('last-range/power', [
        [start, 1],
        [start + minute, 2],
        [Date.parse('2099-01-01T00:00:00Z'), 3],
      ])
      expect(await latest('last-range')).toMatchObject([{ value: 2 }])
      expect(await latest('last-range', { to: start + minute })).toMatchObject([{ value: 1 }])
      expect(await latest('last-range', { from: start + 1, to: start + minute })).toEqual([])
    })

    test('is nothing in another centre', async () => {
      await write('last-scope/power', [[start, 1]], 'W', 'home-2')
      expect(await latest('last-scope', { home: 'home-2', as: operatorOf('centre-b') })).toHaveLength(1)
      expect(await latest('last-scope', { home: 'home-2' })).toEqual([])
    })
  })

  describe('activity by hour', () => {
    test('counts changes, not reports: a sensor that repeats itself all night shows nobody', async () => {
      // 16:00 and 17:00 in Shanghai: all quiet, then somebody at twelve and at thirty minutes past.
      const at = (offset: number) => Number(offset === 72 * minute || offset === 90 * minute)
      await write(
        'activity/motion',
        every(minute, start, start + 2 * hour, (when) => at(when - start)),
        '/',
      )
      const { unit, told } = await activity('motion')
      expect(unit).toBe('/')
      // A change and the change back lie in one step of five minutes.
      expect(told).toEqual([
        [16, 12, 12, 0, 60],
        [17, 12, 12, 2, 60],
      ])
    })

    test('says where nobody can tell: no data is not zero, and a reason is no data', async () => {
      await write(
        'activity/silent',
        every(minute, start, start + 50 * minute, (at) => (at < start + 20 * minute ? 1 : 'no-answer')),
      )
      expect((await activity('silent')).told).toEqual([[16, 12, 4, 0, 20]])
      const nothing = await activity('nothing')
      expect(nothing.unit).toBeNull()
      expect(nothing.all).toEqual(
        Array.from({ length: 24 }, (_, hour) => ({ hour, steps: 12, heard: 0, active: 0, samples: 0 })),
      )
    })

    test('a counter that is told once an hour moves; what moved over a longer silence moved nobody knows when', async () => {
      await write('activity/water', [
        [start, 10],
        [start + hour, 10],
        [start + 2 * hour, 10.1],
        [start + 6 * hour, 11],
      ])
      expect((await activity('water')).told).toEqual([
        [16, 12, 1, 0, 1],
        [17, 12, 1, 0, 1],
        [18, 12, 1, 1, 1],
        [22, 12, 1, 0, 1],
      ])
    })

    test('a counter that stands lower than before is another meter: by that nobody did anything', async () => {
      const told = [
        [0, 500],
        [5, 500.1],
        [6, 0],
        [10, 0],
        [15, 0.2],
      ] as const
      const samples = told.map(([minutes, kWh]): Sample => [start + minutes * minute, kWh])
      await write('activity/replaced', samples, 'kWh')
      expect((await activity('replaced')).told).toEqual([[16, 12, 4, 1, 5]])
    })

    test('a change smaller than was asked for is a meter’s own noise', async () => {
      await write(
        'activity/noise',
        every(minute, start, start + hour, (at) => ((at / minute) % 2) * 30 + (at === start + 31 * minute ? 500 : 0)),
      )
      expect((await activity('noise')).told).toEqual([[16, 12, 12, 12, 60]])
      // It comes and goes within one step, and the next one ends as it began.
      expect((await activity('noise', { leastChange: 50 })).told).toEqual([[16, 12, 12, 1, 60]])
    })

    test.for([
      { zone: 'Europe/Berlin', on: '2026-03-29', hour: 2, steps: 0 },
      { zone: 'Europe/Berlin', on: '2026-10-25', hour: 2, steps: 24 },
      { zone: 'Australia/Lord_Howe', on: '2026-04-05', hour: 1, steps: 18 },
      { zone: 'Asia/Kathmandu', on: '2026-03-29', hour: 2, steps: 12 },
    ])(
      '$zone on $on: hour $hour has $steps steps, and every one is heard',
      async ({ zone, on, hour: asked, steps }) => {
        const from = Date.parse(`${on}T00:00:00Z`) - 12 * hour
        const to = from + 2 * day
        const point = `clocks-${zone.replace('/', '-').replace('_', '-').toLowerCase()}-${on}`
        await write(
          `activity/${point}`,
          every(5 * minute, from, to, () => 1),
        )
        const local = localHoursOf(from, to, zone)
        const dayOf = local.findIndex(({ hour }, index) => index > 0 && hour === 0)
        const [begin, end] = [
          local[dayOf]?.at ?? 0,
          local.find(({ at, hour }) => hour === 0 && at > (local[dayOf]?.at ?? 0))?.at ?? 0,
        ]
        const { all } = await activity(point, { from: begin, to: end, zone })
        expect(all[asked]).toEqual({ hour: asked, steps, heard: steps, active: 0, samples: steps })
        expect(all.reduce((sum, one) => sum + one.steps, 0)).toBe((end - begin) / (5 * minute))
      },
    )

    test('more days than are kept for certain are refused', async () => {
      await expect(activity('long', { to: start + 36 * day })).rejects.toMatchObject({ code: 'range-too-long' })
    })
  })

  describe('gaps', () => {
    test('go from the value before to the value after, to the millisecond, and only the longer ones', async () => {
      await write('gaps/edges', [
        [start + minute, 1],
        [start + 6 * minute, 1],
        [start + 11 * minute + 1, 1],
        [start + 12 * minute, 1],
        [start + 58 * minute, 1],
      ])
      expect(await gaps('edges')).toEqual([
        [6, 11 + 1 / minute, null],
        [12, 58, null],
      ])
      expect((await gaps('edges', { from: start - 10 * minute }))[0]).toEqual([-10, 1, null])
      expect((await gaps('edges', { to: start + 2 * hour })).at(-1)).toEqual([58, 120, null])
    })

    test('say why: what was said last in them; a reason fills no gap', async () => {
      await write('gaps/why', [
        [start, 1],
        [start, 'warming-up'],
        [start + 10 * minute, 'no-answer'],
        [start + 20 * minute, 'line-down'],
        [start + 30 * minute, 1],
        [start + 30 * minute + 1, 'device-fault'],
        [start + 31 * minute, 1],
        [start + 45 * minute, 1],
      ])
      expect(await gaps('why')).toEqual([
        [0, 30, 'line-down'],
        [31, 45, null],
        [45, 60, null],
      ])
    })

    test('a point that only gave reasons, or nothing, is one gap', async () => {
      await write('gaps/reasons', [[start, 'device-silent']])
      expect(await gaps('reasons')).toEqual([[0, 60, 'device-silent']])
      expect(await gaps('reasons', { from: start + 1 })).toEqual([[1 / minute, 60, null]])
      expect(await gaps('never')).toEqual([[0, 60, null]])
      const query = { home: 'home-1', placement: 'gaps', from: start, to: start + hour, longerThanMs: minute }
      expect((await store.gaps(operator, { ...query, point: 'never' })).unit).toBeNull()
      expect((await store.gaps(operator, { ...query, point: 'reasons', from: start + 1 })).unit).toBe('W')
    })

    test('too many, too short or too long are refused by name', async () => {
      const samples = Array.from({ length: 202 }, (_, n): Sample => [start + n * 2 * minute, n])
      await write('gaps/many', samples)
      const many = { from: start, to: start + 402 * minute + 1, longerThanMs: minute }
      await expect(gaps('many', many)).rejects.toMatchObject({ code: 'range-too-long', message: /more than 200 gaps/ })
      expect(await gaps('many', { ...many, to: start + 400 * minute })).toHaveLength(200)
      await expect(gaps('many', { longerThanMs: minute - 1 })).rejects.toMatchObject({ message: /^longerThan: / })
      await expect(gaps('many', { to: start + 36 * day })).rejects.toMatchObject({ code: 'range-too-long' })
    })
  })
}
