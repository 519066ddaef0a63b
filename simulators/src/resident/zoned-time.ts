import { type Instant, instant } from '@anju/contract'

/** A calendar day where the resident lives: `2026-03-08`. */
export type LocalDate = string

interface WallClock {
  readonly date: LocalDate
  /** Minutes after local midnight as the kitchen clock shows them, fractions included. */
  readonly minute: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, format)
  return format
}

/** What the clock and the calendar on the wall say at an instant. @throws RangeError for a time zone that does not exist. */
export function wallClock(at: Instant, timeZone: string): WallClock {
  const part: Record<string, string> = {}
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) part[type] = value
  const minute = Number(part['hour']) * 60 + Number(part['minute']) + Number(part['second']) / 60
  return { date: `${part['year']}-${part['month']}-${part['day']}`, minute }
}

/**
 * The instant at which the wall clock shows `minute` minutes after midnight of `date`. An hour that daylight saving skips is
 * read as the hour after it; of an hour that happens twice, one is taken, and always the same.
 */
export function instantAt(date: LocalDate, minute: number, timeZone: string): Instant {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minute * 60_000
  let guess = wanted
  // Two corrections are enough: the second sees the offset that is in force at the corrected instant.
  for (let round = 0; round < 2; round++) {
    const shown = wallClock(instant(guess), timeZone)
    const shownAsUtc = Date.parse(`${shown.date}T00:00:00Z`) + shown.minute * 60_000
    guess += wanted - shownAsUtc - (guess % 1_000)
  }
  return instant(guess)
}

export function dayAfter(date: LocalDate, days = 1): LocalDate {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
