import type { AlarmDetail, TimelineEntry, TimelineKind } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { takenFrom, whomIn } from './whom.ts'

const entry = (kind: TimelineKind, detail: TimelineEntry['detail'] = {}): TimelineEntry => ({
  at: '2026-01-05T02:00:00.000Z',
  kind,
  by: { personId: 'li', name: '李娜' },
  text: null,
  detail,
})
const people = {
  contacts: [{ id: 'c1', name: '王建平' }] as AlarmDetail['contacts'],
  responders: [{ id: 'n1', name: '何磊', phone: '' }],
}

test.for([
  ['contacted', { contact: 'c1', outcome: 'no-answer' }, '王建平'],
  ['contacted', { contact: 'taken-off-the-list' }, null],
  ['dispatched', { responder: 'n1' }, '何磊'],
  ['dispatched', { responder: 'left' }, null],
  ['accepted', { name: '王建红', etaMinutes: 10 }, '王建红'],
  ['noted', { contact: 'c1' }, undefined],
] as const)('%s %j is about %s', ([kind, detail, whom]) => {
  expect(whomIn(entry(kind, detail), people)).toBe(whom)
})

test('who sent nobody they could have known of is not taken for a nameless person', () => {
  expect(whomIn(entry('dispatched', { responder: 'n1' }), { contacts: [] })).toBeNull()
})

test('a takeover says from whom, also when nobody had it', () => {
  expect(takenFrom(entry('taken-over', { from: { personId: 'chen', name: '陈静' } }))).toEqual({ name: '陈静' })
  expect(takenFrom(entry('taken-over', { from: null }))).toEqual({ name: null })
  expect(takenFrom(entry('offer-accepted', { from: { personId: 'chen', name: '陈静' } }))).toEqual({ name: '陈静' })
  expect(takenFrom(entry('claimed', { from: { name: '陈静' } }))).toBeUndefined()
})
