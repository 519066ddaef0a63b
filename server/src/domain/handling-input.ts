import type { Instant, Millis } from '@anju/contract'
import type { Agency, ContactOutcome, Disposition, StepOutcome } from '@anju/contract/api'
import type { Claimant } from './lease.ts'
import type { Colleague } from './offer.ts'

/** What comes only from whoever holds the alarm, with the token they were given. */
export interface Held {
  readonly by: Claimant
  readonly lease: number
  readonly now: Instant
}

/** What an agency said later of what was handed over to it; null where it said nothing. */
export interface AgencyAnswer {
  readonly handover: string
  readonly caseNumber: string | null
  readonly outcome: string | null
}

/** Everything that can happen to a handling. */
export type HandlingInput =
  | { readonly type: 'occurrence' | 'returned' | 'clock'; readonly now: Instant }
  | { readonly type: 'claim' | 'undo-close'; readonly by: Claimant; readonly now: Instant }
  | { readonly type: 'takeover'; readonly by: Claimant; readonly reason: string; readonly now: Instant }
  | ({ readonly type: 'renew' | 'start' | 'reveal' } & Held)
  | ({ readonly type: 'release'; readonly note?: string | undefined } & Held)
  // To a colleague by name. They take it on by a claim, or say that they cannot.
  | ({ readonly type: 'offer'; readonly to: Colleague; readonly note: string | null } & Held)
  | ({ readonly type: 'withdraw-offer' } & Held)
  | { readonly type: 'decline-offer'; readonly by: Claimant; readonly now: Instant }
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
