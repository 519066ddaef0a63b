import { type Instant, instant, minutes, type PersonId, plus, type SessionId, seconds } from '@anju/contract'
import type { Disposition } from '@anju/contract/api'
import type { Decision, Handling, HeldHandling } from './handling.ts'
import type { HandlingInput } from './handling-input.ts'
import type { Claimant } from './lease.ts'

export const T0 = instant(Date.parse('2026-01-01T00:00:00.000Z'))
export const at = (s: number): Instant => plus(T0, seconds(s))
export const seat = (person: string, session = person): Claimant => ({
  person: person as PersonId,
  name: person,
  session: session as SessionId,
})
export const li = seat('li')
export const liElsewhere = seat('li', 'li-2')
export const chen = seat('chen')
export const helped: Disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' }

export const fresh: Handling = { at: 'new', since: T0, abandonedBy: null }
export const claimed: HeldHandling = { at: 'claimed', lease: { token: 4, by: li, until: at(60) }, offer: null }
export const working: HeldHandling = { ...claimed, at: 'in-progress' }
export const offered: HeldHandling = {
  ...claimed,
  offer: { to: { person: chen.person, name: 'chen' }, at: T0, until: at(600), note: 'the son comes' },
}
export const offeredWorking: HeldHandling = { ...offered, at: 'in-progress' }
export const parked: Handling = { at: 'parked', until: at(60), by: li }
export const closed: Handling = { at: 'closed', disposition: helped, by: li, closedAt: T0 }
export const closedItself: Handling = { ...closed, by: null }

export const now = at(1)
const answered = { caseNumber: 'A-17', outcome: null }
export const input = {
  occurrence: { type: 'occurrence', now },
  returned: { type: 'returned', now },
  claim: (by: Claimant, when = now) => ({ type: 'claim', by, now: when }),
  renew: (by: Claimant, lease: number, when = now) => ({ type: 'renew', by, lease, now: when }),
  offer: (to: Claimant) => ({
    type: 'offer',
    by: li,
    lease: 4,
    to: { person: to.person, name: to.name },
    note: 'the son comes',
    now,
  }),
  withdraw: { type: 'withdraw-offer', by: li, lease: 4, now },
  decline: (by: Claimant) => ({ type: 'decline-offer', by, now }),
  release: { type: 'release', by: li, lease: 4, now },
  start: { type: 'start', by: li, lease: 4, now },
  reveal: { type: 'reveal', by: li, lease: 4, now },
  note: { type: 'note', by: li, lease: 4, text: 'spoke to her', now },
  park: { type: 'park', by: li, lease: 4, for: minutes(5), note: 'neighbour looks', now },
  contact: (reached: boolean) => ({
    type: 'contact',
    by: li,
    lease: 4,
    contact: 'c1',
    reached,
    outcome: reached ? 'reached' : 'busy',
    now,
  }),
  dispatch: { type: 'dispatch', by: li, lease: 4, responder: 'r1', now },
  close: (by: Claimant, lease: number, when = now) => ({
    type: 'close',
    by,
    lease,
    disposition: helped,
    note: null,
    now: when,
  }),
  undo: (by: Claimant, when = now) => ({ type: 'undo-close', by, now: when }),
  takeover: (by: Claimant) => ({ type: 'takeover', by, reason: 'shift ends', now }),
  clock: (when: Instant) => ({ type: 'clock', now: when }),
  step: (by: Claimant) => ({ type: 'step', by, lease: 4, step: 'speak', outcome: 'done', note: null, now }),
  manual: { type: 'manual', by: li, lease: 4, reason: 'the number is wrong', now },
  handOver: (onTheWay: boolean) => ({ type: 'hand-over', by: li, lease: 4, agency: 'fire', note: null, onTheWay, now }),
  onWay: (lease: number) => ({ type: 'agency-on-way', by: li, lease, handover: '1', ...answered, now }),
  answer: (by: Claimant) => ({ type: 'agency-answer', by, handover: '1', ...answered, now }),
} satisfies Record<string, HandlingInput | ((...args: never[]) => HandlingInput)>

export const outcomeOf = (decision: Decision) =>
  'refused' in decision
    ? { refused: decision.refused }
    : {
        becomes: decision.becomes.handling,
        doing: decision.effects.map((effect) =>
          effect.do === 'tell' ? effect.kind : effect.do === 'reach' ? effect.rung : `withdraw ${effect.rung}`,
        ),
        fence: decision.becomes.fence,
      }
