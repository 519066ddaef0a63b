import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  between,
  formatInstant,
  hours,
  INSTANT_MAX,
  INSTANT_MIN,
  instant,
  isInstantText,
  minutes,
  parseInstant,
  plus,
  seconds,
  sleep,
} from './time.ts'
import { VirtualClock } from './virtual-clock.ts'

describe('an instant', () => {
  test.for([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-04-17T23:33:22+08:00', Date.UTC(2026, 3, 17, 15, 33, 22)],
    ['2024-02-29T12:00:00.123456789Z', Date.UTC(2024, 1, 29, 12, 0, 0, 123)],
    ['2026-12-31T23:59:59.5-00:30', Date.UTC(2027, 0, 1, 0, 29, 59, 500)],
    ['2024-02-29T12:00:00.123Z', Date.UTC(2024, 1, 29, 12, 0, 0, 123)],
    ['2000-03-01T00:00:00.000Z', Date.UTC(2000, 2, 1)],
    ['0001-01-01T00:00:00Z', INSTANT_MIN],
    ['9999-12-31T23:59:59.999Z', INSTANT_MAX],
  ] as const)('%s', ([text, epochMs]) => {
    expect(parseInstant(text)).toBe(epochMs)
    expect(isInstantText(text)).toBe(true)
  })

  test.for([
    '',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T00:00:00+25:00',
    '2026-01-01T00:00:00.1234567890Z',
    // The same in the form we write ourselves, which is read by hand.
    '2026-13-01T00:00:00.000Z',
    '2026-00-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z',
    '2025-02-29T00:00:00.000Z',
    '1900-02-29T00:00:00.000Z',
    '2026-04-00T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T23:60:00.000Z',
    '2026-01-01T23:59:60.000Z',
    '2026-01-01T23:59:5x.000Z',
    '2026-01-01T23:59:59.0 0Z',
    '2026-01-01 23:59:59.000Z',
    '0000-01-01T00:00:00.000Z',
    '0000-01-01T00:00:00Z', // no calendar of a database has a year 0
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '+010000-01-01T00:00:00Z',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    '1700000000000',
  ])('%o is none', (text) => {
    expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: 'time-malformed' }) as Error)
    expect(isInstantText(text)).toBe(false)
  })

  test('is written as it is read', () => {
    fc.assert(
      fc.property(fc.integer({ min: INSTANT_MIN, max: INSTANT_MAX }), (epochMs) => {
        const text = formatInstant(instant(epochMs))
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
        expect(parseInstant(text)).toBe(epochMs)
      }),
    )
  })
})

test('lengths add up', () => {
  expect(minutes(1)).toBe(seconds(60))
  expect(hours(1)).toBe(minutes(60))
  expect(plus(instant(1_000), seconds(2))).toBe(3_000)
  expect(between(instant(1_000), instant(3_000))).toBe(seconds(2))
})

describe('sleep', () => {
  test('lasts exactly as long as asked', async () => {
    const clock = new VirtualClock(instant(0))
    let awake = false
    void sleep(clock, seconds(10)).then(() => (awake = true))
    await clock.pass(seconds(9.999))
    expect(awake).toBe(false)
    await clock.pass(seconds(0.001))
    expect(awake).toBe(true)
  })

  test('ends at once when it is called off, and leaves no timer', async () => {
    const clock = new VirtualClock(instant(0))
    const control = new AbortController()
    const sleeping = sleep(clock, hours(10), control.signal)
    control.abort()
    await sleeping
    await sleep(clock, hours(10), control.signal)
    expect(clock.monotonic()).toBe(0)
  })
})
