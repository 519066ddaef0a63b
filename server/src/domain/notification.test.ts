import { type Instant, instant, type Millis, minutes, plus, seconds } from '@anju/contract'
import { NOTIFICATION_STATES, type NotificationState } from '@anju/contract/api'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Attempt, dueFor, MILESTONES, type Milestone, move, type NotificationInput } from './notification.ts'

const T0 = instant(Date.parse('2026-01-01T00:00:00.000Z'))
const at = (s: number): Instant => plus(T0, seconds(s))
const now = at(20)
const never = Object.fromEntries(MILESTONES.map((milestone) => [milestone, null])) as Record<Milestone, null>

const queued: Attempt = {
  purpose: 'alarm',
  channel: 'sms',
  urgent: true,
  queuedAt: T0,
  state: 'queued',
  why: null,
  at: never,
  acceptedUntil: null,
  tries: 0,
  doubts: 0,
  dueAt: T0,
  fence: 0,
  sending: false,
}
const took = (given: Attempt, s = 0) => move(given, { type: 'took', now: at(s), leaseFor: seconds(30) }).becomes
const sending = took(queued)
const eta: Millis = minutes(15)
const answer = {
  sent: { type: 'sent', now, fence: 1 },
  failed: { type: 'failed', now, fence: 1, why: 'gone', addressDead: false },
  retry: { type: 'retry', now, fence: 1, why: 'busy', after: null, chance: 0 },
  unknown: { type: 'unknown', now, fence: 1, why: 'time-out', chance: 0 },
} satisfies Record<string, NotificationInput>
const word = {
  sent: { type: 'sent', now, fence: null },
  delivered: { type: 'delivered', now, fence: null },
  seen: { type: 'seen', now },
  failed: { type: 'failed', now, fence: null, why: 'no-answer', addressDead: false },
  accepted: { type: 'accepted', now, by: 'provider', eta },
  declined: { type: 'declined', now, by: 'provider' },
} satisfies Record<string, NotificationInput>
const person = {
  accepted: { type: 'accepted', now, by: 'person', eta },
  declined: { type: 'declined', now, by: 'person' },
} satisfies Record<string, NotificationInput>

/** A row of the ledger in each state, as it comes about. */
const inState: Readonly<Record<NotificationState, Attempt>> = {
  queued,
  unknown: move({ ...sending, urgent: false }, answer.unknown).becomes,
  cancelled: move(queued, { type: 'withdraw', now }).becomes,
  sent: move(sending, answer.sent).becomes,
  failed: move(sending, answer.failed).becomes,
  delivered: move(sending, word.delivered).becomes,
  seen: move(sending, word.seen).becomes,
  accepted: move(sending, word.accepted).becomes,
  declined: move(sending, word.declined).becomes,
}

/** Every state and every word that a provider or a person can say of it later. What is left out does not move. */
const LATER: Readonly<Record<NotificationState, Partial<Record<string, NotificationState>>>> = {
  // A callback overtook the answer to the call that caused it.
  queued: {
    sent: 'sent',
    delivered: 'delivered',
    seen: 'seen',
    failed: 'failed',
    'provider accepted': 'accepted',
    'person accepted': 'accepted',
    'provider declined': 'declined',
    'person declined': 'declined',
    withdraw: 'cancelled',
  },
  // It had left after all, or certainly had not.
  unknown: {
    sent: 'sent',
    delivered: 'delivered',
    seen: 'seen',
    failed: 'failed',
    'provider accepted': 'accepted',
    'person accepted': 'accepted',
    'provider declined': 'declined',
    'person declined': 'declined',
  },
  // Withdrawn while it was on its way: who was told after all must be stood down, and who says they go is going.
  cancelled: {
    sent: 'sent',
    delivered: 'delivered',
    seen: 'seen',
    failed: 'failed',
    'provider accepted': 'accepted',
    'person accepted': 'accepted',
    'provider declined': 'declined',
    'person declined': 'declined',
  },
  sent: {
    delivered: 'delivered',
    seen: 'seen',
    failed: 'failed',
    'provider accepted': 'accepted',
    'person accepted': 'accepted',
    'provider declined': 'declined',
    'person declined': 'declined',
  },
  // "No answer", and then it did arrive: the second part of a text message, a call that rang through late.
  failed: {
    delivered: 'delivered',
    seen: 'seen',
    'provider accepted': 'accepted',
    'person accepted': 'accepted',
    'provider declined': 'declined',
    'person declined': 'declined',
  },
  // A failure after the arrival was an interim verdict that came late.
  delivered: {
    seen: 'seen',
    'provider accepted': 'accepted',
    'person accepted': 'accepted',
    'provider declined': 'declined',
    'person declined': 'declined',
  },
  seen: {
    'provider accepted': 'accepted',
    'person accepted': 'accepted',
    'provider declined': 'declined',
    'person declined': 'declined',
  },
  // They thought again; a provider's "declined" may only be late.
  accepted: { 'person declined': 'declined' },
  declined: { 'provider accepted': 'accepted', 'person accepted': 'accepted' },
}
const laterInputs: readonly (readonly [string, NotificationInput])[] = [
  ['sent', word.sent],
  ['delivered', word.delivered],
  ['seen', word.seen],
  ['failed', word.failed],
  ['provider accepted', word.accepted],
  ['provider declined', word.declined],
  ['person accepted', person.accepted],
  ['person declined', person.declined],
  ['withdraw', { type: 'withdraw', now }],
  ['clock', { type: 'clock', now }],
]

