import Type, { type Static } from 'typebox'
import { Changed } from './changed.ts'
import { CONSENT_PURPOSES } from './consent.ts'
import { CONTACT_OUTCOMES, DISPOSITIONS, type DispositionCode, OUTCOMES } from './disposition.ts'
import { EscalationView } from './escalation.ts'
import { EVENT_CLASSES, RUNGS } from './event.ts'
import { SLUG_PATTERN } from './ids.ts'
import { Notification } from './notification.ts'
import { Offer } from './offer.ts'
import { Contact, OfferedResponder } from './people.ts'
import { Resident } from './places.ts'
import { Handover, PlanView } from './plan.ts'
import { body, nullable, oneOf, Time } from './schema.ts'

export * from './account.ts'
export * from './account-rules.ts'
export * from './answer.ts'
export * from './changed.ts'
export * from './consent.ts'
export * from './disposition.ts'
export * from './escalation.ts'
export * from './measurement-answers.ts'
export * from './notification.ts'
export * from './offer.ts'
export * from './people.ts'
export * from './places.ts'
export * from './plan.ts'
export * from './plan-words.ts'
export * from './push.ts'

/**
 * The shapes of `/api/v1` that the page and the server share. Answers may grow; bodies refuse unknown fields.
 * Instants are RFC 3339 UTC with milliseconds.
 */

export const CONDITIONS = ['active', 'returned', 'unknown'] as const
export type Condition = (typeof CONDITIONS)[number]
export const HANDLINGS = ['new', 'claimed', 'in-progress', 'parked', 'closed'] as const
export type HandlingState = (typeof HANDLINGS)[number]

export const Disposition = body({
  code: oneOf(Object.keys(DISPOSITIONS) as DispositionCode[]),
  /** One of the code's own list in `DISPOSITIONS`. */
  cause: Type.String({ minLength: 1, maxLength: 40 }),
  outcome: oneOf(OUTCOMES),
})
export type Disposition = Static<typeof Disposition>

export const Owner = Type.Object({ personId: Type.String(), name: Type.String(), session: Type.String() })
export type Owner = Static<typeof Owner>

export const Ladder = Type.Object(
  Object.fromEntries(RUNGS.map((rung) => [rung, nullable(Time)])) as Record<
    (typeof RUNGS)[number],
    ReturnType<typeof nullable<typeof Time>>
  >,
)
export type Ladder = Static<typeof Ladder>

export const Alarm = Type.Object({
  id: Type.String(),
  /** Only grows; two copies of one alarm are ordered by it. */
  version: Type.Integer(),
  homeId: Type.String(),
  placement: Type.String(),
  /** Without the `anju.` prefix: `sos-pressed`. */
  type: Type.String(),
  class: oneOf(EVENT_CLASSES),
  condition: oneOf(CONDITIONS),
  handling: oneOf(HANDLINGS),
  /** Its lease was lost or released: nobody has it any more. */
  abandoned: Type.Boolean(),
  occurrences: Type.Integer(),
  firstAt: Time,
  lastAt: Time,
  receivedAt: Time,
  /** Received more than 60 s after it was heard, by the gateway's own elapsed time. */
  late: Type.Boolean(),
  /** How old the first occurrence was when it was received, in seconds. */
  lateByS: Type.Number(),
  /**
   * Further occurrences that came late: how many, and the one that came in last: when it was heard, by the centre's clock, and how
   * old it was when it was received. `quiet`: how many of them were heard before somebody took the alarm and came in while they
   * had it: those are shown, and do not ring as a press of this moment.
   */
  lateAgain: Type.Optional(
    Type.Object({ times: Type.Integer(), quiet: Type.Integer(), heardAt: Time, lateByS: Type.Number() }),
  ),
  owner: nullable(Owner),
  /** Who holds it, until when; null when nobody does. Renewed while the console lives. */
  leaseExpiresAt: nullable(Time),
  /** Whoever holds it wants a colleague to take it on; while they may, only the two of them need to do anything. */
  offer: nullable(Offer),
  parkedUntil: nullable(Time),
  test: Type.Boolean(),
  /** More than 20 occurrences a minute: a button that hangs. The alarm stays open beside a technical one. */
  stuck: Type.Optional(Type.Boolean()),
  /** The resident is at high risk and nobody can hear the home: before the others of its class. */
  urgent: Type.Optional(Type.Boolean()),
  /** The outage this is a part of: left out of the queue, counted there. */
  parent: Type.Optional(nullable(Type.String())),
  /** Of an outage: how many homes are in it now, and what they lost (`mains-lost` or `gateway-silent`). */
  children: Type.Optional(Type.Integer()),
  folds: Type.Optional(Type.String()),
  disposition: nullable(Disposition),
  closedAt: nullable(Time),
  /** Until when `undo-close` is accepted. */
  undoUntil: nullable(Time),
  ladder: Ladder,
  /** For the queue's row; personal, so every list that carries them is audited. */
  home: Type.Object({
    name: Type.String(),
    residentName: nullable(Type.String()),
    residentAge: nullable(Type.Integer()),
    address: Type.String(),
    placementName: Type.String(),
  }),
  /** Whose it is, where that is not the reader's own centre: it was handed on to them. */
  centre: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() })),
})
export type Alarm = Static<typeof Alarm>

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

