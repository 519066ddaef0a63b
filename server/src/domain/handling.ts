import {
  assertNever,
  type ErrorCode,
  type EventClass,
  type Instant,
  type Millis,
  minutes,
  plus,
  seconds,
} from '@anju/contract'
import type { Disposition, TimelineKind } from '@anju/contract/api'
import type { AgencyAnswer, HandlingInput, Held } from './handling-input.ts'
import { type Claimant, extend, grant, holdsUntil, type Lease, sameClaimant } from './lease.ts'
import { isOfferedTo, named, type Offer, offerHolds, offerTo } from './offer.ts'

/** Who has the alarm. One of two machines: what the thing itself does is in `condition.ts`. */
export type Handling =
  | { readonly at: 'new'; readonly since: Instant; readonly abandonedBy: Claimant | null }
  | { readonly at: 'claimed' | 'in-progress'; readonly lease: Lease; readonly offer: Offer | null }
  | { readonly at: 'parked'; readonly until: Instant; readonly by: Claimant }
  /** `by` is null when a technical alarm closed itself on restore; that cannot be undone. */
  | {
      readonly at: 'closed'
      readonly disposition: Disposition
      readonly by: Claimant | null
      readonly closedAt: Instant
    }

/** What the machine decides about: the handling, what it must never do by itself (class), and the last fence given out. */
export interface Case {
  readonly class: EventClass
  readonly handling: Handling
  readonly fence: number
}

export type Effect =
  /** Into the timeline, and the cause of the live item. */
  | {
      readonly do: 'tell'
      readonly kind: TimelineKind
      readonly by: Claimant | null
      readonly text: string | null
      readonly detail: Readonly<Record<string, unknown>>
    }
  | { readonly do: 'reach'; readonly rung: 'L4' | 'L5' | 'L6' }
  /** An undone close: the rung is not reached any more. */
  | { readonly do: 'withdraw'; readonly rung: 'L6' }

export type Decision =
  | { readonly becomes: Case; readonly effects: readonly Effect[] }
  | { readonly refused: ErrorCode; readonly owner: Claimant | null }

export interface HandlingPolicy {
  readonly leaseFor: Millis
  readonly undoFor: Millis
  /** How long a colleague may think about it: then whoever holds the alarm asks somebody else. */
  readonly offerFor: Millis
}
export const HANDLING_POLICY: HandlingPolicy = {
  leaseFor: seconds(60),
  undoFor: seconds(60),
  offerFor: minutes(10),
}
export const parkAtMost = minutes(60)

/**
 * Decides, and does nothing: the caller saves what it becomes and its effects in one transaction, then acts. The clock is
 * heard first, whatever the input: a lease that has run out is gone, whether or not a deadline has been worked off yet.
 */
export function handle(given: Case, input: HandlingInput, policy: HandlingPolicy = HANDLING_POLICY): Decision {
  const settled = onClock(given, input.now)
  const decision = decide(settled.becomes, input, policy)
  return 'refused' in decision ? decision : { ...decision, effects: [...settled.effects, ...decision.effects] }
}

function decide(now: Case, input: HandlingInput, policy: HandlingPolicy): Decision {
  const { handling } = now
  switch (input.type) {
    case 'clock':
      return unchanged(now)
    case 'occurrence':
      // The same thing again. A closed alarm is never reopened by a signal, and a park was a promise that nothing new happens.
      if (handling.at === 'closed') return refuse('alarm-closed')
      if (handling.at !== 'parked') return unchanged(now)
      return to(now, { at: 'new', since: input.now, abandonedBy: null }, [
        tell('unparked', null, { why: 'occurrence' }),
      ])
    case 'returned':
      // Nothing automatic ever closes life or hazard, nor takes work out of somebody's hands.
      if (now.class === 'life' || now.class === 'hazard' || handling.at === 'closed' || isHeld(handling))
        return unchanged(now)
      return to(now, { at: 'closed', disposition: RESTORED, by: null, closedAt: input.now }, [
        tell('closed', null, { why: 'returned' }),
        reach('L6'),
      ])
    case 'claim':
      return claim(now, input.by, input.now, policy)
    case 'takeover':
      return takeover(now, input, policy)
    case 'undo-close':
      return undo(now, input.by, input.now, policy)
    case 'decline-offer':
      return isHeld(handling) && isOfferedTo(handling.offer, input.by)
        ? to(now, { ...handling, offer: null }, [tell('offer-declined', input.by, { from: named(handling.lease.by) })])
        : refuse('transition-refused', ownerOf(handling))
    case 'agency-answer':
      // It can come hours later, to whoever takes the call; it moves nothing.
      return to(now, handling, [tell('agency-answered', input.by, answerOf(input))])
    default:
      return isHeld(handling) && holds(handling.lease, input)
        ? asHolder(now, handling, input, policy)
        : refuse('lease-stale', ownerOf(handling))
  }
}

