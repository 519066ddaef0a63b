import Type, { type Static } from 'typebox'
import { PolicyScope, PolicyView } from './escalation.ts'
import { nullable, oneOf, Time } from './schema.ts'

/** Whether an alarm would reach a person. */

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
