import type { Hours } from '@anju/contract/api'
import type { Fault } from './fault.ts'
import { wallTime } from './wall-time.ts'

/** Hours of the week as they stand in a form; times as they were typed. */
export interface HoursLine {
  readonly key: string
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
}
/** Null: at any hour. */
export type HoursDraft = readonly HoursLine[] | null

export const hoursLinesMax = 21

export const hoursDraftOf = (hours: readonly Hours[] | null): HoursDraft =>
  hours && hours.map((one, index) => ({ key: String(index), ...one }))

const workingHours: Hours = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }

export const aLine = (lines: readonly HoursLine[], fresh = workingHours): HoursLine => ({
  key: String(Math.max(-1, ...lines.map(({ key }) => Number(key))) + 1),
  ...fresh,
})

/** What is wrong with days and times, at `<place>days`, `<place>from`, `<place>to`. */
export function timeFaults(place: string, { days, from, to }: Omit<HoursLine, 'key'>): Fault[] {
  const faults: Fault[] = []
  if (days.length === 0) faults.push({ at: `${place}days`, says: 'duty.days-missing' })
  if (wallTime(from) === undefined) faults.push({ at: `${place}from`, says: 'duty.time-wrong' })
  if (wallTime(to) === undefined) faults.push({ at: `${place}to`, says: 'duty.time-wrong' })
  return faults
}

export const placeOfLine = (key: string): string => `hours/${key}/`

export function hoursFaults(hours: HoursDraft): Fault[] {
  if (hours === null) return []
  // Never is not an hour: who cannot be sent any more is removed.
  if (hours.length === 0) return [{ at: 'hours', says: 'staff.hours-missing' }]
  return hours.flatMap((line) => timeFaults(placeOfLine(line.key), line))
}

export const hoursOf = (hours: HoursDraft): Hours[] | null =>
  hours &&
  hours.map(({ days, from, to }) => ({
    days: [...days].sort((a, b) => a - b),
    from: wallTime(from) ?? from,
    to: wallTime(to) ?? to,
  }))