describe.for(NOTIFICATION_STATES)('what comes later to one that is %s', (state) => {
  test('the states come about as their names say', () => expect(inState[state].state).toBe(state))
  test.for(laterInputs)('%s', ([name, input]) => {
    expect(move(inState[state], input).becomes.state).toBe(LATER[state][name] ?? state)
  })
})

const knownBy = (attempt: Attempt) => MILESTONES.filter((milestone) => attempt.at[milestone] !== null)
const after = (given: Attempt, inputs: readonly NotificationInput[]) =>
  inputs.reduce((attempt, input) => move(attempt, input).becomes, given)

describe('the words of a provider, in any order and as often as it likes', () => {
  const words = Object.values(word)
  test.for([sending, inState.sent, inState.unknown, inState.cancelled])(
    'end in the same state, from $state',
    (given) => {
      const some = fc.subarray(words, { minLength: 1 })
      fc.assert(
        fc.property(
          some.chain((said) =>
            fc.tuple(
              fc.constant(said),
              fc.shuffledSubarray([...said, ...said, ...said], { minLength: said.length }),
              fc.shuffledSubarray(said, { minLength: said.length }),
            ),
          ),
          ([said, repeats, shuffled]) => {
            const ordered = after(given, said)
            const heard = after(given, [...shuffled, ...repeats])
            expect(heard.state).toBe(ordered.state)
            expect(knownBy(heard)).toEqual(knownBy(ordered))
          },
        ),
        { numRuns: 2_000 },
      )
    },
  )
  test('wake the escalation and tell the timeline once for each answer', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(word.accepted, word.delivered, word.seen)), (said) => {
        let attempt: Attempt = inState.sent
        const told = said.flatMap((input) => {
          const { becomes, effects } = move(attempt, input)
          attempt = becomes
          return effects.filter((effect) => effect.do === 'tell')
        })
        expect(told).toHaveLength(said.includes(word.accepted) ? 1 : 0)
      }),
    )
  })
  test('an answer that comes after them moves nothing back', () => {
    const overtaken = move(sending, word.delivered).becomes
    expect(overtaken).toMatchObject({ state: 'delivered', sending: true })
    for (const input of Object.values(answer))
      expect(move(overtaken, input).becomes).toMatchObject({ state: 'delivered', sending: false, dueAt: null })
  })
})

const proves = (given: Attempt, input: NotificationInput) =>
  move(given, input).effects.some((effect) => effect.do === 'prove')

/** One more try that certainly did not send. */
const again = (given: Attempt, s: number) => {
  const { fence } = took(given, s)
  return move(took(given, s), { ...answer.retry, fence, now: at(s) })
}

