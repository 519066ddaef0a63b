import { instant } from '@anju/contract'
import { wallClock } from '@anju/contract/zoned-time'
import type { LocalHour } from './questions.ts'

/** Wherever clocks are set, they have been set at and by quarters of an hour for as long as anything measures. */
const quarterMs = 900_000

/**
 * The hours on the wall clock of a zone that cover [from, to). An hour that comes twice is one of twice the length, one that
 * the clocks skip is not there; where the clocks move by half an hour, one is longer or shorter by that.
 */
export function localHoursOf(from: number, to: number, timeZone: string): LocalHour[] {
  const hours: LocalHour[] = []
  for (let at = Math.floor(from / quarterMs) * quarterMs; at < to; at += quarterMs) {
    const hour = Math.floor(wallClock(instant(at), timeZone).minute / 60)
    if (hours.at(-1)?.hour !== hour) hours.push({ at, hour })
  }
  return hours
}
