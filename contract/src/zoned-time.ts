import { type Instant, instant } from './time.ts'

/** A calendar day somewhere: `2026-03-08`. */
export type LocalDate = string

interface WallClock {
  readonly date: LocalDate
  /** Minutes after local midnight as the kitchen clock shows them, fractions included. */
  readonly minute: number
}

const dayMs = 86_400_000
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
 * The first instant at which the wall clock shows `minute` minutes after midnight of `date`, or anything later. So an hour that
 * daylight saving skips is the moment of the change, of an hour that happens twice the first one counts, and what is later on
 * the wall is never earlier in truth: what ends at a time and what begins at it always touch.
 */
export function instantAt(date: LocalDate, minute: number, timeZone: string): Instant {
  const key = `${date} ${minute} ${timeZone}`
  const known = found.get(key)
  if (known !== undefined) return known
  if (found.size >= foundMax) found.clear()
  const at = firstInstantAt(date, minute, timeZone)
  found.set(key, at)
  return at
}
/** A rota asks for the same few edges of the same few days over and over, and asking a calendar costs microseconds. */
const found = new Map<string, Instant>()
const foundMax = 4_096

function firstInstantAt(date: LocalDate, minute: number, timeZone: string): Instant {
  const wanted = Date.parse(`${date}T00:00:00Z`) + Math.round(minute * 60_000)
  // No zone changes twice within two days: one of these offsets is in force at the instant we look for.
  const before = offsetAt(wanted - dayMs, timeZone)
  const after = offsetAt(wanted + dayMs, timeZone)
  const early = wanted - Math.max(before, after)
  const late = wanted - Math.min(before, after)
  for (const candidate of [early, late])
    if (candidate + offsetAt(candidate, timeZone) === wanted) return instant(candidate)
  return changeBetween(early, late, before, timeZone)
}

/** The wall clock never shows it: it was set forward somewhere in between. */
function changeBetween(from: number, to: number, before: number, timeZone: string): Instant {
  let [low, high] = [from, to]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle, timeZone) === before) low = middle
    else high = middle
  }
  return instant(high)
}

/** How far the wall clock is ahead of UTC, in milliseconds. */
export function offsetAt(epochMs: number, timeZone: string): number {
  const { date, minute } = wallClock(instant(epochMs), timeZone)
  const shown = Date.parse(`${date}T00:00:00Z`) + Math.round(minute * 60_000)
  return shown - Math.floor(epochMs / 1_000) * 1_000
}

export function dayAfter(date: LocalDate, days = 1): LocalDate {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** 1 is Monday, 7 is Sunday. */
export const weekdayOf = (date: LocalDate): number => new Date(`${date}T12:00:00Z`).getUTCDay() || 7

/** Whether the clocks of that zone are known here. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone)
    return true
  } catch {
    return false
  }
}
