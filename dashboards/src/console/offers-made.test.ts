import type { Alarm } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { isOfferedTo, OffersMade } from './offers-made.ts'

const me = { personId: 'li-na', name: '李娜' }
const chen = { personId: 'chen', name: '陈静' }
const from = Date.parse('2026-01-05T02:00:00.000Z')
const offer = {
  to: chen,
  by: me,
  at: '2026-01-05T02:00:00.000Z',
  until: '2026-01-05T02:10:00.000Z',
  note: null,
}
const owner = { ...me, session: 'here' }
const mine = anAlarm({ handling: 'in-progress', owner, version: 3 })
const offered: Alarm = { ...mine, offer, version: 4 }

/** What the seat says of an alarm it offered, once it is like this. */
function becomes(alarm: Alarm, serverNow = from + 60_000) {
  const made = new OffersMade()
  expect(made.heard(offered, 'here', { now: 1, serverNow: from })).toBeUndefined()
  const outcome = made.heard(alarm, 'here', { now: 2, serverNow })
  // Once.
  expect(made.heard(alarm, 'here', { now: 3, serverNow })).toBeUndefined()
  expect(made.outcome(alarm.id)).toEqual(outcome)
  return outcome?.is
}

test('what became of an offer: taken on, not taken on, over; of what ended otherwise it says nothing', () => {
  expect(becomes({ ...mine, owner: { ...chen, session: 'there' } })).toBe('accepted')
  expect(becomes({ ...mine, version: 5 })).toBe('declined')
  expect(becomes({ ...mine, version: 5 }, Date.parse(offer.until))).toBe('over')
  expect(becomes({ ...mine, owner: { personId: 'zhou', name: '周敏', session: 'there' } })).toBeUndefined()
  expect(becomes({ ...mine, handling: 'new', owner: null })).toBeUndefined()
  expect(becomes({ ...mine, handling: 'closed', owner: null })).toBeUndefined()
})

test('one that was taken back was declined by nobody; where that failed, it may still be', async () => {
  const made = new OffersMade()
  const clocks = { now: 1, serverNow: from }
  made.heard(offered, 'here', clocks)
  await made.withdrawing(mine.id, Promise.resolve())
  expect(made.heard({ ...mine, version: 5 }, 'here', clocks)).toBeUndefined()
  made.heard({ ...offered, version: 6 }, 'here', clocks)
  await made.withdrawing(mine.id, Promise.reject(new Error('unreachable'))).catch(() => undefined)
  expect(made.heard({ ...mine, version: 7 }, 'here', clocks)?.is).toBe('declined')
})

test('what was accepted is listed from a moment on, and is forgotten when the alarm is offered anew', () => {
  const made = new OffersMade()
  made.heard(offered, 'here', { now: 1, serverNow: from })
  made.heard({ ...mine, owner: { ...chen, session: 'there' } }, 'here', { now: 2, serverNow: from })
  expect(made.accepted(2).map(({ to }) => to)).toEqual(['陈静'])
  expect(made.accepted(3)).toEqual([])
  made.heard({ ...offered, version: 8 }, 'here', { now: 9, serverNow: from })
  expect(made.accepted(0)).toEqual([])
})

test('an offer is for one person, and until its end', () => {
  expect(isOfferedTo(offered, 'chen', from)).toBe(true)
  expect(isOfferedTo(offered, 'chen', Date.parse(offer.until))).toBe(false)
  expect(isOfferedTo(offered, 'li-na', from)).toBe(false)
  expect(isOfferedTo(mine, 'chen', from)).toBe(false)
})
