import { instant, plus, seconds } from '@anju/contract'
import { expect, test } from 'vitest'
import { type Attempt, MILESTONES, type Milestone, move } from './notification.ts'

const T0 = instant(Date.parse('2026-01-01T00:00:00.000Z'))
const now = plus(T0, seconds(20))

/** Somebody is being told that they need not go. */
const ending: Attempt = {
  purpose: 'stand-down',
  channel: 'voice',
  urgent: true,
  queuedAt: T0,
  state: 'queued',
  why: null,
  at: Object.fromEntries(MILESTONES.map((milestone) => [milestone, null])) as Record<Milestone, null>,
  acceptedUntil: null,
  tries: 1,
  doubts: 0,
  dueAt: plus(T0, seconds(30)),
  fence: 1,
  sending: true,
}
const refused = { type: 'failed', now, fence: 1, why: 'gone', addressDead: false } as const
const laterSaid = { type: 'failed', now, fence: null, why: 'machine', addressDead: false } as const
const busy = { type: 'retry', now, fence: 1, why: 'busy', after: null, chance: 0 } as const
const sent = move(ending, { type: 'sent', now, fence: 1 }).becomes
const lost = [{ do: 'wake' }, { do: 'lose' }]

test('what certainly did not reach them is lost, whoever says so', () => {
  expect(move(ending, refused).effects).toEqual(lost)
  expect(move(sent, laterSaid).effects).toEqual(lost)
})

test('what does not leave soon is not waited for; what may have arrived is left at that', () => {
  expect(move(ending, busy).effects).toEqual([])
  expect(move(ending, { ...busy, after: seconds(40) }).effects).toEqual(lost)
  const doubtful = { type: 'unknown', now, fence: 1, why: 'time-out', chance: 0 } as const
  expect(move({ ...ending, urgent: false }, doubtful).effects).toEqual([])
})

test('it is lost once: a second verdict changes nothing, nor does one of what has reached them', () => {
  expect(move(move(ending, refused).becomes, laterSaid).effects).toEqual([])
  expect(move(move(sent, { type: 'delivered', now, fence: null }).becomes, laterSaid).effects).toEqual([])
})
