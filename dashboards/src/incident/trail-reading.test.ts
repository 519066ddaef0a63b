import type { MeasurementAnswer } from '@anju/contract/api'
import { expect, test } from 'vitest'
import type { TrailPoint } from './trail-data.ts'
import { rangeNamed } from './trail-range.ts'
import { readTrail } from './trail-reading.ts'

const now = Date.parse('2026-03-01T08:00:30Z')
const points: readonly TrailPoint[] = [
  { role: 'power', placement: 'meter', point: 'active-power' },
  { role: 'voltage', placement: 'meter', point: 'voltage' },
  { role: 'presence', placement: 'radar', point: 'presence' },
]
const { signal } = new AbortController()

/** Each value says by its size which point it was asked for; the first answer is the last to come. */
function aServer() {
  const seen = { under: 0, most: 0, gapsOf: [] as string[] }
  return {
    seen,
    async measurements(
      homeId: string,
      { placement, point, from, to }: Record<'placement' | 'point' | 'from' | 'to', string>,
    ) {
      seen.most = Math.max(seen.most, ++seen.under)
      const value = points.findIndex((one) => one.point === point) + 1
      for (let turns = 5 - value; turns > 0; turns--) await Promise.resolve()
      seen.under--
      const item = { t: from, count: 1, mean: value, min: value, max: value, last: value, absent: null }
      const named = { homeId, placement, point, from, to, unit: 'W', everyS: 60 }
      return { ...named, items: [item], nextCursor: null } satisfies MeasurementAnswer
    },
    async gaps(homeId: string, { point }: { readonly point: string }) {
      seen.gapsOf.push(point)
      return { homeId, placement: 'meter', point, unit: 'W', from: '', to: '', items: [] }
    },
  }
}

test('every point gets its own answer, whichever comes first, and a chart leaves connections for commands', async () => {
  const server = aServer()
  const { trail } = await readTrail(server as never, 'home-1', points, rangeNamed('hour'), now, signal)
  expect([trail.power?.values[0], trail.voltage?.values[0]]).toEqual([1, 2])
  expect(trail.presence).toHaveLength(1)
  expect(server.seen.most).toBe(2)
})

test('gaps are asked of the meter, and of no year: there the days tell themselves', async () => {
  const server = aServer()
  await readTrail(server as never, 'home-1', points, rangeNamed('day'), now, signal)
  await readTrail(server as never, 'home-1', points, rangeNamed('year'), now, signal)
  expect(server.seen.gapsOf).toEqual(['active-power'])
})

test('one answer that fails fails the chart: half of it would look like a home without a sensor', async () => {
  const server = { ...aServer(), measurements: () => Promise.reject(new Error('the store is away')) }
  await expect(readTrail(server as never, 'home-1', points, rangeNamed('hour'), now, signal)).rejects.toThrow(
    'the store is away',
  )
})
