import { expect, test } from 'vitest'
import { distanceText, hoursText, isQuiet } from './contact-hours.ts'

const evenings = { days: [1, 2, 3, 4, 5], from: '18:00', to: '22:00' }
const nights = { days: [5], from: '22:00', to: '06:00' }
const shanghai = 'Asia/Shanghai'
/** 2026-01-05 is a Monday; the time is the one on the wall in Shanghai. */
const at = (day: number, time: string) => Date.parse(`2026-01-0${day}T${time}:00+08:00`)

test.for([
  ['on a Monday evening', [evenings], at(5, '18:00'), false],
  ['a minute before', [evenings], at(5, '17:59'), true],
  ['when it ends', [evenings], at(5, '22:00'), true],
  ['on a Saturday evening', [evenings], at(3, '19:00'), true],
  ['in the night that began on Friday', [nights], at(3, '05:59'), false],
  ['in the morning after it', [nights], at(3, '06:00'), true],
  ['in the night before', [nights], at(2, '05:00'), true],
  ['who works nights and has evenings, on a Friday at 23:00', [evenings, nights], at(2, '23:00'), false],
  ['who said nothing of hours', null, at(5, '03:00'), false],
] as const)('%s: quiet is %s', ([, hours, now, quiet]) => {
  expect(isQuiet(hours && hours.map((one) => ({ ...one, days: [...one.days] })), now, shanghai)).toBe(quiet)
})

test('it is the clock in the home that counts, not the one at the seat', () => {
  expect(isQuiet([evenings], at(5, '18:30'), shanghai)).toBe(false)
  expect(isQuiet([evenings], at(5, '18:30'), 'Europe/Berlin')).toBe(true)
})

test('hours and distances as they are read', () => {
  expect(hoursText([evenings, { days: [7, 6, 3], from: '09:00', to: '21:00' }], 'en')).toBe(
    'Mon–Fri 18:00–22:00, Wed Sat–Sun 09:00–21:00',
  )
  expect(hoursText([{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '20:00' }], 'zh-CN')).toBe('08:00–20:00')
  expect(hoursText([evenings], 'zh-CN')).toBe('周一–周五 18:00–22:00')
  expect([350, 999, 1_200, 12_400].map(distanceText)).toEqual(['350 m', '999 m', '1.2 km', '12 km'])
})
