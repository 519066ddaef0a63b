import Type, { type Static } from 'typebox'
import { DISPOSITIONS, type DispositionCode, OUTCOMES } from './disposition.ts'
import { EVENT_CLASSES, RUNGS } from './event.ts'
import { Offer } from './offer.ts'
import { body, nullable, oneOf, Time } from './schema.ts'

/** A case that a person must handle, as every list and every command answers it. */

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

/** For who looks again and again: whether there is something new to read. Says nothing of anybody. */
export const AlarmVersion = Type.Object({ version: Type.Integer() })
export type AlarmVersion = Static<typeof AlarmVersion>

export const AlarmList = Type.Object({ items: Type.Array(Alarm), nextCursor: nullable(Type.String()) })
export type AlarmList = Static<typeof AlarmList>
