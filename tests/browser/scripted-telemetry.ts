import type { ActivityAnswer, GapAnswer, LatestAnswer, MeasurementAnswer } from '@anju/contract/api'

const dayMs = 86_400_000
const shanghaiMs = 8 * 3_600_000

/** A year in days of Shanghai, of which the meter did not answer for ten, and said nothing at all in one. */
export function measuredDays(query: URLSearchParams): MeasurementAnswer {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
  const first = Math.floor((Date.parse(from) + shanghaiMs) / dayMs) * dayMs - shanghaiMs
  const items: MeasurementAnswer['items'] = []
  for (let at = first, day = 0; at < Date.parse(to); at += dayMs, day++) {
    const absent = day >= 100 && day < 110 ? ('no-answer' as const) : day === 200 ? ('not-reported' as const) : null
    const value = absent === null ? 120 + (day % 30) : null
    items.push({
      t: new Date(at).toISOString(),
      count: absent === null ? 1_440 : 0,
      mean: value,
      min: value,
      max: value,
      last: value,
      absent,
    })
  }
  const [placement, point] = [query.get('placement') ?? '', query.get('point') ?? '']
  return { homeId: 'home-1', placement, point, unit: 'W', from, to, everyS: 86_400, items, nextCursor: null }
}

/** One gap of eight minutes, a quarter of an hour ago, with its reason; and one in which not even a reason came. */
export function gapsIn(query: URLSearchParams): GapAnswer {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
  const before = (minutes: number) => new Date(Date.parse(to) - minutes * 60_000).toISOString()
  const [placement, point] = [query.get('placement') ?? '', query.get('point') ?? '']
  const items: GapAnswer['items'] = [
    { from: before(40), to: before(32), why: 'no-answer' },
    { from: before(20), to: before(17), why: null },
  ]
  return { homeId: 'home-1', placement, point, unit: 'W', from, to, longerThanS: 120, items, nextCursor: null }
}

export function lastSaid(): LatestAnswer {
  const t = new Date(Date.now() - 5_000).toISOString()
  return {
    homeId: 'home-1',
    items: [
      { placement: 'living-radar', point: 'presence', unit: '/', t, value: 1, absent: null },
      { placement: 'meter', point: 'active-power', unit: 'W', t, value: 85.126, absent: null },
      { placement: 'meter', point: 'voltage', unit: 'V', t, value: null, absent: 'no-answer' },
    ],
    nextCursor: null,
  }
}

/** Quiet nights, lively days, and one hour in which the radar was never heard. */
export function active(query: URLSearchParams): ActivityAnswer {
  const [placement, point] = [query.get('placement') ?? '', query.get('point') ?? '']
  const [from, to] = ['2026-03-01T00:00:00.000Z', '2026-03-29T00:00:00.000Z']
  const items = Array.from({ length: 24 }, (_, hour) => {
    const heard = hour === 3 ? 0 : 300
    return { hour, steps: 336, heard, active: hour > 6 && hour < 22 ? 120 : 0, samples: heard * 5 }
  })
  return { homeId: 'home-1', placement, point, unit: '/', from, to, items, nextCursor: null }
}
