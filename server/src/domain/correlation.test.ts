import { instant, minutes } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { correlate, holdFor, type LossAlarm, outageAt, outagePlacement } from './correlation.ts'

const T0 = 1_700_000_000_000
const lost = (home: number, s: number, more: Partial<LossAlarm> = {}): LossAlarm => ({
  alarm: `${more.type ?? 'mains-lost'}-${home}`,
  home: `home-${home}`,
  area: 'east/330102001',
  type: 'mains-lost',
  at: instant(T0 + s * 1_000),
  ...more,
})
const homes = (count: number, at: (n: number) => number, more: Partial<LossAlarm> = {}) =>
  Array.from({ length: count }, (_, n) => lost(n + 1, at(n), more))
const opened = (losses: readonly LossAlarm[]) =>
  correlate(losses, [])
    .opens.map(({ folds, area, alarms }) => `${folds} ${area} ${alarms.length}`)
    .toSorted()

describe('one outage', () => {
  test.for([
    { what: 'ten homes within a minute', losses: homes(10, (n) => n * 6), opens: ['mains-lost east/330102001 10'] },
    { what: 'nine homes', losses: homes(9, () => 0), opens: [] },
    { what: 'ten homes in just over a minute', losses: homes(10, (n) => n * 6.7), opens: [] },
    { what: 'a loss a minute all day', losses: homes(500, (n) => n * 60), opens: [] },
    {
      what: 'ten losses of nine homes',
      losses: [...homes(9, () => 0), lost(1, 1, { alarm: 'again' })],
      opens: [],
    },
    {
      what: 'ten homes in ten streets',
      losses: Array.from({ length: 10 }, (_, n) => lost(n, 0, { area: `east/33010200${n}` })),
      opens: [],
    },
    {
      what: 'five homes without mains and five without a gateway',
      losses: [...homes(5, () => 0), ...homes(10, () => 0, { type: 'gateway-silent' }).slice(5)],
      opens: [],
    },
    {
      what: 'two streets at once',
      losses: [...homes(12, () => 0), ...homes(11, () => 1, { area: 'east/330102002' })],
      opens: ['mains-lost east/330102001 12', 'mains-lost east/330102002 11'],
    },
    {
      what: 'a thousand homes, looked at late: everything from that minute on',
      losses: homes(1_000, (n) => n / 100),
      opens: ['mains-lost east/330102001 1000'],
    },
    {
      what: 'one home long before: not part of it',
      losses: [lost(99, -600), ...homes(10, () => 0)],
      opens: ['mains-lost east/330102001 10'],
    },
  ])('$what', ({ losses, opens }) => {
    expect(opened(losses)).toEqual(opens)
    expect(opened(losses.toReversed())).toEqual(opens)
  })
})

test.for([
  { folds: 'mains-lost', type: 'mains-lost', joins: true },
  { folds: 'mains-lost', type: 'gateway-silent', joins: true },
  { folds: 'gateway-silent', type: 'gateway-silent', joins: true },
  { folds: 'gateway-silent', type: 'mains-lost', joins: false },
] as const)(
  'while an outage of $folds is open, $type of one home of the area joins it: $joins',
  ({ folds, type, joins }) => {
    const open = [{ alarm: 'outage', area: 'east/330102001', folds }]
    const result = correlate([lost(1, 0, { type }), lost(2, 0, { type, area: 'east/330102002' })], open)
    expect(result.joins).toEqual(joins ? [{ outage: 'outage', alarms: [`${type}-1`] }] : [])
    expect(result.opens).toEqual([])
  },
)

test.for([
  { type: 'mains-lost', snapshot: null, chance: 0, held: 30 },
  { type: 'mains-lost', snapshot: { batteryPercent: 80 }, chance: 0.5, held: 45 },
  { type: 'mains-lost', snapshot: { batteryPercent: 30 }, chance: 0.75, held: 52.5 },
  { type: 'mains-lost', snapshot: { batteryPercent: 29 }, chance: 0.5, held: null },
  { type: 'mains-lost', snapshot: { batteryPercent: 'empty' }, chance: 0, held: 30 },
  { type: 'gateway-silent', snapshot: null, chance: 0, held: null },
  { type: 'sos-pressed', snapshot: null, chance: 0, held: null },
])('$type with $snapshot is held back for $held min', ({ type, snapshot, chance, held }) => {
  const length = holdFor(type, snapshot, () => chance)
  expect(length === null ? null : Math.round(length / minutes(0.001)) / 1_000).toBe(held)
})

test('where an outage is can be read from its placement, and is no placement of a home', () => {
  expect(outageAt(outagePlacement('mains-lost', '330102001'))).toEqual({ folds: 'mains-lost', where: '330102001' })
  expect(outageAt(outagePlacement('gateway-silent', 'demo-centre'))).toEqual({
    folds: 'gateway-silent',
    where: 'demo-centre',
  })
  expect(outageAt('bathroom-sos')).toBeUndefined()
})
