import { absent, hours, type Reading } from '@anju/contract'
import type { P1Telegram } from '../../protocols/dsmr-p1/framing.ts'
import { metersBehind, readingBehind, type SubMeter, tellTelegram } from '../../protocols/dsmr-p1/tell.ts'
import { electricityMeasures, spokenOf } from '../../src/electricity-measures.ts'
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
  const { time, meters } = metersBehind(telegram)
  const fresh = spokenOf(behindMeasures, readings(meters.filter((meter) => !isStale(meter, time))))
  const stale = spokenOf(behindMeasures, readings(meters.filter((meter) => isStale(meter, time))))
  const silent = Object.fromEntries(
    Object.keys(stale).map((point): [string, Reading] => [point, absent('not-reported')]),
  )
  const own = spokenOf(electricityMeasures, tellTelegram(telegram).readings)
  return { readings: { ...own, ...silent, ...fresh }, events: [] }
}

/** Of two meters of one kind the first counts: the other is behind it, or was taken away. */
const readings = (meters: readonly SubMeter[]) => meters.toReversed().flatMap((meter) => readingBehind(meter) ?? [])

/** Gas comes hourly or every five minutes (DSMR 5.0.2 §6.12), water and heat at least once a day. */
const ageMax = (type: number | null) => (type === GAS ? hours(4) : hours(25))
const GAS = 3

/**
 * The electricity meter repeats what a meter behind it said last for as long as that one is silent, with the time of then: a
 * reading so old is none. Without a time there is nothing to judge by.
 */
function isStale({ type, reads }: SubMeter, now: string | null): boolean {
  if (!reads?.time || now === null) return false
  return Date.parse(now) - Date.parse(reads.time) > ageMax(type)
}
