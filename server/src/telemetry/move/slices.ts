import type { Millis } from '@anju/contract'
import { influxTimes } from '../influx/line-protocol.ts'
import { stepsOf } from '../steps.ts'

/** Epoch ms; `end` is not in it. */
export interface Slice {
  readonly begin: number
  readonly end: number
}
const daysAtOnce = 7
const day = 86_400_000
/** So many days are looked up in the calendar of a zone at once. */
const calendarDays = 1_000

export function slicesOf(begin: number, end: number, length: Millis): Slice[] {
  const slices: Slice[] = []
  for (let at = begin; at < end; at += length) slices.push({ begin: at, end: Math.min(at + length, end) })
  return slices
}

/** The first step that is kept whole, and for some minutes still. */
export function wholeAfter(now: number, kept: Millis | undefined, step: Millis): number {
  return kept === undefined ? influxTimes.earliest : Math.ceil((now - kept) / step) * step + 2 * step
}

/** Weeks of whole days of a zone: from the day of `begin`, or the first that is kept whole, to the end of yesterday. */
export function daySlices(begin: number, keptFrom: number, now: number, zone: string): Slice[] {
  const starts: number[] = []
  for (let from = begin; from <= now; from += calendarDays * day)
    for (const at of stepsOf(from, Math.min(from + calendarDays * day, now + 1), { everyS: 86_400, days: 1 }, zone))
      if (at >= keptFrom && at > (starts.at(-1) ?? Number.NEGATIVE_INFINITY)) starts.push(at)
  const slices: Slice[] = []
  for (let index = 0; index + 1 < starts.length; index += daysAtOnce) {
    const end = starts[Math.min(index + daysAtOnce, starts.length - 1)] as number
    slices.push({ begin: starts[index] as number, end })
  }
  return slices
}
