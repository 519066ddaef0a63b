/** `YYMMDDhhmmssX` */
const printedChars = 13
const SUMMER = 'S'
const WINTER = 'W'

/**
 * `YYMMDDhhmmssX` in local time, X saying summer (S, +02:00) or winter (W, +01:00), as milliseconds since 1970. Null without
 * the letter (an hour may be meant twice) and for dates that never were: a meter behind a new battery prints 632525252525.
 */
export function epochOf(printed: string | undefined): number | null {
  if (printed?.length !== printedChars) return null
  const season = printed.charAt(printedChars - 1)
  if (season !== SUMMER && season !== WINTER) return null
  const year = two(printed, 0)
  const month = two(printed, 2)
  const day = two(printed, 4)
  const hour = two(printed, 6)
  const minute = two(printed, 8)
  const second = two(printed, 10)
  if (year < 0 || month < 1 || month > 12 || hour < 0 || hour > 23) return null
  if (minute < 0 || minute > 59 || second < 0 || second > 59) return null
  // 1970 is what a clock says that was never set; a meter of 2070 is somebody else's.
  const fullYear = (year >= 70 ? 1_900 : 2_000) + year
  if (day < 1 || day > daysIn(fullYear, month)) return null
  return Date.UTC(fullYear, month - 1, day, hour - (season === SUMMER ? 2 : 1), minute, second)
}

/** Two digits; below zero when they are none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}
const ZERO = 0x30

/** Of the years from 1970 to 2069, in which every fourth is a leap year. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