describe('one try', () => {
  test('has a number of its own, and a lease', () => {
    expect(sending).toMatchObject({ fence: 1, tries: 1, sending: true, dueAt: at(30), state: 'queued' })
  })
  test.for([
    { says: answer.sent, becomes: { state: 'sent', dueAt: null }, wakes: false },
    { says: { ...word.delivered, fence: 1 }, becomes: { state: 'delivered', dueAt: null }, wakes: false },
    { says: answer.failed, becomes: { state: 'failed', why: 'gone', dueAt: null }, wakes: true },
    { says: answer.retry, becomes: { state: 'queued', why: 'busy', dueAt: at(21) }, wakes: false },
    { says: { ...answer.retry, chance: 1 }, becomes: { state: 'queued', dueAt: at(20.5) }, wakes: false },
    // Nobody of a wave is waited for so long.
    { says: { ...answer.retry, after: seconds(40) }, becomes: { state: 'queued', dueAt: at(60) }, wakes: true },
    { says: { ...answer.retry, after: seconds(10) }, becomes: { state: 'queued', dueAt: at(30) }, wakes: false },
    {
      says: { ...answer.retry, after: minutes(10) },
      becomes: { state: 'failed', why: 'busy', dueAt: null },
      wakes: true,
    },
    { says: answer.unknown, becomes: { state: 'unknown', why: 'time-out', dueAt: at(21) }, wakes: false },
  ] as const)('$says.type → $becomes.state', ({ says, becomes, wakes }) => {
    const moved = move(sending, says)
    expect(moved.becomes).toMatchObject({ ...becomes, sending: false })
    expect(moved.effects.some((effect) => effect.do === 'wake')).toBe(wakes)
  })
  test('a third one that certainly did not send wakes the escalation: it need not wait for a fourth', () => {
    const first = again(queued, 0)
    const second = again(first.becomes, 2)
    const third = again(second.becomes, 5)
    expect([first, second, third].map(({ effects }) => effects)).toEqual([[], [], [{ do: 'wake' }]])
    expect(third.becomes).toMatchObject({ state: 'queued', tries: 3 })
    expect(dueFor(third.becomes, third.becomes.dueAt ?? T0)).toBe('try')
  })
  test('an older one’s answer changes nothing, but its success is not lost', () => {
    const second = took({ ...sending, dueAt: at(30) }, 31)
    expect(second).toMatchObject({ state: 'unknown', fence: 2, sending: true, doubts: 1 })
    for (const late of [answer.failed, answer.retry, answer.unknown])
      expect(move(second, late)).toEqual({ becomes: second, effects: [] })
    const heard = move(second, answer.sent).becomes
    expect(heard).toMatchObject({ state: 'sent', sending: true })
    expect(move(heard, { ...answer.failed, fence: 2 }).becomes).toMatchObject({
      state: 'sent',
      sending: false,
      dueAt: null,
    })
    expect(move(inState.delivered, { ...answer.sent, fence: 0 }).becomes.state).toBe('delivered')
  })
  test('a dead address is buried, also by a word that comes later', () => {
    const dead = { ...word.failed, why: 'UNKNOWN_SUBSCRIBER', addressDead: true }
    expect(move(inState.sent, dead).effects).toEqual([{ do: 'bury', why: 'UNKNOWN_SUBSCRIBER' }, { do: 'wake' }])
  })
  test('who answers proves the address; a machine that took a message does not', () => {
    expect(proves(inState.sent, word.delivered)).toBe(false)
    const call = { ...inState.sent, channel: 'voice' } as const
    expect(proves(call, word.delivered)).toBe(true)
    const { becomes, effects } = move(call, { ...word.failed, why: 'machine' })
    expect(becomes).toMatchObject({ state: 'failed', why: 'machine', at: { delivered: null } })
    expect(effects).toEqual([{ do: 'wake' }])
    for (const input of [word.seen, word.accepted, person.declined]) expect(proves(inState.sent, input)).toBe(true)
  })
})

describe('a try that was interrupted', () => {
  test('is made again for life and hazard, three times at the most', () => {
    let attempt = sending
    for (const [s, again] of [
      [31, 'try'],
      [62, 'try'],
      [93, 'settle'],
    ] as const) {
      expect(dueFor(attempt, at(s))).toBe(again)
      if (again === 'try') attempt = took(attempt, s)
    }
    const settled = move(attempt, { type: 'clock', now: at(93) })
    expect(settled.becomes).toMatchObject({ state: 'unknown', why: 'interrupted', sending: false, dueAt: null })
    expect(settled.effects).toEqual([{ do: 'wake' }])
  })
  test('is left at that for anything else', () => {
    const technical = { ...sending, urgent: false }
    expect(dueFor(technical, at(29))).toBe('nothing')
    expect(dueFor(technical, at(31))).toBe('settle')
    expect(move(technical, { type: 'clock', now: at(31) }).becomes).toMatchObject({ state: 'unknown', dueAt: null })
    expect(move(technical, answer.unknown)).toMatchObject({ becomes: { dueAt: null }, effects: [{ do: 'wake' }] })
  })
  test('does not count what certainly was not sent', () => {
    let attempt = sending
    for (let n = 1; n <= 5; n++) {
      attempt = took(move(attempt, { ...answer.retry, fence: n }).becomes, 60)
      expect(attempt).toMatchObject({ state: 'queued', doubts: 0 })
    }
    expect(move(attempt, { ...answer.unknown, fence: 6 }).becomes.dueAt).not.toBeNull()
  })
})

describe('withdrawn', () => {
  test('it is not sent; on its way, it is not repeated and may still turn out to have left', () => {
    expect(inState.cancelled).toMatchObject({ state: 'cancelled', dueAt: null, at: { cancelled: now } })
    const onItsWay = move(sending, { type: 'withdraw', now }).becomes
    expect(onItsWay).toMatchObject({ state: 'cancelled', sending: true, dueAt: at(30) })
    expect(move(onItsWay, answer.sent).becomes).toMatchObject({ state: 'sent', sending: false, dueAt: null })
    expect(move(onItsWay, answer.retry).becomes).toMatchObject({ state: 'cancelled', sending: false, dueAt: null })
    expect(dueFor(onItsWay, at(31))).toBe('settle')
    expect(move(onItsWay, { type: 'clock', now: at(31) }).becomes).toMatchObject({ state: 'unknown', dueAt: null })
    expect(move(onItsWay, answer.unknown).becomes).toMatchObject({ state: 'unknown', dueAt: null })
  })
  test('an unknown one is not tried again', () => {
    const waiting = move(sending, answer.unknown).becomes
    expect(move(waiting, { type: 'withdraw', now }).becomes).toMatchObject({ state: 'unknown', dueAt: null })
  })
})

