import { type Reading, reading } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

/** `Contact` where the version knows it; else the zone's alarm, which for a contact is "open". */
export function contactOf({ frame, readings }: Told): Reading | undefined {
  const known = readings.find(({ point }) => point === 'contact')?.reading
  if (known) return known
  return typeof frame.alarm === 'boolean' ? reading(!frame.alarm) : undefined
}