export type HeldHandling = Extract<Handling, { readonly lease: Lease }>
type HolderInput = Extract<HandlingInput, { readonly lease: number }>

function asHolder(now: Case, handling: HeldHandling, input: HolderInput, policy: HandlingPolicy): Decision {
  const { by } = input
  const working = { ...handling, at: 'in-progress' } as const
  switch (input.type) {
    case 'renew':
      return to(now, { ...handling, lease: extend(handling.lease, input.now, policy.leaseFor) }, [])
    case 'release':
      return to(now, { at: 'new', since: input.now, abandonedBy: by }, [tell('released', by, {}, input.note ?? null)])
    case 'offer':
      return offered(now, handling, input, policy)
    case 'withdraw-offer':
      return handling.offer ? to(now, { ...handling, offer: null }, [withdrawn(by, handling.offer)]) : unchanged(now)
    case 'start':
      return handling.at === 'in-progress' ? unchanged(now) : to(now, working, [tell('started', by)])
    case 'reveal':
      // A look is no work on the alarm: it moves nothing, and no step of a plan is done by it.
      return to(now, handling, [tell('access-shown', by)])
    case 'note':
      return to(now, handling, [tell('noted', by, {}, input.text)])
    case 'park':
      return to(now, { at: 'parked', until: plus(input.now, input.for), by }, [
        tell('parked', by, { minutes: input.for / minutes(1) }, input.note),
      ])
    case 'contact':
      return to(now, working, [
        tell('contacted', by, {
          contact: input.contact,
          outcome: input.outcome,
          ...(input.way === undefined ? {} : { way: input.way }),
        }),
        ...(input.reached ? [reach('L5')] : []),
      ])
    case 'dispatch':
      return to(now, working, [tell('dispatched', by, { responder: input.responder }), reach('L5')])
    case 'close':
      return to(now, { at: 'closed', disposition: input.disposition, by, closedAt: input.now }, [
        tell('closed', by, { ...input.disposition }, input.note),
        reach('L6'),
      ])
    case 'step':
      return to(now, working, [tell(`step-${input.outcome}`, by, { step: input.step }, input.note)])
    case 'manual':
      return to(now, working, [tell('plan-left', by, {}, input.reason)])
    case 'hand-over':
      // Told is not come: only somebody on the way is contact made.
      return to(now, working, [
        tell('handed-over', by, { agency: input.agency, onTheWay: input.onTheWay }, input.note),
        ...(input.onTheWay ? [reach('L5')] : []),
      ])
    case 'agency-on-way':
      return to(now, working, [tell('agency-answered', by, { ...answerOf(input), onTheWay: true }), reach('L5')])
    default:
      return assertNever(input)
  }
}

const answerOf = ({ handover, caseNumber, outcome }: AgencyAnswer) => ({ handover, caseNumber, outcome })

function claim(now: Case, by: Claimant, at: Instant, policy: HandlingPolicy): Decision {
  const { handling } = now
  if (handling.at === 'closed') return refuse('alarm-closed')
  if (!isHeld(handling)) return granted(now, 'claimed', by, at, policy, [tell('claimed', by), reach('L4')])
  // The same seat asking twice (a double click, an answer that was lost) already has what it asks for.
  if (sameClaimant(handling.lease.by, by))
    return to(now, { ...handling, lease: extend(handling.lease, at, policy.leaseFor) }, [])
  // From hand to hand: it is in somebody's all the while, and the one who had it is fenced off from here on.
  if (isOfferedTo(handling.offer, by))
    return granted(now, handling.at, by, at, policy, [tell('offer-accepted', by, { from: named(handling.lease.by) })])
  return refuse('claimed-by-other', handling.lease.by)
}