export const TIMELINE_KINDS = [
  'raised',
  'occurrence',
  'returned',
  're-alerted',
  'shown',
  'claimed',
  'started',
  'renewed',
  'released',
  'abandoned',
  'taken-over',
  /** Whoever holds it wants a colleague to take it on. */
  'offered',
  'offer-withdrawn',
  'offer-declined',
  /** The colleague has it now. */
  'offer-accepted',
  /** Nobody said anything in time: it is still whose it was. */
  'offer-over',
  'noted',
  'parked',
  'unparked',
  'contacted',
  'dispatched',
  /** Whoever holds the alarm has looked how one gets in. */
  'access-shown',
  'escalated',
  /** Nobody of a wave was reached: all its attempts failed, or do not leave. */
  'undeliverable',
  /** A whole round in which nobody could be reached: no number, or none that works. */
  'unreached',
  'accepted',
  'declined',
  'stood-down',
  /** Somebody was told to go, and on none of their ways can be told to stay. */
  'untold',
  /** Somebody who was asked about several homes has answered, and which of them they meant cannot be told. */
  'unclear',
  'step-done',
  'step-skipped',
  'step-failed',
  'plan-left',
  'handed-over',
  'agency-answered',
  'closed',
  'undone',
  /** Nobody can hear the device any more: the condition is unknown, until the gateway is heard again. */
  'unheard',
  'heard',
  /** It became a part of an outage. */
  'folded',
] as const
export type TimelineKind = (typeof TIMELINE_KINDS)[number]
export const TimelineEntry = Type.Object({
  at: Time,
  kind: oneOf(TIMELINE_KINDS),
  by: nullable(Type.Object({ personId: Type.String(), name: Type.String() })),
  text: nullable(Type.String()),
  detail: Type.Record(Type.String(), Type.Unknown()),
})
export type TimelineEntry = Static<typeof TimelineEntry>

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

/** For who looks again and again: whether there is something new to read. Says nothing of anybody. */
export const AlarmVersion = Type.Object({ version: Type.Integer() })
export type AlarmVersion = Static<typeof AlarmVersion>
export const AlarmList = Type.Object({ items: Type.Array(Alarm), nextCursor: nullable(Type.String()) })
export type AlarmList = Static<typeof AlarmList>

export const Lease = Type.Object({ token: Type.String(), expiresAt: Time })
export type Lease = Static<typeof Lease>
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

const leaseField = { lease: Type.String({ minLength: 1, maxLength: 40 }) }
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