describe('dismissed: this person is not to be asked any more', () => {
  const dismiss: NotificationInput = { type: 'dismiss', now }
  test.for(['queued', 'unknown', 'sent', 'delivered', 'seen'] as const)('%s: nobody waits for them', (state) => {
    const { becomes, effects } = move(inState[state], dismiss)
    expect(becomes).toMatchObject({
      state: state === 'queued' ? 'cancelled' : state,
      dueAt: becomes.sending ? at(30) : null,
      at: { cancelled: now },
    })
    expect(effects).toEqual([{ do: 'wake' }])
    expect(move(becomes, { ...dismiss, now: at(21) })).toEqual({ becomes, effects: [] })
    // Who goes all the same is going.
    expect(move(becomes, person.accepted).becomes.state).toBe('accepted')
  })
  test.for(['cancelled', 'failed', 'accepted', 'declined'] as const)('%s: that was all', (state) => {
    expect(move(inState[state], dismiss)).toEqual({ becomes: inState[state], effects: [] })
  })
  test('what is on its way is not repeated; a stand-down is for who was told already, and leaves', () => {
    const onItsWay = move(sending, dismiss).becomes
    expect(onItsWay).toMatchObject({ state: 'cancelled', sending: true, dueAt: at(30) })
    expect(move(onItsWay, answer.retry).becomes).toMatchObject({ state: 'cancelled', dueAt: null })
    const ending: Attempt = { ...queued, purpose: 'stand-down' }
    expect(move(ending, dismiss)).toEqual({ becomes: ending, effects: [] })
  })
})

describe('usefulness', () => {
  test.for([
    ['alarm', 10],
    ['stand-down', 30],
    ['notice', 12 * 60],
  ] as const)('a %s is not begun after %i minutes', ([purpose, length]) => {
    const attempt: Attempt = { ...queued, purpose }
    const over = plus(T0, minutes(length))
    expect(dueFor(attempt, plus(over, -1 as Millis))).toBe('try')
    expect(dueFor(attempt, over)).toBe('settle')
    expect(move(attempt, { type: 'clock', now: over }).becomes).toMatchObject({
      state: 'failed',
      why: 'too-late',
      dueAt: null,
    })
  })
})

describe('an acceptance', () => {
  const first = move(inState.sent, person.accepted)
  test('lasts as long as they need, and five minutes', () => {
    expect(first.becomes).toMatchObject({ state: 'accepted', acceptedUntil: plus(now, minutes(20)) })
    expect(first.effects).toEqual([{ do: 'prove' }, { do: 'tell', kind: 'accepted', eta }, { do: 'wake' }])
  })
  test('sent twice is one; another length, or the same a minute later, is another', () => {
    expect(move(first.becomes, { ...person.accepted, now: at(79) })).toEqual({ becomes: first.becomes, effects: [] })
    const later = move(first.becomes, { ...person.accepted, now: at(80) })
    expect(later.becomes).toMatchObject({ at: { accepted: at(80) }, acceptedUntil: plus(at(80), minutes(20)) })
    const sooner = move(first.becomes, { ...person.accepted, now: at(21), eta: minutes(5) })
    expect(sooner.becomes.acceptedUntil).toBe(plus(at(21), minutes(10)))
  })
  test('can be taken back and given again; a callback that comes in once more does not give it again', () => {
    const back = move(first.becomes, { ...person.declined, now: at(30) })
    expect(back.becomes).toMatchObject({ state: 'declined', acceptedUntil: null })
    expect(move(back.becomes, { ...word.accepted, now: at(31) })).toEqual({ becomes: back.becomes, effects: [] })
    expect(move(back.becomes, { ...person.accepted, now: at(40) }).becomes.state).toBe('accepted')
  })
  test('of a stand-down means that it was heard', () => {
    const told = move({ ...sending, purpose: 'stand-down' }, answer.sent).becomes
    expect(move(told, word.accepted)).toMatchObject({ becomes: { state: 'seen' }, effects: [{ do: 'prove' }] })
  })
})

test('what was given up and arrives after all wakes whoever has to say that somebody else goes by now, once', () => {
  const after = move(inState.failed, word.delivered)
  expect(after).toMatchObject({ becomes: { state: 'delivered' }, effects: [{ do: 'wake' }] })
  expect(move(after.becomes, word.delivered).effects).toEqual([])
})
