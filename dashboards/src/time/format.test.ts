import { expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { sinceEvent } from './alarm-age.ts'
import { clockTime, day, dayTime, span } from './format.ts'

test.for([
  [0, '00:00:00'],
  [-5_000, '00:00:00'],
  [74_900, '00:01:14'],
  [86_399_999, '23:59:59'],
  [90_061_000, '1d 01:01:01'],
] as const)('%i ms reads %s', ([ms, text]) => {
  expect(span(ms)).toBe(text)
})

test('time is the home’s, 24 h, and midnight is 00', () => {
  expect(clockTime('2026-01-05T16:00:00.000Z', 'Asia/Shanghai')).toBe('00:00:00')
  expect(dayTime('2026-01-05T16:00:01.000Z', 'Asia/Shanghai')).toBe('01-06 00:00:01')
})

test('a day is the home’s, too', () => {
  expect(day('2026-01-05T16:00:00.000Z', 'Asia/Shanghai')).toBe('2026-01-06')
})

test('the age of an alarm does not ask the device’s clock', () => {
  const alarm = anAlarm({ firstAt: '1970-01-01T00:00:03.000Z', lateByS: 3_600 })
  expect(sinceEvent(alarm, Date.parse(alarm.receivedAt) + 5_000)).toBe(3_605_000)
})
