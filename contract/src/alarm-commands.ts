import Type, { type Static } from 'typebox'
import { Alarm, Disposition } from './alarm.ts'
import { CONTACT_OUTCOMES } from './disposition.ts'
import { Lease, leaseField } from './lease.ts'
import { Handover } from './plan.ts'
import { body, nullable, oneOf } from './schema.ts'

/** What is done about an alarm, and what comes back. Those that carry no lease are for who does not hold it. */

/** The answer of every command on an alarm; `lease` while the caller holds it. */
export const AlarmCommandAnswer = Type.Object({
  alarm: Alarm,
  lease: nullable(Lease),
  /** What was handed over, after that command. */
  handover: Type.Optional(Handover),
})
export type AlarmCommandAnswer = Static<typeof AlarmCommandAnswer>

/** How one gets in, once, to whoever holds the alarm: each such answer is a look that stands in its timeline. */
export const RevealAnswer = Type.Intersect([AlarmCommandAnswer, Type.Object({ access: Type.String() })])
export type RevealAnswer = Static<typeof RevealAnswer>

export const RenewBody = body(leaseField)

/** `note`: what whoever takes it next should know. */
export const ReleaseBody = body({ ...leaseField, note: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })) })

/** `to`: a colleague of one's own centre who may take alarms. `note`: what they should know. */
export const OfferBody = body({
  ...leaseField,
  to: Type.String({ minLength: 1, maxLength: 64 }),
  note: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
})

export const NoteBody = body({ ...leaseField, text: Type.String({ minLength: 1, maxLength: 2_000 }) })

export const ParkBody = body({
  ...leaseField,
  minutes: Type.Integer({ minimum: 1, maximum: 60 }),
  note: Type.String({ minLength: 1, maxLength: 500 }),
})

export const ContactBody = body({
  ...leaseField,
  contactId: Type.String({ maxLength: 64 }),
  outcome: oneOf(CONTACT_OUTCOMES),
  /** Which of their numbers was called; without it, their only one, when they have one. */
  wayId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
})

export const DispatchBody = body({ ...leaseField, responderId: Type.String({ maxLength: 64 }) })

export const CloseBody = body({
  ...leaseField,
  disposition: Disposition,
  note: Type.Optional(Type.String({ maxLength: 2_000 })),
})

export const TakeoverBody = body({ reason: Type.String({ minLength: 1, maxLength: 500 }) })

export const ShownBody = body({ console: Type.String({ minLength: 1, maxLength: 64 }) })
