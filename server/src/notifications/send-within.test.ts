import { type Instant, instant, plus, seconds, seededRandom } from '@anju/contract'
import type { NotificationState } from '@anju/contract/api'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Attempt, dueFor, MILESTONES, move } from '../domain/notification.ts'
import type { Sent } from './channel.ts'
import { answerOf } from './send-within.ts'

// Named after a bug of another platform: a request was marked SENT although every send had failed.

const T0 = instant(Date.parse('2026-01-01T00:00:00.000Z'))
const queued: Attempt = {
  purpose: 'alarm',
  channel: 'sms',
  urgent: true,
  queuedAt: T0,
  state: 'queued',
  why: null,
  at: Object.fromEntries(MILESTONES.map((milestone) => [milestone, null])) as Attempt['at'],
  acceptedUntil: null,
  tries: 0,
  doubts: 0,
  dueAt: T0,
  fence: 0,
  sending: false,
}
const REJECTED: Sent = { outcome: 'failed', why: 'template', addressDead: false }
const random = seededRandom(3)

/** What becomes of it when its provider answers so, try after try, until there is nothing more to do. */
function ended(answers: readonly Sent[], given: Attempt = queued): Attempt {
  let attempt = given
  let now: Instant = T0
  for (let tries = 0; attempt.dueAt !== null; tries++) {
    if (tries > 1_000) throw new Error('this does not end')
    now = now > attempt.dueAt ? now : attempt.dueAt
    if (dueFor(attempt, now) === 'settle') attempt = move(attempt, { type: 'clock', now }).becomes
    else {
      attempt = move(attempt, { type: 'took', now, leaseFor: seconds(30) }).becomes
      const answer = answers[Math.min(tries, answers.length - 1)] ?? REJECTED
      attempt = move(attempt, { ...answerOf(answer, attempt.fence, random), now }).becomes
    }
    now = plus(now, seconds(1))
  }
  return attempt
}

const REACHED: readonly NotificationState[] = ['sent', 'delivered', 'seen', 'accepted']

test.for<[Sent, NotificationState]>([
  [{ outcome: 'failed', why: 'gone', addressDead: true }, 'failed'],
  [REJECTED, 'failed'],
  [{ outcome: 'retry', why: 'http 503', afterMs: null }, 'failed'],
  [{ outcome: 'retry', why: 'throttled', afterMs: 120_000 }, 'failed'],
  [{ outcome: 'unknown', why: 'timed out' }, 'unknown'],
])('every send answered by %j: it ends %s, and the reason stays', ([sent, state]) => {
  const attempt = ended([sent])
  expect(attempt).toMatchObject({ state, at: { sent: null, delivered: null } })
  expect(attempt.why).toBe('why' in sent ? sent.why : '')
})

test('whatever a provider answers in whichever order: without a success it is never said to have been sent', () => {
  const failure = fc.constantFrom<Sent>(
    { outcome: 'failed', why: 'gone', addressDead: false },
    { outcome: 'retry', why: 'busy', afterMs: null },
    { outcome: 'retry', why: 'busy', afterMs: 30_000 },
    { outcome: 'unknown', why: 'timed out' },
  )
  fc.assert(
    fc.property(fc.array(failure, { minLength: 1, maxLength: 12 }), fc.boolean(), (answers, urgent) => {
      const { state, at } = ended(answers, { ...queued, urgent })
      expect(REACHED).not.toContain(state)
      expect(at.sent).toBeNull()
    }),
  )
})

test('one success among failures is one', () => {
  const busy: Sent = { outcome: 'retry', why: 'busy', afterMs: null }
  expect(ended([busy, busy, { outcome: 'sent', providerId: 'p' }])).toMatchObject({
    state: 'sent',
    tries: 3,
    why: null,
  })
})
