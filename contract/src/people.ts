import Type, { type Static } from 'typebox'
import { writtenFrom, writtenFromOrNone } from './changed.ts'
import { CONTACT_OUTCOMES } from './disposition.ts'
import { CONTACT_ROLES, EscalationPolicy, RESPONDER_KINDS, SHIFT_KINDS } from './escalation.ts'
import { EVENT_CLASSES } from './event.ts'
import { CHANNELS } from './notification.ts'
import { body, nullable, oneOf, PersonsId, Time } from './schema.ts'

/** The people concerned: who is to be told of a home's alarm and how, who is on duty when, and what a resident agreed to. */

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const Name = Type.String({ minLength: 1, maxLength: 100 })
const Text = Type.String({ maxLength: 500 })
/** `HH:MM`, by the clock on the wall. */
const WallTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Weekdays = Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7, uniqueItems: true })

/** `to` at or before `from` is on the next day; the same time means 24 hours. 1 is Monday, the day on which it begins. */
export const Hours = body({ days: Weekdays, from: WallTime, to: WallTime })
export type Hours = Static<typeof Hours>
const HoursList = nullable(Type.Array(Hours, { minItems: 1, maxItems: 21 }))

/** One number or address of somebody. What is a secret of its owner (a robot's address, a push subscription) is masked. */
export const Way = Type.Object({
  id: Type.String(),
  channel: oneOf(CHANNELS),
  address: Type.String(),
  /** When somebody last answered there; null: nobody has yet. */
  lastProvenOn: nullable(Time),
  /** The provider said that it will not work: not used until it is mended or proven. */
  dead: nullable(Type.Object({ since: Time, why: nullable(Type.String()) })),
})
export type Way = Static<typeof Way>

/** A test message was queued; whoever opens it proves the way. */
export const WayTest = Type.Object({ notificationId: Type.String() })
export type WayTest = Static<typeof WayTest>

/** In their own order, all of them: what is not in the list any more is forgotten. One that stays may be named by its id. */
export const Ways = Type.Array(
  Type.Union([
    body({ id: PersonsId }),
    body({ channel: oneOf(CHANNELS), address: Type.String({ minLength: 1, maxLength: 2_000 }) }),
  ]),
  { maxItems: 20 },
)
export type Ways = Static<typeof Ways>

export const Contact = Type.Object({
  id: Type.String(),
  /** Grows with every change of them and of their numbers; what a number has proven is none. */
  version: Type.Integer(),
  name: Type.String(),
  relation: Type.String(),
  phone: Type.String(),
  keyHolder: Type.Boolean(),
  order: Type.Integer(),
  lastProvenOn: nullable(Time),
  lastOutcome: nullable(oneOf(CONTACT_OUTCOMES)),
  role: Type.Optional(oneOf(CONTACT_ROLES)),
  language: Type.Optional(oneOf(LANGUAGES)),
  /** When they may be asked for what can wait, in the home's own time; null: always. A life alarm asks at any hour. */
  hours: Type.Optional(HoursList),
  distanceM: Type.Optional(nullable(Type.Integer())),
  note: Type.Optional(Type.String()),
  ways: Type.Optional(Type.Array(Way)),
  /** What the account of this contact has put in by itself: theirs to change, and asked before `ways`. */
  accountWays: Type.Optional(Type.Array(Way)),
  /** The resident withdrew their consent that this one is told of alarms: nobody asks them. */
  withdrawn: Type.Optional(Type.Boolean()),
})
export type Contact = Static<typeof Contact>

const contactFields = {
  name: Name,
  relation: Type.String({ minLength: 1, maxLength: 40 }),
  role: oneOf(CONTACT_ROLES),
  keyHolder: Type.Boolean(),
  language: oneOf(LANGUAGES),
  hours: HoursList,
  distanceM: nullable(Type.Integer({ minimum: 0, maximum: 20_000_000 })),
  note: Text,
  ways: Ways,
}
const { name, relation, ...contactExtras } = contactFields
export const ContactAdd = body({ name, relation, ...optional(contactExtras) })
export type ContactAdd = Static<typeof ContactAdd>
/** `removed: false` brings a removed one back. */
export const ContactChange = body({
  ...optional(contactFields),
  removed: Type.Optional(Type.Literal(false)),
  ...writtenFrom,
})
export type ContactChange = Static<typeof ContactChange>
/** Every contact of the home once, first to be asked first. */
export const OrderBody = body({ contacts: Type.Array(PersonsId, { maxItems: 50 }), ...writtenFrom })

