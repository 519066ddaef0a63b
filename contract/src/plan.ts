import Type, { type Static } from 'typebox'
import { writtenFromOrNone } from './changed.ts'
import { SLUG_PATTERN } from './ids.ts'
import { leaseField } from './lease.ts'
import {
  AGENCY_NAMES,
  type Agency,
  COMPLETIONS,
  PLAN_CLASSES,
  PLAN_LIMITS,
  PLAN_SOURCES,
  STEP_OUTCOMES,
  STEP_STATES,
  type StepKind,
} from './plan-words.ts'
import { body, nullable, oneOf, Time } from './schema.ts'

/**
 * What to do about an alarm, step by step. A plan is data: kept per event type and home, and copied into the alarm when it is
 * first claimed, as it held when the alarm was opened: an edit never changes a running alarm.
 */

const Slug = Type.String({ pattern: SLUG_PATTERN, maxLength: 64 })
const Said = Type.String({ minLength: 1, maxLength: PLAN_LIMITS.stepTextCharsMax })
const common = {
  id: Slug,
  text: body({ 'zh-CN': Said, en: Said }),
  /** A life or hazard alarm is not closed before it is done or skipped with a reason. */
  required: Type.Boolean(),
}
const kind = <const K extends StepKind>(of: K) => ({
  kind: Type.Literal(of),
  completedBy: oneOf<(typeof COMPLETIONS)[K]>(COMPLETIONS[of]),
})

export const PlanStep = Type.Union([
  body({ ...common, ...kind('speak') }),
  body({
    ...common,
    ...kind('call-contact'),
    /** The n-th contact in the home's own order, from 1. */
    contact: Type.Integer({ minimum: 1, maximum: PLAN_LIMITS.contactMax }),
  }),
  body({ ...common, ...kind('dispatch') }),
  body({ ...common, ...kind('note') }),
  body({ ...common, ...kind('check') }),
  body({ ...common, ...kind('call-agency'), agency: oneOf(AGENCY_NAMES) }),
  body({ ...common, ...kind('close') }),
])
export type PlanStep = Static<typeof PlanStep>

const Steps = Type.Array(PlanStep, { minItems: 1, maxItems: PLAN_LIMITS.stepsMax })

/** Whose plan it is: a home's for one type, a type's or a class's. */
export const PlanScope = {
  home: Type.Optional(nullable(Slug)),
  type: Type.Optional(nullable(Slug)),
  class: Type.Optional(nullable(oneOf(PLAN_CLASSES))),
}
export const PlanBody = body({ ...PlanScope, steps: Steps, ...writtenFromOrNone })
export type PlanBody = Static<typeof PlanBody>

export const StoredPlan = Type.Object({
  id: Type.String(),
  home: nullable(Type.String()),
  type: nullable(Type.String()),
  class: nullable(oneOf(PLAN_CLASSES)),
  /** Only grows, also over a removal. */
  version: Type.Integer(),
  steps: Steps,
  changedAt: Time,
  changedBy: Type.String(),
})
export type StoredPlan = Static<typeof StoredPlan>
export const PlanList = Type.Object({
  items: Type.Array(StoredPlan),
  nextCursor: nullable(Type.String()),
  /** What holds where the centre has written nothing of its own. */
  standard: Type.Object({ life: Steps, hazard: Steps, technical: Steps }),
})
export type PlanList = Static<typeof PlanList>

const Act = { at: Time, by: Type.String() }
export const PlanStepView = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  /** In Chinese; `texts` has both. */
  text: Type.String(),
  texts: Type.Object({ 'zh-CN': Type.String(), en: Type.String() }),
  required: Type.Boolean(),
  contact: Type.Optional(Type.Integer()),
  agency: Type.Optional(oneOf(AGENCY_NAMES)),
  state: oneOf(STEP_STATES),
  at: nullable(Time),
  by: nullable(Type.String()),
  /** Why it was skipped or failed, or what was said of it. */
  note: nullable(Type.String()),
})
export type PlanStepView = Static<typeof PlanStepView>

export const PlanView = Type.Object({
  source: oneOf(PLAN_SOURCES),
  id: nullable(Type.String()),
  version: nullable(Type.Integer()),
  /** Somebody has taken the alarm and it has its copy; before, this is what held when it was opened and what will be copied. */
  kept: Type.Boolean(),
  steps: Type.Array(PlanStepView),
  /** The first open step; the order is advice. */
  current: nullable(Type.String()),
  /** The plan was left: from then on the operator acts freely. */
  manual: nullable(Type.Object({ ...Act, reason: Type.String() })),
})
export type PlanView = Static<typeof PlanView>

const Words = Type.String({ minLength: 1, maxLength: 500 })
export const StepBody = body({ ...leaseField, outcome: oneOf(STEP_OUTCOMES), note: Type.Optional(Words) })
export const ManualBody = body({ ...leaseField, reason: Words })

/** A plan that somebody had to leave: what a supervisor mends. */
export const PlanDefect = Type.Object({
  id: Type.String(),
  alarmId: Type.String(),
  homeId: Type.String(),
  homeName: Type.String(),
  type: Type.String(),
  source: oneOf(PLAN_SOURCES),
  planId: nullable(Type.String()),
  planVersion: nullable(Type.Integer()),
  reason: Type.String(),
  at: Time,
  by: Type.String(),
  /** How the steps stood at that moment. */
  steps: Type.Array(PlanStepView),
  settled: nullable(Type.Object({ ...Act, note: Type.String() })),
})
export type PlanDefect = Static<typeof PlanDefect>
export const PlanDefectList = Type.Object({ items: Type.Array(PlanDefect), nextCursor: nullable(Type.String()) })
export type PlanDefectList = Static<typeof PlanDefectList>
export const SettleBody = body({ note: Words })

/** What was said to an outside agency, and what came of it. It changes nobody's ownership. */
export const Handover = Type.Object({
  id: Type.String(),
  agency: oneOf<readonly Agency[]>(AGENCY_NAMES),
  at: Time,
  by: Type.String(),
  /** The exact text; without the way in for who does not hold the alarm. */
  text: Type.Object({ 'zh-CN': Type.String(), en: Type.String() }),
  onTheWay: Type.Boolean(),
  /** The agency's own number for it. */
  caseNumber: nullable(Type.String()),
  outcome: nullable(Type.String()),
})
export type Handover = Static<typeof Handover>
export const AgencyBody = body({
  ...leaseField,
  agency: oneOf(AGENCY_NAMES),
  note: Type.Optional(Words),
  /** Whether the agency said that somebody is on the way: then, and only then, the alarm reaches L5. */
  onTheWay: Type.Optional(Type.Boolean()),
})
/** The same text before anybody is told it: nothing is written. Only who holds the alarm may ask, as for the telling. */
export const PacketBody = body({ ...leaseField, agency: oneOf(AGENCY_NAMES), note: Type.Optional(Words) })
export const PacketPreview = Type.Pick(Handover, ['text'])
export type PacketPreview = Static<typeof PacketPreview>
/** What the agency says later. `onTheWay` needs the lease; a case number or an outcome may come when nobody holds the alarm. */
export const AgencyAnswerBody = body({
  lease: Type.Optional(leaseField.lease),
  caseNumber: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  outcome: Type.Optional(Words),
  onTheWay: Type.Optional(Type.Literal(true)),
})