export const Placement = Type.Object({
  id: Type.String(),
  name: Type.String(),
  room: Type.String(),
  profile: nullable(Type.String()),
  points: Type.Array(Type.Object({ point: Type.String(), quantity: Type.String(), unit: Type.String() })),
})
export type Placement = Static<typeof Placement>
/** A device goes into service: from now on its silence is an event, also when it never says a word. */
export const PlacementBody = body({
  id: Type.String({ pattern: SLUG_PATTERN }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  room: Type.String({ maxLength: 80 }),
  profile: Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+$', maxLength: 80 }),
  /** The gateway that hears it; without one, the home's only gateway. */
  gatewayId: Type.Optional(Type.String({ maxLength: 64 })),
  lostAfterS: Type.Optional(Type.Integer({ minimum: 60 })),
  life: Type.Optional(Type.Boolean()),
})
export type PlacementBody = Static<typeof PlacementBody>
export const PlacementAnswer = Type.Intersect([
  Placement,
  Type.Object({ gatewayId: nullable(Type.String()), life: Type.Boolean(), lostAfterS: Type.Integer() }),
])
export type PlacementAnswer = Static<typeof PlacementAnswer>
export const GATEWAY_STATES = ['online', 'silent', 'never-heard'] as const
export const GatewayStatus = Type.Object({
  id: Type.String(),
  homeId: nullable(Type.String()),
  state: oneOf(GATEWAY_STATES),
  lastHeardAt: nullable(Time),
  /** The gateway's last own words, as it sent them. */
  health: nullable(Type.Record(Type.String(), Type.Unknown())),
})
export type GatewayStatus = Static<typeof GatewayStatus>

export const Home = Type.Object({
  id: Type.String(),
  name: Type.String(),
  timeZone: Type.String(),
  address: Type.String(),
  mode: Type.String(),
  modeUntil: nullable(Time),
  /** Grows with every correction of what can be corrected of it; its mode is none. */
  version: Type.Integer(),
  /** What the resident has not agreed that this reader is told: it is left out, and `mode` says `withheld`. */
  withheld: Type.Optional(oneOf(CONSENT_PURPOSES)),
  /** A hit of a search: the name and the address are covered until the home itself is opened, and so is this one. */
  residentName: Type.Optional(nullable(Type.String())),
  masked: Type.Optional(Type.Boolean()),
})
export type Home = Static<typeof Home>
export const HomeDetail = Type.Intersect([
  Home,
  Type.Object({
    resident: nullable(Resident),
    /** Where it lies today, the area's names from the province down. */
    area: Type.Optional(nullable(Type.Object({ code: Type.String(), names: Type.Array(Type.String()) }))),
    arrival: Type.Optional(Type.String()),
    latitude: Type.Optional(nullable(Type.Number())),
    longitude: Type.Optional(nullable(Type.Number())),
    externalRef: Type.Optional(nullable(Type.String())),
    contacts: Type.Array(Contact),
    /** Grows with every change of who is asked and in which order: what a new order is written from. */
    orderVersion: Type.Integer(),
    placements: Type.Array(Placement),
    gateway: nullable(GatewayStatus),
  }),
])
export type HomeDetail = Static<typeof HomeDetail>

export const GatewayBody = body({
  serial: Type.String({ minLength: 1, maxLength: 64 }),
  homeId: Type.Optional(Type.String({ maxLength: 64 })),
})
export const GatewayAnswer = Type.Object({
  id: Type.String(),
  mqtt: Type.Object({ url: Type.String(), username: Type.String(), password: Type.String() }),
})
export type GatewayAnswer = Static<typeof GatewayAnswer>

/** RFC 9457 with our stable `code`. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  owner: Type.Optional(nullable(Owner)),
  /** Of every `…-changed`. */
  changed: Type.Optional(Changed),
  /** Of `consent-missing`: what the resident has not agreed to. */
  purpose: Type.Optional(oneOf(CONSENT_PURPOSES)),
  /** Of `plan-incomplete`: what is still to be done or to be skipped with a reason. */
  steps: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), text: Type.Object({ 'zh-CN': Type.String(), en: Type.String() }) })),
  ),
})
export type Problem = Static<typeof Problem>

/**
 * `queue`: every console of a centre by the centre's id, or the one of a seat by the seat's: then those who say that they sit there, and
 * those who have said no seat; `centre`: every one of another centre; `person`: wherever they sit.
 */
export interface AskedConsole {
  readonly kind: 'queue' | 'centre' | 'person'
  readonly id: string
}

/** The live stream's items (`event:` field) and what each carries in `data:`. `prev` is the id before it in this stream. */
export type LiveItem =
  | {
      readonly event: 'alarm' | 'alarm-closed'
      readonly data: {
        readonly prev: string | null
        readonly alarm: Alarm
        readonly cause: string
        /** With the cause `escalated`: whose consoles are asked. */
        readonly asked?: readonly AskedConsole[]
      }
    }
  | {
      readonly event: 'home'
      readonly data: { readonly prev: string | null; readonly homeId: string; readonly mode: string }
    }
  | { readonly event: 'gateway'; readonly data: { readonly prev: string | null; readonly gateway: GatewayStatus } }
  /** Not part of the numbered stream (it must be sayable while the store is down): it has no id of its own. */
  | {
      readonly event: 'status'
      readonly data: {
        readonly prev: string | null
        readonly store: 'ok' | 'degraded'
        readonly telemetry: 'ok' | 'degraded'
        readonly at: string
      }
    }
  | { readonly event: 'reset'; readonly data: { readonly prev: null } }
