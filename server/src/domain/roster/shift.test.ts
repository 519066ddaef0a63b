import { hours, type Instant, instant, minutes, parseInstant, plus } from '@anju/contract'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { covers, isWithin, minuteOf, timeOf, weeklyOf } from './hours.ts'
import { dutiesIn, inForce, isOnDuty, type Shift } from './shift.ts'
import { contains, type Span, uncovered, united } from './span.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const shift = (from: string, to: string, timeZone: string, more: Partial<Shift> = {}): Shift => ({
  kind: 'seat',
  seat: null,
  ...weeklyOf({ days: everyDay, from, to }),
  timeZone,
  validFrom: '2000-01-01',
  validTo: null,
  ...more,
})
const at = (text: string) => parseInstant(text)
const lengthsH = (spans: readonly Span[]) => spans.map(({ from, to }) => (to - from) / hours(1))
const day = (date: string, timeZoneOffset: string): Span => {
  const from = at(`${date}T12:00:00${timeZoneOffset}`)
  return { from, to: plus(from, hours(24)) }
}

test.for([
  ['Asia/Shanghai', '22:00', '06:00', day('2026-03-07', '+08:00'), 8],
  ['America/New_York', '22:00', '06:00', day('2026-03-07', '-05:00'), 7],
  ['America/New_York', '22:00', '06:00', day('2026-10-31', '-04:00'), 9],
  ['Europe/London', '22:00', '06:00', day('2026-03-28', '+00:00'), 7],
  ['Europe/London', '22:00', '06:00', day('2026-10-24', '+01:00'), 9],
  ['America/New_York', '18:00', '18:00', day('2026-03-07', '-05:00'), 23],
  ['America/New_York', '18:00', '18:00', day('2026-10-31', '-04:00'), 25],
] as const)('in %s a night from %s to %s beginning in the window has %d hours', ([zone, from, to, window, length]) => {
  const duties = dutiesIn(shift(from, to, zone), window).filter((duty) => duty.from > window.from)
  expect(lengthsH(duties)).toEqual([length])
})

// Peers' bug: an hour off on the days of the change, and nobody on duty at exactly 00:00.
test.for([
  ['Asia/Shanghai', '2026-05-05T16:00:00Z', true], // 00:00
  ['Asia/Shanghai', '2026-05-05T13:59:59.999Z', false],
  ['Asia/Shanghai', '2026-05-05T14:00:00Z', true], // 22:00
  ['Asia/Shanghai', '2026-05-05T21:59:59.999Z', true],
  ['Asia/Shanghai', '2026-05-05T22:00:00Z', false], // 06:00: the next one has begun
  ['America/New_York', '2026-03-08T06:59:59.999Z', true], // 01:59, and then it is 03:00
  ['America/New_York', '2026-03-08T07:00:00Z', true],
  ['America/New_York', '2026-03-08T09:59:00Z', true], // 05:59 in summer time
  ['America/New_York', '2026-03-08T10:00:00Z', false],
  ['America/New_York', '2026-11-01T05:30:00Z', true], // 01:30 for the first time
  ['America/New_York', '2026-11-01T06:30:00Z', true], // 01:30 for the second time
  ['America/New_York', '2026-11-01T10:30:00Z', true], // 05:30 in winter time
  ['America/New_York', '2026-11-01T11:00:00Z', false],
  ['Europe/London', '2026-10-25T00:30:00Z', true],
  ['Europe/London', '2026-10-25T01:30:00Z', true],
  ['Europe/London', '2026-10-25T06:00:00Z', false],
] as const)('in %s at %s the night from 22:00 to 06:00 is on duty: %s', ([zone, when, expected]) => {
  expect(isOnDuty(shift('22:00', '06:00', zone), at(when))).toBe(expected)
})

test('a shift ends at midnight sharp, and the one that begins there is on duty at once', () => {
  const midnight = at('2026-05-05T16:00:00Z')
  const evening = shift('16:00', '00:00', 'Asia/Shanghai')
  const night = shift('00:00', '08:00', 'Asia/Shanghai')
  expect([isOnDuty(evening, instant(midnight - 1)), isOnDuty(evening, midnight)]).toEqual([true, false])
  expect([isOnDuty(night, instant(midnight - 1)), isOnDuty(night, midnight)]).toEqual([false, true])
})

test('where clocks go back over midnight, the new day has begun and stays begun', () => {
  // Newfoundland, 2010: at 00:01 it was 23:01 of the day before again.
  const sunday = shift('00:00', '08:00', 'America/St_Johns', { days: [7] })
  expect(isOnDuty(sunday, at('2010-11-07T02:30:00Z'))).toBe(true)
  expect(isOnDuty(sunday, at('2010-11-07T02:45:00Z'))).toBe(true)
})

test('days and validity name the day on which a shift begins', () => {
  const friday = shift('22:00', '06:00', 'Asia/Shanghai', { days: [5], validFrom: '2026-05-01', validTo: '2026-05-08' })
  expect(isOnDuty(friday, at('2026-05-01T23:30:00+08:00'))).toBe(true)
  expect(isOnDuty(friday, at('2026-05-02T05:59:00+08:00'))).toBe(true) // Saturday's morning is Friday's night
  expect(isOnDuty(friday, at('2026-05-02T23:30:00+08:00'))).toBe(false)
  expect(isOnDuty(friday, at('2026-05-09T05:59:00+08:00'))).toBe(true) // it began on the last day
  expect(isOnDuty(friday, at('2026-05-15T23:30:00+08:00'))).toBe(false)
  expect(isOnDuty(friday, at('2026-04-24T23:30:00+08:00'))).toBe(false)
  expect(contains(inForce(friday), at('2026-05-08T23:59:59+08:00'))).toBe(true)
  expect(contains(inForce(friday), at('2026-05-09T00:00:00+08:00'))).toBe(false)
})

