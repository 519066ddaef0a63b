import {
  absent,
  encode,
  instant,
  type Measurement,
  type PlacementId,
  type PointId,
  parseTelemetry,
  reading,
} from '@anju/contract'
import { expect, test } from 'vitest'
import { columnar } from './columnar.ts'

const sample = (point: string, at: number, value: number | 'silent'): Measurement => ({
  placement: 'meter' as PlacementId,
  point: point as PointId,
  quantity: 'electric-potential',
  at: instant(at),
  reading: value === 'silent' ? absent('no-answer') : reading(value),
})
const message = (series: ReturnType<typeof columnar>) =>
  parseTelemetry(
    encode({
      id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
      boot: 1,
      seq: 1,
      pendingFrom: 1,
      sentAt: '2026-01-01T00:00:00.000Z',
      series,
    }),
  )

test('samples of two points become two series, oldest first, and a silence keeps its reason', () => {
  const series = columnar([
    sample('voltage-a', 3_000, 231),
    sample('voltage-b', 1_000, 220),
    sample('voltage-a', 1_000, 230),
    sample('voltage-a', 2_000, 'silent'),
  ])
  expect(series).toEqual([
    { p: 'meter/voltage-a', u: 'V', t0: 1_000, dt: [0, 1_000, 2_000], v: [230, null, 231], absent: { 1: 'no-answer' } },
    { p: 'meter/voltage-b', u: 'V', t0: 1_000, dt: [0], v: [220] },
  ])
  expect(message(series)).toMatchObject({ ok: true })
})

test('a clock that jumps from 1970 to today starts another series instead of an impossible distance', () => {
  const series = columnar([sample('voltage-a', 5_000, 230), sample('voltage-a', 1_767_225_600_000, 231)])
  expect(series.map(({ t0, v }) => ({ t0, v }))).toEqual([
    { t0: 5_000, v: [230] },
    { t0: 1_767_225_600_000, v: [231] },
  ])
  expect(message(series)).toMatchObject({ ok: true })
})
