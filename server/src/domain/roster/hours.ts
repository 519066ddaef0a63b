import type { Instant } from '@anju/contract'
import { dayAfter, instantAt, type LocalDate, wallClock, weekdayOf } from '@anju/contract/zoned-time'
import { contains, type Span } from './span.ts'

/** The same every week, by the clock on the wall. */
export interface WeeklyHours {
  /** The days on which it begins; 1 is Monday. */
  readonly days: readonly number[]
  /** Minutes after midnight. */
  readonly fromMinute: number
  /** At or before `fromMinute` it is on the next day: the same time means 24 hours. */
  readonly toMinute: number
}

/** `HH:MM` (or PostgreSQL's `HH:MM:SS`) as minutes after midnight. */
export function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}
/** Minutes after midnight as `HH:MM`. */
export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** As people write it and the database keeps it. */
export const weeklyOf = (hours: { readonly days: readonly number[]; readonly from: string; readonly to: string }) => ({
  days: hours.days,
  fromMinute: minuteOf(hours.from),
  toMinute: minuteOf(hours.to),
})

/**
 * What begins on that day, as instants. Both ends are read from the wall, so a night from 22:00 to 06:00 has seven hours when
 * the clocks go forward and nine when they go back, and whoever comes next begins exactly when it ends.
 */
export function occurrenceOn(hours: WeeklyHours, date: LocalDate, timeZone: string): Span | undefined {
  if (!hours.days.includes(weekdayOf(date))) return undefined
  const endsOn = hours.toMinute > hours.fromMinute ? date : dayAfter(date)
  return {
    from: instantAt(date, hours.fromMinute, timeZone),
    to: instantAt(endsOn, hours.toMinute, timeZone),
  }
}

/** Which days can be under way at an instant. The day after, too: where clocks go back over midnight, yesterday comes again. */
export function daysAround(at: Instant, timeZone: string): LocalDate[] {
  const { date } = wallClock(at, timeZone)
  return [dayAfter(date, -1), date, dayAfter(date)]
}

export function covers(hours: WeeklyHours, at: Instant, timeZone: string): boolean {
  return daysAround(at, timeZone).some((date) => {
    const span = occurrenceOn(hours, date, timeZone)
    return span !== undefined && contains(span, at)
  })
}

/** Null: always. */
export const isWithin = (hours: readonly WeeklyHours[] | null, at: Instant, timeZone: string): boolean =>
  hours === null || hours.some((one) => covers(one, at, timeZone))