test.for(['America/New_York', 'Europe/London', 'Australia/Lord_Howe'])(
  'in %s exactly the expected one of three shifts is on duty at every minute of a year',
  (zone) => {
    const rota = [shift('06:00', '14:00', zone), shift('14:00', '22:00', zone), shift('22:00', '06:00', zone)]
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' })
    const year: Span = { from: at('2026-01-01T00:00:00Z'), to: at('2027-01-01T00:00:00Z') }
    const duties = rota.map((one) => dutiesIn(one, year))
    const indexes = [0, 0, 0]
    let wrong = 0
    for (let now = year.from; now < year.to; now = plus(now, minutes(1))) {
      const hour = Number(clock.format(now))
      const expected = hour >= 6 && hour < 14 ? 0 : hour >= 14 && hour < 22 ? 1 : 2
      for (const [index, spans] of duties.entries()) {
        while ((spans[indexes[index] ?? 0]?.to ?? Number.POSITIVE_INFINITY) <= now)
          indexes[index] = (indexes[index] ?? 0) + 1
        const span = spans[indexes[index] ?? 0]
        if ((span !== undefined && contains(span, now)) !== (index === expected)) wrong++
      }
    }
    expect(wrong).toBe(0)
    // The question asked of one moment is answered as the list says.
    fc.assert(
      fc.property(fc.integer({ min: year.from, max: year.to - 1 }), (epochMs) => {
        const now = epochMs as Instant
        for (const [index, one] of rota.entries())
          expect(isOnDuty(one, now)).toBe((duties[index] ?? []).some((span) => contains(span, now)))
        expect(rota.filter((one) => isOnDuty(one, now))).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  },
)

test('any rota whose shifts touch on the wall leaves no gap and no overlap, wherever its edges fall', () => {
  const edges = fc.uniqueArray(fc.integer({ min: 0, max: 24 * 60 - 1 }), { minLength: 1, maxLength: 6 })
  const zones = fc.constantFrom('America/New_York', 'Europe/London', 'Asia/Shanghai', 'America/Sao_Paulo')
  const starts = fc.constantFrom(
    '2026-03-07T00:00:00Z',
    '2026-10-24T00:00:00Z',
    '2026-10-31T00:00:00Z',
    '2018-11-03T00:00:00Z',
  )
  fc.assert(
    fc.property(edges, zones, starts, (given, zone, start) => {
      const sorted = given.toSorted((one, other) => one - other).map(timeOf)
      const rota = sorted.map((from, index) => shift(from, sorted[(index + 1) % sorted.length] ?? from, zone))
      const window = { from: at(start), to: plus(at(start), hours(24 * 9)) }
      const duties = rota.flatMap((one) => dutiesIn(one, window)).filter(({ from, to }) => from < to)
      expect(uncovered(window, duties)).toEqual([])
      const inOrder = duties.toSorted((one, other) => one.from - other.from)
      for (const [index, duty] of inOrder.entries()) expect(inOrder[index + 1]?.from ?? duty.to).toBe(duty.to)
    }),
    { numRuns: 200 },
  )
})

test('hours are kept in the home’s own zone; none means always', () => {
  const daytime = [weeklyOf({ days: [1, 2, 3, 4, 5], from: '08:00', to: '22:00' })]
  expect(isWithin(daytime, at('2026-05-04T08:00:00+08:00'), 'Asia/Shanghai')).toBe(true)
  expect(isWithin(daytime, at('2026-05-04T22:00:00+08:00'), 'Asia/Shanghai')).toBe(false)
  expect(isWithin(daytime, at('2026-05-04T08:00:00+08:00'), 'Europe/London')).toBe(false)
  expect(isWithin(daytime, at('2026-05-09T12:00:00+08:00'), 'Asia/Shanghai')).toBe(false)
  expect(isWithin(null, at('2026-05-09T03:00:00+08:00'), 'Asia/Shanghai')).toBe(true)
  expect(isWithin([], at('2026-05-09T12:00:00+08:00'), 'Asia/Shanghai')).toBe(false)
  expect(
    covers(weeklyOf({ days: [6], from: '00:00', to: '00:00' }), at('2026-05-09T00:00:00+08:00'), 'Asia/Shanghai'),
  ).toBe(true)
  expect([minuteOf('22:05:00'), timeOf(1_325)]).toEqual([1_325, '22:05'])
})

test('spans unite where they touch, and what none covers is a gap', () => {
  const span = (from: number, to: number): Span => ({ from: instant(from), to: instant(to) })
  expect(united([span(5, 7), span(0, 2), span(2, 3), span(6, 6), span(1, 2)])).toEqual([span(0, 3), span(5, 7)])
  expect(uncovered(span(0, 10), [span(-5, 1), span(3, 4), span(9, 20)])).toEqual([span(1, 3), span(4, 9)])
  expect(uncovered(span(0, 10), [])).toEqual([span(0, 10)])
  expect(uncovered(span(0, 10), [span(0, 10)])).toEqual([])
  expect(uncovered(span(0, 10), [span(20, 30)])).toEqual([span(0, 10)])
})
