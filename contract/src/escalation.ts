import Type, { type Static } from 'typebox'
import { writtenFromOrNone } from './changed.ts'
import { EVENT_CLASSES } from './event.ts'
import { CHANNELS } from './notification.ts'
import { body, nullable, oneOf, PersonsId, Time } from './schema.ts'

/**
 * How an alarm goes on to the next person when nobody takes it. A policy is data: kept per centre, event type or home,
 * and copied into the alarm at its beginning, so that an edit never changes a running alarm.
 */

/**
 * `centre` asks the people whose work it is, and is quiet while one of them holds the alarm. `family` asks relatives,
 * neighbours and responders, and is quiet while one of them is on the way. `long-lie` watches over whoever holds the alarm, until contact has been
 * made: every life and hazard alarm has it, whatever a centre's own policy says; of who fell its clock runs since the fall.
 */
export const TRACKS = ['centre', 'family', 'long-lie'] as const
export type Track = (typeof TRACKS)[number]

export const CONTACT_ROLES = ['family', 'neighbour', 'key-holder'] as const
export type ContactRole = (typeof CONTACT_ROLES)[number]
export const RESPONDER_KINDS = ['staff', 'volunteer', 'social-worker', 'provider'] as const
export type ResponderKind = (typeof RESPONDER_KINDS)[number]
export const SHIFT_KINDS = ['seat', 'on-call', 'supervisor'] as const
export type ShiftKind = (typeof SHIFT_KINDS)[number]

const Id = Type.String({ minLength: 1, maxLength: 64 })
export const Target = Type.Union([
  /** Every console of the home's centre. */
  body({ to: Type.Literal('queue') }),
  body({ to: Type.Literal('seat'), seat: Id }),
  /** Whoever is supervisor on shift; without a shift plan, every supervisor of the centre. */
  body({ to: Type.Literal('supervisors') }),
  body({ to: Type.Literal('shift'), shift: oneOf(SHIFT_KINDS) }),
  /** The n-th contact in the home's own order (from 1), among those with the role when one is named. */
  body({
    to: Type.Literal('contact'),
    position: Type.Integer({ minimum: 1, maximum: 50 }),
    role: Type.Optional(oneOf(CONTACT_ROLES)),
  }),
  /** Whoever comes after the n-th of the home's contacts: a few at once, and the next time the next ones. */
  body({ to: Type.Literal('contacts'), after: Type.Integer({ minimum: 0, maximum: 50 }) }),
  /** Responders whose zone holds the home, nearest zone first. */
  body({ to: Type.Literal('responders'), kind: Type.Optional(oneOf(RESPONDER_KINDS)) }),
  /** Another centre: from then on it sees this alarm and its home, until the alarm is closed. */
  body({ to: Type.Literal('centre'), centre: Id }),
  /** The one this centre has named to stand in for it. */
  body({ to: Type.Literal('next-centre') }),
])
export type Target = Static<typeof Target>

/** What is sent together, and how long a deliberate acceptance is waited for before the next wave. */
export const Wave = body({
  channels: Type.Array(oneOf(CHANNELS), { minItems: 1, maxItems: CHANNELS.length }),
  timeoutS: Type.Integer({ minimum: 1, maximum: 86_400 }),
})
export type Wave = Static<typeof Wave>

export const Step = body({
  targets: Type.Array(Target, { minItems: 1, maxItems: 20 }),
  waves: Type.Array(Wave, { minItems: 1, maxItems: 10 }),
})
export type Step = Static<typeof Step>

export const TrackPolicy = body({
  /** How long after the alarm's beginning the first wave leaves; 0: with the alarm itself, whoever may have claimed it. */
  startAfterS: Type.Integer({ minimum: 0, maximum: 86_400 }),
  steps: Type.Array(Step, { minItems: 1, maxItems: 30 }),
  /** After the last step it begins anew, until a person has accepted. There is no last round. */
  repeatAfterS: Type.Integer({ minimum: 10, maximum: 86_400 }),
  /** Whether the track waits while an operator holds the alarm. The centre's own track always does. */
  quietWhileHeld: Type.Boolean(),
})
export type TrackPolicy = Static<typeof TrackPolicy>

export const EscalationPolicy = body({
  centre: TrackPolicy,
  family: Type.Optional(TrackPolicy),
  'long-lie': Type.Optional(TrackPolicy),
})
export type EscalationPolicy = Static<typeof EscalationPolicy>

/** Where one track of an alarm stands, and what comes next by itself: what a console counts down to. */
export const EscalationView = Type.Object({
  track: oneOf(TRACKS),
  state: oneOf(['starting', 'running', 'waiting', 'quiet', 'ending', 'ended'] as const),
  /** From 1; a round is all steps once. */
  round: Type.Integer(),
  /** From 1. */
  step: Type.Integer(),
  steps: Type.Integer(),
  next: nullable(Type.Object({ at: Time, targets: Type.Array(Target), channels: Type.Array(oneOf(CHANNELS)) })),
})
export type EscalationView = Static<typeof EscalationView>

/** What comes next for an alarm that nobody has taken; who it is about is not said here. */
export const OpenEscalation = Type.Object({ alarm: Type.String(), tracks: Type.Array(EscalationView) })
export type OpenEscalation = Static<typeof OpenEscalation>

/** What a policy is for; at most one of them, none is the centre's own. The narrowest wins: home, type, class, centre. */
export const PolicyScope = body({
  home: Type.Optional(PersonsId),
  type: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' })),
  class: Type.Optional(oneOf(EVENT_CLASSES.filter((one) => one !== 'info'))),
})
export type PolicyScope = Static<typeof PolicyScope>

export const PolicyBody = body({ scope: PolicyScope, policy: EscalationPolicy, ...writtenFromOrNone })
export type PolicyBody = Static<typeof PolicyBody>

export const PolicyView = Type.Object({
  id: Type.String(),
  scope: PolicyScope,
  /** Only grows, also over a removal. Running alarms keep the one they began with. */
  version: Type.Integer(),
  changedAt: Time,
  policy: EscalationPolicy,
})
export type PolicyView = Static<typeof PolicyView>