export const Responder = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  name: Type.String(),
  phone: Type.String(),
  kind: oneOf(RESPONDER_KINDS),
  /** The beginning of an administrative code; empty is everywhere in the centre. */
  zone: Type.String(),
  language: oneOf(LANGUAGES),
  hours: HoursList,
  organisation: Type.String(),
  ways: Type.Array(Way),
})
export type Responder = Static<typeof Responder>
/** Somebody of the centre whom an operator can ask to go to a home. */
export const OfferedResponder = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** One that lives, if they have one; empty: none. */
  phone: Type.String(),
  phoneDead: Type.Optional(Type.Boolean()),
  kind: Type.Optional(oneOf(RESPONDER_KINDS)),
  organisation: Type.Optional(Type.String()),
  /** On a shift right now. */
  onDuty: Type.Optional(Type.Boolean()),
  /** May be asked at this hour for what can wait. */
  withinHours: Type.Optional(Type.Boolean()),
  /** The home lies where they go. */
  inZone: Type.Optional(Type.Boolean()),
  /** From where they usually set out, as the crow flies. */
  distanceKm: Type.Optional(nullable(Type.Number())),
})
export type OfferedResponder = Static<typeof OfferedResponder>
const responderFields = {
  name: Name,
  kind: oneOf(RESPONDER_KINDS),
  zone: Type.String({ pattern: '^\\d{0,12}$' }),
  language: oneOf(LANGUAGES),
  hours: HoursList,
  organisation: Type.String({ maxLength: 200 }),
  /** Where they usually set out from. */
  base: nullable(
    body({
      latitude: Type.Number({ minimum: -90, maximum: 90 }),
      longitude: Type.Number({ minimum: -180, maximum: 180 }),
    }),
  ),
  ways: Ways,
}
const { name: responderName, ...responderExtras } = responderFields
export const ResponderAdd = body({ name: responderName, ...optional(responderExtras) })
export type ResponderAdd = Static<typeof ResponderAdd>
export const ResponderChange = body({
  ...optional(responderFields),
  removed: Type.Optional(Type.Literal(false)),
  ...writtenFrom,
})
export type ResponderChange = Static<typeof ResponderChange>

export const WaysBody = body({ ways: Ways })
export const ColleagueWaysBody = body({ ways: Ways, ...writtenFrom })
/** Somebody of the centre, and how they can be reached away from a console. */
export const Colleague = Type.Object({
  id: Type.String(),
  /** Of their ways: also a browser that they turn on or off by themselves is one more. */
  version: Type.Integer(),
  name: Type.String(),
  role: Type.String(),
  ways: Type.Array(Way),
})
export type Colleague = Static<typeof Colleague>

export const Seat = Type.Object({ id: Type.String(), version: Type.Integer(), name: Type.String() })
export type Seat = Static<typeof Seat>
export const SeatBody = body({ name: Name })
export const SeatChange = body({ name: Name, ...writtenFrom })

export const Shift = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  kind: oneOf(SHIFT_KINDS),
  who: Type.Object({ kind: oneOf(['person', 'responder'] as const), id: Type.String(), name: Type.String() }),
  seat: nullable(Type.String()),
  days: Type.Array(Type.Integer()),
  from: Type.String(),
  to: Type.String(),
  timeZone: Type.String(),
  validFrom: Type.String(),
  validTo: nullable(Type.String()),
  /** Right now. */
  onDuty: Type.Boolean(),
})
export type Shift = Static<typeof Shift>
const shiftFields = {
  kind: oneOf(SHIFT_KINDS),
  who: body({ kind: oneOf(['person', 'responder'] as const), id: PersonsId }),
  /** Which one, for a shift at a seat. */
  seat: nullable(PersonsId),
  days: Weekdays,
  from: WallTime,
  to: WallTime,
  timeZone: Type.String({ minLength: 1, maxLength: 64 }),
  validFrom: Day,
  /** The last day on which it begins; null: until further notice. */
  validTo: nullable(Day),
}
const { seat, timeZone, validTo, ...shiftRequired } = shiftFields
export const ShiftAdd = body({ ...shiftRequired, ...optional({ seat, timeZone, validTo }) })
export type ShiftAdd = Static<typeof ShiftAdd>
export const ShiftChange = body({ ...optional(shiftFields), ...writtenFrom })
export type ShiftChange = Static<typeof ShiftChange>

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

export const GAP_REASONS = ['nobody-on-duty', 'no-living-way'] as const
export type GapReason = (typeof GAP_REASONS)[number]
/** A time in which a policy's centre track reaches no person. */
export const Gap = Type.Object({ from: Time, to: Time, why: oneOf(GAP_REASONS) })
export type Gap = Static<typeof Gap>
export const PolicyReadiness = Type.Object({
  /** Null: the standard one, for every alarm that no policy of the centre is for. */
  policy: nullable(Type.String()),
  scope: PolicyScope,
  ok: Type.Boolean(),
  gaps: Type.Array(Gap),
})
export type PolicyReadiness = Static<typeof PolicyReadiness>
export const PolicyAnswer = Type.Intersect([PolicyView, Type.Object({ readiness: PolicyReadiness })])
export type PolicyAnswer = Static<typeof PolicyAnswer>

/** `dead-way`: a contact is left with fewer numbers than they gave. */
export const HOME_LACKS = [
  'too-few-contacts',
  'no-living-way',
  'dead-way',
  'contact-not-proven',
  'contact-not-asked',
] as const
export type HomeLack = (typeof HOME_LACKS)[number]
export const HomeReadiness = Type.Object({
  homeId: Type.String(),
  name: Type.String(),
  contacts: Type.Integer(),
  lacks: Type.Array(oneOf(HOME_LACKS)),
  /** The names of those whom no step of the policy in force asks. */
  notAsked: Type.Optional(Type.Array(Type.String())),
})
export type HomeReadiness = Static<typeof HomeReadiness>
/** Whether an alarm would reach a person, now and at every moment until `until`. */
export const ReadinessAnswer = Type.Object({
  at: Time,
  until: Time,
  policies: Type.Array(PolicyReadiness),
  /** Those that lack something. A page may be empty and not the last: go on until there is no cursor. */
  homes: Type.Object({ items: Type.Array(HomeReadiness), nextCursor: nullable(Type.String()) }),
})
export type ReadinessAnswer = Static<typeof ReadinessAnswer>

function optional<T extends Record<string, Type.TSchema>>(properties: T) {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, Type.Optional(schema)])) as {
    [K in keyof T]: Type.TOptional<T[K]>
  }
}
