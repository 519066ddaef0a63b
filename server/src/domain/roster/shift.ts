import type { Instant } from '@anju/contract'
import type { ShiftKind } from '@anju/contract/api'
import { dayAfter, instantAt, type LocalDate, wallClock } from '@anju/contract/zoned-time'
import { daysAround, occurrenceOn, type WeeklyHours } from './hours.ts'
import { contains, type Span } from './span.ts'

/** Who is on duty, week by week, between the first and the last day on which it begins. */
export interface Shift extends WeeklyHours {
  readonly kind: ShiftKind
  readonly seat: string | null
  readonly timeZone: string
  readonly validFrom: LocalDate
  readonly validTo: LocalDate | null
}

const isValidOn = ({ validFrom, validTo }: Shift, date: LocalDate): boolean =>
  validFrom <= date && (validTo === null || date <= validTo)

const dutyOn = (shift: Shift, date: LocalDate): Span | undefined =>
  isValidOn(shift, date) ? occurrenceOn(shift, date, shift.timeZone) : undefined

export const isOnDuty = (shift: Shift, at: Instant): boolean =>
  daysAround(at, shift.timeZone).some((date) => {
    const duty = dutyOn(shift, date)
    return duty !== undefined && contains(duty, at)
  })

/** When somebody is on duty in a window, in order. */
export function dutiesIn(shift: Shift, window: Span): Span[] {
  const found: Span[] = []
  const last = dayAfter(wallClock(window.to, shift.timeZone).date)
  for (let date = dayAfter(wallClock(window.from, shift.timeZone).date, -1); date <= last; date = dayAfter(date)) {
    const duty = dutyOn(shift, date)
    if (duty && duty.from < window.to && window.from < duty.to) found.push(duty)
  }
  return found
}

/**
 * When a shift belongs to a plan that is in force. A plan that has run out, or has not begun, plans nothing: whoever asks for the
 * people on shift must not find nobody because somebody once had a plan.
 */
export function inForce({ validFrom, validTo, timeZone }: Shift): Span {
  return {
    from: instantAt(validFrom, 0, timeZone),
    to: validTo === null ? (Number.MAX_SAFE_INTEGER as Instant) : instantAt(dayAfter(validTo), 0, timeZone),
  }
}
