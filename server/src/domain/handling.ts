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
import type { Agency, ContactOutcome, Disposition, StepOutcome, TimelineKind } from '@anju/contract/api'
import { type Claimant, extend, grant, holdsUntil, type Lease, sameClaimant } from './lease.ts'

/** Who has the alarm. One of two machines: what the thing itself does is in `condition.ts`. */
export type Handling =
  | { readonly at: 'new'; readonly since: Instant; readonly abandonedBy: Claimant | null }
  | { readonly at: 'claimed' | 'in-progress'; readonly lease: Lease }
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

interface Held {
  readonly by: Claimant
  readonly lease: number
  readonly now: Instant
}
export type HandlingInput =
  | { readonly type: 'occurrence' | 'returned' | 'clock'; readonly now: Instant }
  | { readonly type: 'claim' | 'undo-close'; readonly by: Claimant; readonly now: Instant }
  | { readonly type: 'takeover'; readonly by: Claimant; readonly reason: string; readonly now: Instant }
  | ({ readonly type: 'renew' | 'start' | 'reveal' } & Held)
  | ({ readonly type: 'release'; readonly note?: string | undefined } & Held)
  | ({ readonly type: 'note'; readonly text: string } & Held)
  | ({ readonly type: 'park'; readonly for: Millis; readonly note: string } & Held)
  | ({
      readonly type: 'contact'
      readonly contact: string
      readonly reached: boolean
      readonly outcome: ContactOutcome
      /** Which of their numbers was called. */
      readonly way?: string | undefined
    } & Held)
  | ({ readonly type: 'dispatch'; readonly responder: string } & Held)
  | ({ readonly type: 'close'; readonly disposition: Disposition; readonly note: string | null } & Held)
  // What hangs on an alarm beside its handling, and belongs to whoever holds it: its plan, and outside agencies.
  | ({
      readonly type: 'step'
      readonly step: string
      readonly outcome: StepOutcome
      readonly note: string | null
    } & Held)
  | ({ readonly type: 'manual'; readonly reason: string } & Held)
  | ({
      readonly type: 'hand-over'
      readonly agency: Agency
      readonly note: string | null
      readonly onTheWay: boolean
    } & Held)
  | ({ readonly type: 'agency-on-way' } & AgencyAnswer & Held)
  | ({ readonly type: 'agency-answer'; readonly by: Claimant; readonly now: Instant } & AgencyAnswer)

/** What an agency said later of what was handed over to it; null where it said nothing. */
export interface AgencyAnswer {
  readonly handover: string
  readonly caseNumber: string | null
  readonly outcome: string | null
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
}
export const HANDLING_POLICY: HandlingPolicy = { leaseFor: seconds(60), undoFor: seconds(60) }
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
    case 'agency-answer':
      // It can come hours later, to whoever takes the call; it moves nothing.
      return to(now, handling, [tell('agency-answered', input.by, answerOf(input))])
    default:
      return isHeld(handling) && holds(handling.lease, input)
        ? asHolder(now, handling, input, policy)
        : refuse('lease-stale', ownerOf(handling))
  }
}

type HeldHandling = Extract<Handling, { readonly lease: Lease }>
type HolderInput = Extract<HandlingInput, { readonly lease: number }>

function asHolder(now: Case, handling: HeldHandling, input: HolderInput, policy: HandlingPolicy): Decision {
  const { by } = input
  const working = { ...handling, at: 'in-progress' } as const
  switch (input.type) {
    case 'renew':
      return to(now, { ...handling, lease: extend(handling.lease, input.now, policy.leaseFor) }, [])
    case 'release':
      return to(now, { at: 'new', since: input.now, abandonedBy: by }, [tell('released', by, {}, input.note ?? null)])
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
  return refuse('claimed-by-other', handling.lease.by)
}

function takeover(now: Case, input: Extract<HandlingInput, { type: 'takeover' }>, policy: HandlingPolicy): Decision {
  const { handling } = now
  if (handling.at === 'closed') return refuse('alarm-closed')
  const from = ownerOf(handling)
  const told = tell(
    'taken-over',
    input.by,
    { from: from ? { personId: from.person, name: from.name } : null },
    input.reason,
  )
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

/** What time alone does: a lease that was not renewed is lost, a park is over. It never closes anything. */
function onClock(given: Case, now: Instant): { becomes: Case; effects: Effect[] } {
  const { handling } = given
  if (isHeld(handling) && !holdsUntil(handling.lease, now)) {
    const { by, until } = handling.lease
    return {
      becomes: { ...given, handling: { at: 'new', since: until, abandonedBy: by } },
      effects: [tell('abandoned', by)],
    }
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
  return { becomes: { ...now, handling: { at, lease }, fence: lease.token }, effects }
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
