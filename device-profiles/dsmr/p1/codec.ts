import { absent, hours, type Reading } from '@anju/contract'
import type { P1Telegram } from '../../protocols/dsmr-p1/framing.ts'
import { epochOf } from '../../protocols/dsmr-p1/printed-time.ts'
import { metersBehind, readingBehind, type SubMeter, setsOf, TIME } from '../../protocols/dsmr-p1/sub-meters.ts'
import { electricityMeasures, registersSpoken } from '../../src/electricity-measures.ts'
import type { Decoded, Measures } from '../../src/profile.ts'

const behindMeasures = {
  'gas-volume': { quantity: 'gas-volume', name: 'Gas, total' },
  'water-volume': { quantity: 'water-volume', name: 'Water, total' },
  'warm-water-volume': { quantity: 'water-volume', name: 'Warm water, total' },
  'heat-energy': { quantity: 'heat-energy', name: 'Heat, total' },
} as const satisfies Measures
export const p1Measures = { ...electricityMeasures, ...behindMeasures }
type Point = keyof typeof p1Measures

export function decode(telegram: P1Telegram): Decoded<Point> {
  const { first } = setsOf(telegram)
  const now = epochOf(first.get(TIME)?.value)
  const readings: Partial<Record<Point, Reading>> = registersSpoken(electricityMeasures, first.values())
  // Of two meters of one kind the first counts: the other is behind it, or was taken away.
  const meters = metersBehind(first).toReversed()
  for (const meter of meters) {
    const behind = isStale(meter, now) ? readingBehind(meter) : undefined
    if (behind) readings[behind.point] = absent('not-reported')
  }
  for (const meter of meters) {
    const behind = isStale(meter, now) ? undefined : readingBehind(meter)
    if (behind) readings[behind.point] = behind.reading
  }
  return { readings, events: [] }
}

/** Gas comes hourly or every five minutes (DSMR 5.0.2 §6.12), water and heat at least once a day. */
const ageMax = (type: number | null) => (type === GAS ? hours(4) : hours(25))
const GAS = 3

/**
 * The electricity meter repeats what a meter behind it said last for as long as that one is silent, with the time of then: a
 * reading so old is none. Without a time there is nothing to judge by.
 */
function isStale({ type, reads }: SubMeter, now: number | null): boolean {
  if (typeof reads?.time !== 'number' || now === null) return false
  return now - reads.time > ageMax(type)
}
