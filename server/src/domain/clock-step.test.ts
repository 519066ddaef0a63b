import { type Instant, type Monotonic, plus, seconds } from '@anju/contract'
import { expect, test } from 'vitest'
import { type ClockLook, stepBetween } from './clock-step.ts'

const began = Date.UTC(2026, 0, 1) as Instant
const NEVER = 0 as Instant
/** Asked at `atS` and answered so much later, by our own clock; the machine's says what it says. */
const look = (atS: number, machineS: number, { tookS = 0, aheadS = 0 } = {}): ClockLook => ({
  machine: plus(began, seconds(machineS)),
  now: plus(began, seconds(machineS + aheadS)),
  askedAt: seconds(atS) as unknown as Monotonic,
  answeredAt: seconds(atS + tookS) as unknown as Monotonic,
})
const none = { step: 'none', by: 0 }

test.for([
  { what: 'a clock that goes on', before: look(0, 0), after: look(10, 10), is: none },
  { what: 'a little correction', before: look(0, 0), after: look(10, 8.1), is: none },
  { what: 'one that drifts apart all night', before: look(0, 0), after: look(36_000, 35_970), is: none },
  {
    what: 'a clock that is set back by a minute',
    before: look(0, 0),
    after: look(10, -50),
    is: { step: 'back', by: seconds(60), ahead: seconds(60) },
  },
  {
    what: 'one that is set back once more while time is ahead of it',
    before: look(0, 0, { aheadS: 40 }),
    after: look(10, -20, { aheadS: 0 }),
    is: { step: 'back', by: seconds(30), ahead: seconds(70) },
  },
  {
    what: 'a clock that is set forward',
    before: look(0, 0),
    after: look(10, 70),
    is: { step: 'forward', by: seconds(60) },
  },
  // Read at some time between question and answer: nobody knows when.
  { what: 'an answer that took long', before: look(0, 30, { tookS: 30 }), after: look(31, 31), is: none },
  { what: 'a question that waited', before: look(0, 0), after: look(1, 31, { tookS: 30 }), is: none },
])('$what', ({ before, after, is }) => {
  expect(stepBetween(before, after, NEVER)).toEqual(is)
})

test('who begins knows only what others saw', () => {
  const seen = plus(began, seconds(100))
  expect(stepBetween(undefined, look(0, 99), seen)).toEqual(none)
  expect(stepBetween(undefined, look(0, 40), seen)).toEqual({ step: 'back', by: seconds(60), ahead: seconds(60) })
  expect(stepBetween(undefined, look(0, 40, { aheadS: 60 }), seen)).toEqual(none)
  expect(stepBetween(undefined, look(0, 1_000), seen)).toEqual(none)
})