type OfferInput = Extract<HandlingInput, { type: 'offer' }>

/** To one colleague at a time: whom it was offered to before need not think about it any more. */
function offered(now: Case, handling: HeldHandling, input: OfferInput, policy: HandlingPolicy): Decision {
  const { offer: before } = handling
  const offer = offerTo(input.to, input.note, input.now, policy.offerFor)
  return to(now, { ...handling, offer }, [
    ...(before && before.to.person !== input.to.person ? [withdrawn(input.by, before)] : []),
    tell('offered', input.by, { to: named(input.to) }, input.note),
  ])
}
const withdrawn = (by: Claimant, { to: whom }: Offer): Effect => tell('offer-withdrawn', by, { to: named(whom) })

function takeover(now: Case, input: Extract<HandlingInput, { type: 'takeover' }>, policy: HandlingPolicy): Decision {
  const { handling } = now
  if (handling.at === 'closed') return refuse('alarm-closed')
  const from = ownerOf(handling)
  const told = tell('taken-over', input.by, { from: from && named(from) }, input.reason)
  return granted(now, handling.at === 'in-progress' ? 'in-progress' : 'claimed', input.by, input.now, policy, [
    told,
    reach('L4'),
  ])
}

function undo(now: Case, by: Claimant, at: Instant, policy: HandlingPolicy): Decision {
  const { handling } = now
  if (handling.at !== 'closed') return refuse('alarm-not-closed', ownerOf(handling))
  if (handling.by?.person !== by.person) return refuse('forbidden')
  if (at >= plus(handling.closedAt, policy.undoFor)) return refuse('undo-expired')
  return granted(now, 'in-progress', by, at, policy, [tell('undone', by), { do: 'withdraw', rung: 'L6' }])
}

/** What time alone does: a lease that was not renewed is lost, an offer or a park is over. It never closes anything. */
function onClock(given: Case, now: Instant): { becomes: Case; effects: Effect[] } {
  const { handling } = given
  if (isHeld(handling) && !holdsUntil(handling.lease, now)) {
    const { by, until } = handling.lease
    return {
      becomes: { ...given, handling: { at: 'new', since: until, abandonedBy: by } },
      effects: [tell('abandoned', by)],
    }
  }
  if (isHeld(handling) && handling.offer && !offerHolds(handling.offer, now))
    return {
      becomes: { ...given, handling: { ...handling, offer: null } },
      effects: [tell('offer-over', null, { to: named(handling.offer.to) })],
    }
  if (handling.at === 'parked' && now >= handling.until)
    return {
      becomes: { ...given, handling: { at: 'new', since: handling.until, abandonedBy: null } },
      effects: [tell('unparked', null, { why: 'over' })],
    }
  return { becomes: given, effects: [] }
}

export const isHeld = (handling: Handling): handling is HeldHandling =>
  handling.at === 'claimed' || handling.at === 'in-progress'

export const ownerOf = (handling: Handling): Claimant | null => (isHeld(handling) ? handling.lease.by : null)

/** A technical alarm whose cause went away by itself. */
const RESTORED: Disposition = { code: 'technical', cause: 'other', outcome: 'repaired' }

const holds = (lease: Lease, input: Held): boolean =>
  lease.token === input.lease && sameClaimant(lease.by, input.by) && holdsUntil(lease, input.now)

function granted(
  now: Case,
  at: 'claimed' | 'in-progress',
  by: Claimant,
  when: Instant,
  policy: HandlingPolicy,
  effects: Effect[],
): Decision {
  const lease = grant(by, now.fence, when, policy.leaseFor)
  return { becomes: { ...now, handling: { at, lease, offer: null }, fence: lease.token }, effects }
}

const to = (now: Case, handling: Handling, effects: readonly Effect[]): Decision => ({
  becomes: { ...now, handling },
  effects,
})
const unchanged = (now: Case): Decision => ({ becomes: now, effects: [] })
const refuse = (refused: ErrorCode, owner: Claimant | null = null): Decision => ({ refused, owner })
const reach = (rung: 'L4' | 'L5' | 'L6'): Effect => ({ do: 'reach', rung })
const tell = (
  kind: TimelineKind,
  by: Claimant | null,
  detail: Readonly<Record<string, unknown>> = {},
  text: string | null = null,
): Effect => ({ do: 'tell', kind, by, text, detail })
