import { ABSENCES, type TelemetryMessage } from '@anju/contract'
import * as fc from 'fast-check'
import { parseEvery, stepsOf } from './steps.ts'
import type { MeasurementQuery } from './store.ts'

/** Weeks in which the clocks change on four continents, on different days, and in one place by half an hour. */
const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca']
const begin = Date.parse('2026-03-01T00:00:00Z')
const end = Date.parse('2026-04-12T00:00:00Z')
const POINTS = [
  ['meter/power', 'W'],
  ['meter/energy', 'kWh'],
  // Two units of one point: the one that spoke last is meant.
  ['meter/energy', 'm3'],
  ['bedroom/motion', '/'],
] as const
const POINT_NAMES = [...new Set(POINTS.map(([point]) => point)), 'bedroom/silent']

const anyValue = fc.oneof(
  fc.double({ noNaN: true, min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  fc.double({ noNaN: true, min: -1_000, max: 1_000 }),
  fc.integer({ min: -1_000, max: 1_000 }).map((tenths) => tenths / 10),
  fc.constantFrom(0, -0, 1),
)
const sample = fc.tuple(
  fc.integer({ min: 0, max: 86_400_000 }),
  fc.option(anyValue, { freq: 5 }),
  fc.constantFrom(...ABSENCES),
)
/** A day's worth at most from one point: out of order, with times that come again, values and reasons mixed. */
const series = fc
  .tuple(
    fc.constantFrom(...POINTS),
    fc.integer({ min: begin, max: end - 86_400_000 }),
    fc.constantFrom(1, 1_000, 60_000, 900_000),
    fc.array(sample, { minLength: 1, maxLength: 60 }),
  )
  .map(([[p, u], t0, grid, samples]) => ({
    p,
    u,
    t0,
    dt: samples.map(([dt]) => dt - (dt % grid)),
    v: samples.map(([, value]) => value),
    absent: Object.fromEntries(samples.flatMap(([, value, why], index) => (value === null ? [[index, why]] : []))),
  }))
export const anyMessage: fc.Arbitrary<TelemetryMessage> = fc
  .array(series, { minLength: 1, maxLength: 6 })
  .map((given) => ({
    id: '01J0000000000000000000000A',
    boot: 1,
    seq: 1,
    pendingFrom: 1,
    sentAt: '2026-03-01T08:00:00.000Z',
    series: given,
  }))

/** Ranges from a second to all of it, as samples, in steps of all lengths, and in days of every zone. */
export const anyQuery: fc.Arbitrary<MeasurementQuery> = fc
  .tuple(
    fc.constantFrom(...POINT_NAMES),
    fc.integer({ min: begin - 86_400_000, max: end }),
    fc.constantFrom(1_000, 3_600_000, 86_400_000, 7 * 86_400_000, end - begin),
    fc.integer({ min: 1, max: 1_000 }),
    fc.constantFrom(undefined, '1s', '60s', '7m', '15m', '1h', '5h', '1d', '1d', '2d', '7d'),
    fc.constantFrom(...ZONES),
  )
  .map(([point, from, length, share, every, zone]) => {
    const to = from + Math.max(1, Math.round((length * share) / 1_000))
    return { point, from, to, every: parseEvery(every), zone }
  })
  .filter(({ from, to, every }) => every === undefined || (to - from) / (every.everyS * 1_000) < 1_900)
  .map(({ point, from, to, every, zone }) => ({
    home: 'home-1',
    placement: point.slice(0, point.indexOf('/')),
    point: point.slice(point.indexOf('/') + 1),
    from,
    to,
    steps: every && stepsOf(from, to, every, zone),
  }))
