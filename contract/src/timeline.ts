import Type, { type Static } from 'typebox'
import { nullable, oneOf, Time } from './schema.ts'

/** What happened to an alarm, in order: who did what, and what came by itself. */

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
