import type { Contact, Hours } from '@anju/contract/api'
import type { Instant } from '@anju/contract/time'
import { dayAfter, wallClock, weekdayOf } from '@anju/contract/zoned-time'

/** Whether they asked not to be called at this hour, by the clock on the home's wall. Null: they may be called always. */
export function isQuiet(hours: Contact['hours'], at: number, timeZone: string): boolean {
  if (!hours) return false
  const { date, minute } = wallClock(at as Instant, timeZone)
  const today = weekdayOf(date)
  const yesterday = weekdayOf(dayAfter(date, -1))
  return !hours.some(({ days, from, to }) => {
    const [begins, ends] = [minuteOf(from), minuteOf(to)]
    if (ends > begins) return days.includes(today) && minute >= begins && minute < ends
    // It goes on into the next day.
    return (days.includes(today) && minute >= begins) || (days.includes(yesterday) && minute < ends)
  })
}

const weekdays = new Map<string, Intl.DateTimeFormat>()

/** A format costs more to make than all that it will ever say; there are as many as languages. */
function weekdaysIn(locale: string): Intl.DateTimeFormat {
  let named = weekdays.get(locale)
  if (!named) weekdays.set(locale, (named = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })))
  return named
}

/** `Mon–Fri 18:00–22:00, Sat Sun 09:00–21:00`; the days are left out where it is every day. */
export function hoursText(hours: readonly Hours[], locale: string): string {
  // 1 January 2024 was a Monday.
  const dayName = (day: number) => weekdaysIn(locale).format(Date.UTC(2024, 0, day))
  return hours
    .map(({ days, from, to }) => {
      const runs = days.length === 7 ? [] : runsOf(days)
      const when = runs.map(([first, last]) => (first === last ? dayName(first) : `${dayName(first)}–${dayName(last)}`))
      return [...when, `${from}–${to}`].join(' ')
    })
    .join(', ')
}

function runsOf(days: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = []
  for (const day of days.toSorted((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run && run[1] === day - 1) run[1] = day
    else runs.push([day, day])
  }
  return runs
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

/** `350 m`, `1.2 km`. */
export const distanceText = (metres: number): string =>
  metres < 1_000 ? `${metres} m` : `${(metres / 1_000).toFixed(metres < 10_000 ? 1 : 0)} km`
