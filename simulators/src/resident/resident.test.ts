import { between, days, hours, type Instant, minutes, parseInstant, plus } from '@anju/contract'
import { dayAfter, instantAt, wallClock } from '@anju/contract/zoned-time'
import { describe, expect, test } from 'vitest'
import { loadOf } from './appliances.ts'
import { dayOf } from './day.ts'
import { Household } from './household.ts'
import { mainsAt } from './mains.ts'

const zone = 'Asia/Shanghai'
const date = '2026-03-09'
const seeds = [1, 7, 82, 4_711, 99_999]
const dates = Array.from({ length: 20 }, (_, index) => dayAfter(date, index))

describe('a day', () => {
  test('is the same for the same seed and another for another', () => {
    expect(dayOf(82, date, zone)).toEqual(dayOf(82, date, zone))
    expect(dayOf(82, date, zone)).not.toEqual(dayOf(83, date, zone))
    expect(dayOf(82, date, zone)).not.toEqual(dayOf(82, dayAfter(date), zone))
  })

  test.for(seeds)('of seed %i leaves no moment uncovered, also when the clocks change', (seed) => {
    for (const [timeZone, day] of [
      [zone, date],
      ['Europe/Berlin', '2026-03-29'],
      ['Europe/Berlin', '2026-10-25'],
      ['America/Sao_Paulo', '2018-11-04'], // midnight itself does not exist
    ] as const) {
      const activities = dayOf(seed, day, timeZone)
      expect(activities[0]?.from).toBe(instantAt(day, 0, timeZone))
      expect(activities.at(-1)?.to).toBe(instantAt(dayAfter(day), 0, timeZone))
      for (const [index, activity] of activities.entries()) {
        expect(activity.to).toBeGreaterThan(activity.from)
        expect(activities[index + 1]?.from ?? activity.to).toBe(activity.to)
      }
    }
  })

  test.for(seeds)(
    'of seed %i has a night with the toilet in it, meals, and an evening before the television',
    (seed) => {
      for (const day of dates) {
        const activities = dayOf(seed, day, zone)
        const minuteOf = (at: Instant) => wallClock(at, zone).minute
        const night = activities.filter(({ from }) => minuteOf(from) < 5 * 60)
        expect(night.some(({ kind }) => kind === 'toilet')).toBe(true)
        expect(night.every(({ kind }) => kind === 'sleeping' || kind === 'toilet')).toBe(true)
        expect(activities.filter(({ kind }) => kind === 'cooking')).toHaveLength(3)
        expect(activities.some(({ kind, from }) => kind === 'watching-tv' && minuteOf(from) > 18 * 60)).toBe(true)
        expect(activities.at(-1)?.kind).toBe('sleeping')
      }
    },
  )
})

describe('the load', () => {
  test.for(seeds)('of seed %i is quiet at night and lively in the kitchen', (seed) => {
    for (const day of dates) {
      const load = loadOf(seed, day, zone, dayOf(seed, day, zone))
      const night = load.filter(({ from }) => from < instantAt(day, 5 * 60, zone))
      expect(night.length).toBeGreaterThan(3) // the fridge still cycles
      for (const { watts } of night) expect(watts).toBeLessThan(250)
      expect(Math.max(...load.map(({ watts }) => watts))).toBeGreaterThan(1_400)
      for (const { watts, unattendedWatts } of load) {
        expect(Number.isInteger(watts)).toBe(true)
        expect(unattendedWatts).toBeGreaterThanOrEqual(14)
        expect(watts).toBeGreaterThanOrEqual(unattendedWatts)
      }
    }
  })

  test('energy is the integral of the power shown, and never falls', () => {
    const home = new Household(82, zone)
    const start = instantAt(date, 0, zone)
    const end = plus(start, days(3))
    let counted = 0
    let register = 0
    for (let at = start; at < end; at = plus(at, minutes(1))) {
      counted += home.at(at).watts * minutes(1) // every change of load falls on a whole minute
      const now = home.energyWattMs(start, plus(at, minutes(1)))
      expect(now).toBeGreaterThanOrEqual(register)
      register = now
    }
    expect(register).toBe(counted)
    const kWhADay = register / 3.6e9 / 3
    expect(kWhADay).toBeGreaterThan(2)
    expect(kWhADay).toBeLessThan(9)
  })

  test('energy of a whole is the energy of its parts, with somebody away in the middle', () => {
    const home = new Household(82, zone)
    const start = instantAt(date, 7 * 60, zone)
    const absence = { from: plus(start, hours(4)), until: plus(start, hours(14)) }
    const end = plus(start, hours(30))
    let parts = 0
    for (let at = start; at < end; at = plus(at, minutes(7)))
      parts += home.energyWattMs(at, Math.min(plus(at, minutes(7)), end) as Instant, absence)
    expect(parts).toBe(home.energyWattMs(start, end, absence))
    expect(parts).toBeLessThan(home.energyWattMs(start, end))
    expect(home.at(plus(start, hours(5)), absence)).toMatchObject({ room: 'out' })
  })

  test('five weeks switched off are integrated without holding anything up', () => {
    const home = new Household(82, zone)
    const start = parseInstant('2026-01-01T00:00:00Z')
    expect(home.energyWattMs(start, plus(start, days(35)))).toBeGreaterThan(35 * 2 * 3.6e9)
  })
})

test('the supply stays within its limits and follows Ohm', () => {
  const start = instantAt(date, 0, zone)
  const volts = new Set<number>()
  for (let at = start; between(start, at) < days(1); at = plus(at, minutes(3))) {
    for (const watts of [14, 110, 3_300]) {
      const mains = mainsAt(82, at, watts)
      expect(mains.volts).toBeGreaterThan(215)
      expect(mains.volts).toBeLessThan(242)
      expect(Math.abs(mains.hertz - 50)).toBeLessThan(0.05)
      expect(mains.volts * mains.amperes * mains.powerFactor).toBeCloseTo(watts, 6)
      volts.add(Math.round(mains.volts * 10))
    }
  }
  expect(volts.size).toBeGreaterThan(20)
})
