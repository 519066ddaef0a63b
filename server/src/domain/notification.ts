import { assertNever, between, type Instant, type Millis, minutes, plus, seconds } from '@anju/contract'
import type { Channel, NotificationState, Purpose } from '@anju/contract/api'
import { backoff } from './backoff.ts'
import { isStalled } from './stalled.ts'

/** What is known of one attempt to reach one person, and what the sender has to do with it next. */
export interface Attempt {
  readonly purpose: Purpose
  readonly channel: Channel
  /** For life and hazard: an attempt of unknown outcome is made once more. */
  readonly urgent: boolean
  readonly queuedAt: Instant
  readonly state: NotificationState
  /** The provider's own word for a failure, or ours. */
  readonly why: string | null
  /** When each thing was first known to be true; of `accepted` the latest. `cancelled` is also set for what is only not repeated. */
  readonly at: Readonly<Record<Milestone, Instant | null>>
  readonly acceptedUntil: Instant | null
  readonly tries: number
  /** How many of the tries may have left although nothing was heard of them. */
  readonly doubts: number
  /** When the sender has something to do; null: never again. */
  readonly dueAt: Instant | null
  /** The number of the latest try. What an older one answers is too late. */
  readonly fence: number
  /** Somebody holds `fence` and has not answered yet. */
  readonly sending: boolean
}
export type Milestone = Exclude<NotificationState, 'queued' | 'unknown'>
export const MILESTONES = ['sent', 'delivered', 'seen', 'accepted', 'declined', 'failed', 'cancelled'] as const

/** Pressed on our own page, in an order we know; or handed on by a provider, perhaps twice and in any order. */
export type AnsweredBy = 'person' | 'provider'

export type NotificationInput = { readonly now: Instant } & (
  | { readonly type: 'took'; readonly leaseFor: Millis }
  /** `fence`: the try that is answered; null in what a provider says later. */
  | { readonly type: 'sent' | 'delivered'; readonly fence: number | null }
  | { readonly type: 'seen' }
  | { readonly type: 'accepted'; readonly by: AnsweredBy; readonly eta: Millis }
  | { readonly type: 'declined'; readonly by: AnsweredBy }
  | { readonly type: 'failed'; readonly fence: number | null; readonly why: string; readonly addressDead: boolean }
  | {
      readonly type: 'retry'
      readonly fence: number
      readonly why: string
      readonly after: Millis | null
      readonly chance: number
    }
  | { readonly type: 'unknown'; readonly fence: number; readonly why: string; readonly chance: number }
  /** `withdraw`: nobody needs it any more. `dismiss`: this person is not to be asked any more. */
  | { readonly type: 'withdraw' | 'dismiss' | 'clock' }
)

export type NotificationEffect =
  /** The escalation of this alarm has something new to go by. */
  | { readonly do: 'wake' }
  /** Somebody who need not go is not told so by this: another way may be left, or the log has to say so. */
  | { readonly do: 'lose' }
  /** Into the alarm's timeline. */
  | { readonly do: 'tell'; readonly kind: 'accepted'; readonly eta: Millis }
  | { readonly do: 'tell'; readonly kind: 'declined' }
  /** A person answered there: the address works. */
  | { readonly do: 'prove' }
  | { readonly do: 'bury'; readonly why: string }

export interface Moved {
  readonly becomes: Attempt
  readonly effects: readonly NotificationEffect[]
}

/** Later than this an attempt would tell of something that is over, or that others have been asked about long since. */
export const usefulFor: Readonly<Record<Purpose, Millis>> = {
  alarm: minutes(10),
  'stand-down': minutes(30),
  notice: minutes(12 * 60),
}
/** Each of them may have rung a telephone: one more is for life's sake, ten would be for nobody's. */
const doubtsMax = 3
export const etaDefault = minutes(15)
/** Nobody arrives to the minute. */
export const etaGrace = minutes(5)
/** The same answer once more within this time is a double tap or a resend, and not a second answer. */
const resendWithin = seconds(60)

/**
 * How far each state is along the way to a person. Whatever a provider says counts only if it is further: so its words may come
 * twice and in any order. A failure is less than having arrived: "no answer" after "delivered" was an interim verdict, "delivered"
 * after "no answer" is proof. It is more than having been sent, which says nothing of arriving.
 */
const RANK: Readonly<Record<NotificationState, number>> = {
  queued: 0,
  cancelled: 1,
  unknown: 2,
  sent: 3,
  failed: 4,
  delivered: 5,
  seen: 6,
  declined: 7,
  accepted: 8,
}

