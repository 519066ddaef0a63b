/** A time of the day as people type it: `3:00`, `0300`, `03：00`. @returns `HH:MM`; undefined: it is none. */
export function wallTime(typed: string): string | undefined {
  const [, hour = '', minute = ''] = /^\s*(\d{1,2})[:：.]?(\d{2})\s*$/.exec(typed) ?? []
  if (hour === '' || Number(minute) > 59) return undefined
  // Midnight at the end of a day is written both ways.
  if (Number(hour) === 24 && Number(minute) === 0) return '00:00'
  return Number(hour) > 23 ? undefined : `${hour.padStart(2, '0')}:${minute}`
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
/** What ends at or before its beginning ends on the next day; the same time is 24 hours. */
export const endsNextDay = (from: string, to: string): boolean => minuteOf(to) <= minuteOf(from)
