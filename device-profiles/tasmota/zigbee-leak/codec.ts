import { type Reading, reading } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

/** `Water` where the version knows it; else the zone's alarm, which for this sensor is water. */
export function leakOf({ frame, readings }: Told): Reading | undefined {
  const known = readings.find(({ point }) => point === 'water-leak')?.reading
  if (known) return known
  return typeof frame.alarm === 'boolean' ? reading(frame.alarm) : undefined
}