/** Decides, and does nothing: the caller saves what it becomes, and its effects, in one transaction under the alarm's lock. */
export function move(attempt: Attempt, input: NotificationInput): Moved {
  switch (input.type) {
    case 'took':
      return same({
        ...lapsed(attempt),
        tries: attempt.tries + 1,
        fence: attempt.fence + 1,
        sending: true,
        dueAt: plus(input.now, input.leaseFor),
      })
    case 'sent':
    case 'delivered':
    case 'seen':
      return arrived(answered(attempt, 'fence' in input ? input.fence : null), input.type, input.now)
    case 'accepted':
      return accepted(attempt, input)
    case 'declined':
      return declined(attempt, input)
    case 'failed':
      if (isStale(attempt, input.fence)) return same(attempt)
      return failed(answered(attempt, input.fence), input)
    case 'retry':
      return input.fence === attempt.fence ? retried(answered(attempt, input.fence), input) : same(attempt)
    case 'unknown':
      if (input.fence !== attempt.fence) return same(attempt)
      return repeated(
        doubted(answered(attempt, input.fence), input.why),
        backoff(attempt.tries, input.now, input.chance),
      )
    case 'withdraw':
      return withdrawn(attempt, input.now)
    case 'dismiss':
      return dismissed(attempt, input.now)
    case 'clock':
      return onClock(attempt, input.now)
    default:
      return assertNever(input)
  }
}

/** Whether it is to be tried at `now`, or to be settled by a `clock`; what is not due is neither. */
export function dueFor(attempt: Attempt, now: Instant): 'try' | 'settle' | 'nothing' {
  if (attempt.dueAt === null || now < attempt.dueAt) return 'nothing'
  const heard = lapsed(attempt)
  const wanted = heard.state === 'queued' || (heard.state === 'unknown' && mayRepeat(heard))
  return wanted && isUseful(attempt, now) ? 'try' : 'settle'
}

/** A try of which nothing was heard within its lease may have left: its process died, or stood still. */
const lapsed = (attempt: Attempt): Attempt =>
  attempt.sending ? doubted({ ...attempt, sending: false, dueAt: null }, 'interrupted') : attempt

const doubted = (attempt: Attempt, why: string): Attempt =>
  RANK[attempt.state] > RANK.unknown
    ? attempt
    : { ...attempt, state: 'unknown', why, doubts: attempt.doubts + 1, sending: false, dueAt: null }

/** The sender is told that its try is over; what becomes of the attempt is decided after. */
const answered = (attempt: Attempt, fence: number | null): Attempt =>
  fence === attempt.fence ? { ...attempt, sending: false, dueAt: null } : attempt
/** An older try's answer: it proves nothing against the newer one. */
const isStale = ({ fence: latest }: Attempt, fence: number | null) => fence !== null && fence !== latest

function arrived(attempt: Attempt, state: 'sent' | 'delivered' | 'seen', now: Instant): Moved {
  const becomes = advanced(attempt, state, now)
  const heard = state === 'seen' || (state === 'delivered' && attempt.channel === 'voice')
  const proves = heard && attempt.at[state] === null
  // Who was given up as not reached was told to go after all: perhaps somebody else goes by now, or nobody need.
  const turned = attempt.state === 'failed' && becomes.state !== 'failed'
  return { becomes, effects: [...(proves ? [{ do: 'prove' } as const] : []), ...(turned ? wakes(attempt) : [])] }
}

function accepted(attempt: Attempt, input: Extract<NotificationInput, { type: 'accepted' }>): Moved {
  const { by, eta, now } = input
  // Nobody was asked anything: whoever presses a key has heard it.
  if (attempt.purpose !== 'alarm') return arrived(attempt, 'seen', now)
  // A provider's word of an acceptance that has been counted, or was taken back since, is that one coming in again.
  if (by === 'provider' && attempt.at.accepted !== null) return same(attempt)
  const until = plus(plus(now, eta), etaGrace)
  if (isResent(attempt, eta, now)) return same(attempt)
  const further = advanced(attempt, 'accepted', now)
  return {
    becomes: { ...further, at: { ...further.at, accepted: now }, acceptedUntil: until },
    effects: [{ do: 'prove' }, { do: 'tell', kind: 'accepted', eta }, { do: 'wake' }],
  }
}

function isResent({ state, at, acceptedUntil }: Attempt, eta: Millis, now: Instant): boolean {
  if (state !== 'accepted' || at.accepted === null || acceptedUntil === null) return false
  return acceptedUntil === plus(plus(at.accepted, eta), etaGrace) && between(at.accepted, now) < resendWithin
}

function declined(attempt: Attempt, { by, now }: Extract<NotificationInput, { type: 'declined' }>): Moved {
  if (attempt.purpose !== 'alarm') return arrived(attempt, 'seen', now)
  if (attempt.state === 'declined') return same(attempt)
  const further = advanced(attempt, 'declined', now)
  // Only on our own page do we know that it was said after the acceptance.
  if (by === 'provider' && attempt.at.accepted !== null) return same(further)
  return {
    becomes: { ...further, state: 'declined', at: { ...further.at, declined: now }, acceptedUntil: null },
    effects: [{ do: 'prove' }, { do: 'tell', kind: 'declined' }, { do: 'wake' }],
  }
}

function failed(attempt: Attempt, input: Extract<NotificationInput, { type: 'failed' }>): Moved {
  const { why, addressDead, now } = input
  // The answer to one try of several: another one is known to have left.
  if (input.fence !== null && RANK[attempt.state] >= RANK.sent) return same(attempt)
  const further = advanced(attempt, 'failed', now)
  const turned = further.state === 'failed' && attempt.state !== 'failed'
  return {
    becomes: turned ? { ...further, why } : further,
    effects: [...(addressDead ? [{ do: 'bury', why } as const] : []), ...(turned ? misses(attempt) : [])],
  }
}

