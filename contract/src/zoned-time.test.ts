import { expect, test } from 'vitest'
import { formatInstant, instant, parseInstant } from './time.ts'
import { dayAfter, instantAt, isTimeZone, wallClock, weekdayOf } from './zoned-time.ts'

const minuteOf = (time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

test.for([
  ['Asia/Shanghai', '2026-03-09', '00:00', '2026-03-08T16:00:00.000Z'],
  ['America/New_York', '2026-03-08', '01:59', '2026-03-08T06:59:00.000Z'],
  ['America/New_York', '2026-03-08', '02:00', '2026-03-08T07:00:00.000Z'], // skipped: the moment of the change
  ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:00:00.000Z'],
  ['America/New_York', '2026-03-08', '03:00', '2026-03-08T07:00:00.000Z'],
  ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z'], // twice: the first one
  ['America/New_York', '2026-11-01', '02:00', '2026-11-01T07:00:00.000Z'],
  ['Europe/London', '2026-03-29', '01:15', '2026-03-29T01:00:00.000Z'],
  ['Europe/London', '2026-10-25', '01:15', '2026-10-25T00:15:00.000Z'],
  ['America/Sao_Paulo', '2018-11-04', '00:00', '2018-11-04T03:00:00.000Z'], // midnight itself does not exist
  ['America/St_Johns', '2010-11-07', '00:00', '2010-11-07T02:30:00.000Z'], // at 00:01 the day before comes back
  ['Pacific/Apia', '2011-12-30', '12:00', '2011-12-30T10:00:00.000Z'], // a day that never was
  ['Asia/Kathmandu', '2026-01-01', '05:45', '2026-01-01T00:00:00.000Z'],
] as const)('in %s, %s %s is %s', ([zone, date, time, at]) => {
  expect(formatInstant(instantAt(date, minuteOf(time), zone))).toBe(at)
})

test.for(['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Shanghai'])(
  'in %s what is later on the wall is never earlier in truth, and the wall shows what was asked for or something later',
  (zone) => {
    let last = Number.NEGATIVE_INFINITY
    for (let date = '2026-01-01'; date < '2027-01-01'; date = dayAfter(date))
      for (let minute = 0; minute < 24 * 60; minute += 30) {
        const at = instantAt(date, minute, zone)
        expect(at).toBeGreaterThanOrEqual(last)
        last = at
        const shown = wallClock(at, zone)
        expect(shown.date > date || (shown.date === date && shown.minute >= minute)).toBe(true)
        // And nothing earlier would have done.
        const before = wallClock(instant(at - 60_000), zone)
        expect(before.date < date || (before.date === date && before.minute < minute)).toBe(true)
      }
  },
)

test('days have names, and zones exist or do not', () => {
  expect([weekdayOf('2026-03-09'), weekdayOf('2026-03-15')]).toEqual([1, 7])
  expect(dayAfter('2026-02-28')).toBe('2026-03-01')
  expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28')
  expect([isTimeZone('Asia/Shanghai'), isTimeZone('Mars/Olympus')]).toEqual([true, false])
  expect(wallClock(parseInstant('2026-03-08T16:00:00Z'), 'Asia/Shanghai')).toEqual({ date: '2026-03-09', minute: 0 })
})
