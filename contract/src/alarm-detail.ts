import Type, { type Static } from 'typebox'
import { Alarm } from './alarm.ts'
import { Contact } from './contact.ts'
import { EscalationView } from './escalation.ts'
import { Notification } from './notification.ts'
import { Handover, PlanView } from './plan.ts'
import { Resident } from './resident.ts'
import { OfferedResponder } from './responder.ts'
import { nullable, oneOf, Time } from './schema.ts'
import { TimelineEntry } from './timeline.ts'

/** One alarm with all that its page shows. */

export const Occurrence = Type.Object({
  event: Type.String(),
  phase: oneOf(['raised', 'returned'] as const),
  device: Type.String(),
  occurredAt: Time,
  heardAt: Time,
  storedAt: Time,
  sentAt: Time,
  receivedAt: Time,
  late: Type.Boolean(),
  /** How old it was when it was received, in seconds. */
  lateByS: Type.Optional(Type.Number()),
  snapshot: nullable(Type.Record(Type.String(), Type.Unknown())),
})
export type Occurrence = Static<typeof Occurrence>

export const Answered = Type.Object({
  answer: oneOf(['going', 'cannot'] as const),
  etaMinutes: nullable(Type.Integer()),
})
export type Answered = Static<typeof Answered>

export const AlarmDetail = Type.Intersect([
  Alarm,
  Type.Object({
    occurrenceList: Type.Array(Occurrence),
    timeline: Type.Array(TimelineEntry),
    plan: PlanView,
    /** What was handed over to outside agencies, oldest first. */
    handovers: Type.Array(Handover),
    contacts: Type.Array(Contact),
    /** Who can be asked to go, who should be asked first in front; `dispatch` names one who has been spoken to and is on their way. */
    responders: Type.Optional(Type.Array(OfferedResponder)),
    notifications: Type.Array(Notification),
    /** Where each track stands and what comes next by itself. */
    escalation: Type.Optional(Type.Array(EscalationView)),
    /** Who has said that they go, whoever is there first in front. Nobody else is asked before `until`. */
    going: Type.Optional(
      Type.Array(Type.Object({ name: Type.String(), arrivesAt: Time, until: Time, me: Type.Boolean() })),
    ),
    /** What the reader has said last; null for who has not, or is none of those who are asked. */
    answered: Type.Optional(nullable(Answered)),
    resident: nullable(Resident),
  }),
])
export type AlarmDetail = Static<typeof AlarmDetail>