function retried(attempt: Attempt, input: Extract<NotificationInput, { type: 'retry' }>): Moved {
  const { why, now } = input
  if (attempt.state !== 'queued' && attempt.state !== 'unknown') return same(attempt)
  const asked = input.after === null ? now : plus(now, input.after)
  const again = Math.max(backoff(attempt.tries, now, input.chance), asked) as Instant
  if (attempt.state === 'unknown') return repeated(attempt, again)
  if (isUseful(attempt, again)) {
    const becomes = { ...attempt, why, dueAt: again }
    return { becomes, effects: isStalled(becomes, now) ? misses(attempt) : [] }
  }
  return failed(attempt, { type: 'failed', fence: null, why, addressDead: false, now })
}

/** It may have left. For life it is tried once more, for anything else it is left at that. */
function repeated(attempt: Attempt, again: Instant): Moved {
  if (attempt.state !== 'unknown') return same(attempt)
  if (mayRepeat(attempt) && isUseful(attempt, again)) return same({ ...attempt, dueAt: again })
  return { becomes: { ...attempt, dueAt: null }, effects: wakes(attempt) }
}

/** What has not left does not leave; what is on its way cannot be called back, but is not repeated. */
function withdrawn(attempt: Attempt, now: Instant): Moved {
  if ((attempt.state !== 'queued' && attempt.state !== 'unknown') || attempt.dueAt === null) return same(attempt)
  return same({
    ...attempt,
    state: attempt.state === 'queued' ? 'cancelled' : 'unknown',
    at: { ...attempt.at, cancelled: attempt.at.cancelled ?? now },
    dueAt: attempt.sending ? attempt.dueAt : null,
  })
}

/**
 * Nothing more leaves, and nobody waits for their answer: the next person is asked at once. Who was told to go still hears that
 * they need not.
 */
function dismissed(attempt: Attempt, now: Instant): Moved {
  const { purpose, state, at } = attempt
  if (purpose === 'stand-down' || !DISMISSIBLE.includes(state) || at.cancelled !== null) return same(attempt)
  const { becomes } = withdrawn(attempt, now)
  return { becomes: { ...becomes, at: { ...becomes.at, cancelled: now } }, effects: wakes(attempt) }
}
const DISMISSIBLE: readonly NotificationState[] = ['queued', 'unknown', 'sent', 'delivered', 'seen']

function onClock(attempt: Attempt, now: Instant): Moved {
  if (attempt.dueAt === null || now < attempt.dueAt) return same(attempt)
  const heard = lapsed(attempt)
  if (heard.state === 'unknown') return repeated(heard, now)
  const isLost = heard.state === 'failed' && attempt.purpose === 'stand-down'
  if (heard.state !== 'queued') return { becomes: { ...heard, dueAt: null }, effects: isLost ? misses(heard) : [] }
  if (isUseful(heard, now)) return same(heard)
  const why = heard.why ?? 'too-late'
  return failed({ ...heard, dueAt: null }, { type: 'failed', fence: null, why, addressDead: false, now })
}

const mayRepeat = ({ urgent, doubts, at }: Attempt): boolean => urgent && at.cancelled === null && doubts < doubtsMax
const isUseful = ({ purpose, queuedAt }: Attempt, at: Instant): boolean => at < plus(queuedAt, usefulFor[purpose])

/** What reaching a state says of those before it: who has seen it was delivered it. */
const IMPLIED: Readonly<Record<Exclude<Milestone, 'cancelled'>, readonly Milestone[]>> = {
  sent: ['sent'],
  failed: ['failed'],
  delivered: ['sent', 'delivered'],
  seen: ['sent', 'delivered', 'seen'],
  declined: ['sent', 'delivered', 'seen', 'declined'],
  accepted: ['sent', 'delivered', 'seen', 'accepted'],
}

/** Forward, never back. What came true is noted, whether or not it moves the state. */
function advanced(attempt: Attempt, to: Exclude<Milestone, 'cancelled'>, now: Instant): Attempt {
  const at = { ...attempt.at }
  for (const milestone of IMPLIED[to]) at[milestone] ??= now
  if (RANK[to] <= RANK[attempt.state]) return { ...attempt, at }
  // Nothing is left to do, unless a try is under way: that one ends by its own answer.
  return { ...attempt, at, state: to, why: null, dueAt: attempt.sending ? attempt.dueAt : null }
}

const wakes = ({ purpose }: Attempt): readonly NotificationEffect[] => (purpose === 'alarm' ? [{ do: 'wake' }] : [])
/** It does not reach them, or not soon. */
const misses = (attempt: Attempt): readonly NotificationEffect[] =>
  attempt.purpose === 'stand-down' ? [{ do: 'wake' }, { do: 'lose' }] : wakes(attempt)
const same = (becomes: Attempt): Moved => ({ becomes, effects: [] })
