import type { Brand } from './brands.ts'
import { DomainError } from './errors.ts'

/** Milliseconds since the epoch, UTC. */
export type Instant = Brand<number, 'Instant'>
/** A length of time in milliseconds. */
export type Millis = Brand<number, 'Millis'>
/** Milliseconds of a clock that never jumps; comparable only within one process. */
export type Monotonic = Brand<number, 'Monotonic'>

export const millis = (n: number): Millis => n as Millis
export const seconds = (n: number): Millis => (n * 1_000) as Millis
export const minutes = (n: number): Millis => (n * 60_000) as Millis
export const hours = (n: number): Millis => (n * 3_600_000) as Millis
export const days = (n: number): Millis => (n * 86_400_000) as Millis

export const instant = (epochMs: number): Instant => epochMs as Instant
export const plus = (at: Instant, length: Millis): Instant => (at + length) as Instant
export const between = (from: Instant, to: Instant): Millis => (to - from) as Millis
export const elapsed = (from: Monotonic, to: Monotonic): Millis => (to - from) as Millis

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** What RFC 3339 in UTC and PostgreSQL can both write: the years 1 to 9999. */
export const INSTANT_MIN = -62_135_596_800_000 as Instant
export const INSTANT_MAX = 253_402_300_799_999 as Instant

/** Nothing of ours is older: a wall clock that shows less has not been set since the power came back. */
export const EARLIEST_CREDIBLE = Date.UTC(2025, 0, 1) as Instant

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

/** `text[from, to)` as a number; NaN when it is not digits all the way. */
function digits(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

const epochDay = INSTANT_MIN / 86_400_000

/**
 * The form we write ourselves, by hand: a message carries several, and `Date.parse` costs more than all the rest of reading
 * it. NaN for every other form and for what is no date; the long way then says which.
 */
function ours(text: string): number {
  if (text.length !== 24 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return Number.NaN
  if (text[13] !== ':' || text[16] !== ':' || text[19] !== '.' || text[23] !== 'Z') return Number.NaN
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  const sound = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
  if (!sound || hour > 23 || minute > 59 || second > 59) return Number.NaN
  // Whole years since the year 1, then the months before this one in a year that begins in March.
  const past = month > 2 ? year : year - 1
  const daysOfYears = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  const daysOfMonths = Math.floor((153 * ((month + 9) % 12) + 2) / 5)
  const days = epochDay + daysOfYears + daysOfMonths + day - 307
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + digits(text, 20, 23)
}

/** @throws DomainError `time-malformed` for anything that is not an RFC 3339 date-time, or names a day that never was. */
export function parseInstant(text: string): Instant {
  const known = ours(text)
  if (!Number.isNaN(known)) return known as Instant
  const [, year = '', month = '', day = '', hour = ''] = RFC3339.exec(text) ?? []
  const epochMs = year === '' ? Number.NaN : Date.parse(text)
  // Date.parse turns 30 February into 1 March, and 24:00 into the next day.
  const inRange = epochMs >= INSTANT_MIN && epochMs <= INSTANT_MAX && hour < '24'
  if (!inRange || (day > '28' && Number(day) > daysIn(Number(year), Number(month))))
    throw new DomainError('time-malformed', 'not an RFC 3339 instant', { text: text.slice(0, 40) })
  return epochMs as Instant
}

/** Whether `parseInstant` would take it. */
export function isInstantText(text: string): boolean {
  try {
    parseInstant(text)
    return true
  } catch {
    return false
  }
}

/** RFC 3339 in UTC with milliseconds: the only form on our wires. */
export const formatInstant = (at: Instant): string => new Date(at).toISOString()

export interface Timer {
  cancel(): void
}

/** Everything that depends on time takes one of these. The system's is an adapter; tests drive a `VirtualClock`. */
export interface Clock {
  now(): Instant
  monotonic(): Monotonic
  /** Runs `task` once, after `delay`. Errors of the task are the task's own business. */
  after(delay: Millis, task: () => void): Timer
  /** Runs `task` every `period`, first after one period, until cancelled. */
  every(period: Millis, task: () => void): Timer
}

/** Resolves after `delay`, or at once when `signal` aborts; never rejects. */
export function sleep(clock: Clock, delay: Millis, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      timer.cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.after(delay, done)
    signal?.addEventListener('abort', done, { once: true })
  })
}
