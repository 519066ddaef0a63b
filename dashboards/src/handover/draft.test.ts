import type { AlarmDetail, TimelineEntry, TimelineKind } from '@anju/contract/api'
import { expect, test } from 'vitest'
import type { Text } from '../i18n/locale.tsx'
import { draftOf, handedOver } from './draft.ts'

const t = ((id: string, values: object = {}) => `${id} ${Object.values(values).join(' ')}`) as Text
const words = (_family: string, word: string) => word
const entry = (
  kind: TimelineKind,
  detail: TimelineEntry['detail'] = {},
  text: string | null = null,
): TimelineEntry => ({
  at: '2026-01-05T02:00:00.000Z',
  kind,
  by: { personId: 'li', name: '李娜' },
  text,
  detail,
})
const detail = (...timeline: TimelineEntry[]) => ({
  timeline,
  contacts: [{ id: 'c1', name: '王建平' }] as AlarmDetail['contacts'],
  responders: [{ id: 'n1', name: '何磊', phone: '' }],
  going: [{ name: '王建红', arrivesAt: '', until: '', me: false }],
})

test('the draft says who was called and how it went, who was sent and who goes; nothing else of the log', () => {
  const given = detail(
    entry('claimed'),
    entry('contacted', { contact: 'c1', outcome: 'no-answer' }),
    entry('noted', {}, 'looked at the way in'),
    entry('dispatched', { responder: 'n1' }),
    entry('dispatched', { responder: 'left-since' }),
  )
  expect(draftOf(given, t, words).split('\n')).toEqual([
    'handover.called 王建平 no-answer',
    'handover.sent 何磊',
    'handover.sent log.gone ',
    'handover.goes 王建红',
  ])
})

test('of very much the last is kept, as much as a note takes', () => {
  const calls = Array.from({ length: 200 }, () => entry('contacted', { contact: 'c1', outcome: 'busy' }))
  const draft = draftOf(detail(...calls, entry('dispatched', { responder: 'n1' })), t, words)
  expect(draft.length).toBeLessThanOrEqual(1_500)
  expect(draft.endsWith('handover.sent 何磊\nhandover.goes 王建红')).toBe(true)
})

test('the note of the last release is the one that counts, and a release without one leaves none', () => {
  const noted = entry('released', {}, 'her son is coming')
  expect(handedOver([noted, entry('claimed')])).toBe(noted)
  expect(handedOver([noted, entry('claimed'), entry('released')])).toBeUndefined()
  expect(handedOver([entry('claimed')])).toBeUndefined()
})

test('what was offered with a note counts once it was taken on, and then instead of what was left before', () => {
  const left = entry('released', {}, 'her son is coming')
  const offered = entry('offered', {}, 'her son is there')
  expect(handedOver([left, entry('claimed'), offered])).toBe(left)
  expect(handedOver([left, entry('claimed'), offered, entry('offer-declined')])).toBe(left)
  expect(handedOver([left, entry('claimed'), offered, entry('offer-accepted')])).toBe(offered)
  expect(handedOver([left, entry('claimed'), entry('offered'), entry('offer-accepted')])).toBeUndefined()
})
