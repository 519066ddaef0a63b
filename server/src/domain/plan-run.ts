import { assertNever, type ErrorCode, type EventClass, type Instant } from '@anju/contract'
import type { Agency, PlanStep, StepOutcome } from '@anju/contract/api'
import type { Plan } from './plan.ts'

/** Who did something, and when. */
export interface Act {
  readonly by: string
  readonly at: Instant
}
export type StepState =
  | { readonly is: 'open' }
  | (Act & { readonly is: 'done' | 'failed'; readonly note: string | null })
  /** Never without a reason. */
  | (Act & { readonly is: 'skipped'; readonly note: string })

/** The plan of one alarm as it is followed: a copy of the plan, and how far it is. The order of its steps is advice. */
export interface PlanRun {
  readonly plan: Plan
  /** By the step's id; one that is not here is open. */
  readonly states: Readonly<Record<string, StepState>>
  /** The plan was left: whoever holds the alarm acts freely, and nothing of the plan holds up its end. */
  readonly manual: (Act & { readonly reason: string }) | null
}

export type PlanInput =
  | { readonly type: 'step'; readonly step: string; readonly outcome: StepOutcome; readonly note: string | null }
  | { readonly type: 'manual'; readonly reason: string }
  /** What was done by other means, and may complete a step. */
  | {
      readonly type: 'contacted'
      /** The contact's place in the home's order, from 1. */
      readonly position: number
      readonly reached: boolean
      readonly outcome: string
    }
  | { readonly type: 'dispatched' | 'noted' }
  | { readonly type: 'handed-over'; readonly agency: Agency }
  /** The alarm is to be closed, or its close was taken back. */
  | { readonly type: 'closing'; readonly class: EventClass }
  | { readonly type: 'reopened' }

export type PlanDecision =
  | { readonly becomes: PlanRun; readonly defect: boolean }
  | { readonly refused: ErrorCode; readonly why: string; readonly steps: readonly PlanStep[] }

export const OPEN: StepState = { is: 'open' }
export const stateOf = (run: PlanRun, step: string): StepState =>
  Object.hasOwn(run.states, step) ? (run.states[step] ?? OPEN) : OPEN

export const begin = (plan: Plan): PlanRun => ({ plan, states: {}, manual: null })

/** The first step that nobody has said anything of. */
export const currentOf = (run: PlanRun): PlanStep | undefined =>
  run.manual ? undefined : run.plan.steps.find(({ id }) => stateOf(run, id).is === 'open')

/** What a life or hazard alarm still owes before it may be closed. A step that failed was not done: it is skipped with a reason, or the plan is left. */
export const owed = (run: PlanRun): PlanStep[] =>
  run.manual
    ? []
    : run.plan.steps.filter(({ id, kind, required }) => {
        const { is } = stateOf(run, id)
        return required && kind !== 'close' && is !== 'done' && is !== 'skipped'
      })

/** Decides, and does nothing. That the caller holds the alarm is `handling`'s to say, and was said before. */
export function follow(run: PlanRun, input: PlanInput, act: Act): PlanDecision {
  switch (input.type) {
    case 'step':
      return byHand(run, input, act)
    case 'manual':
      // Left once: one ticket.
      if (run.manual) return refuse('transition-refused', 'the plan was left before')
      return { becomes: { ...run, manual: { ...act, reason: input.reason } }, defect: true }
    case 'closing': {
      const missing = input.class === 'life' || input.class === 'hazard' ? owed(run) : []
      if (missing.length > 0)
        return {
          refused: 'plan-incomplete',
          why: `not done yet: ${missing.map(({ id }) => id).join(', ')}`,
          steps: missing,
        }
      return completed(run, ({ completedBy }) => completedBy === 'close', { ...act, is: 'done', note: null })
    }
    case 'reopened': {
      const closes = new Set(run.plan.steps.filter(({ kind }) => kind === 'close').map(({ id }) => id))
      const states = Object.fromEntries(Object.entries(run.states).filter(([id]) => !closes.has(id)))
      return unchanged({ ...run, states })
    }
    case 'contacted':
      return contacted(run, input, act)
    case 'dispatched':
      return completed(run, ({ completedBy }) => completedBy === 'dispatch', { ...act, is: 'done', note: null })
    case 'noted':
      return completed(run, ({ completedBy }) => completedBy === 'note', { ...act, is: 'done', note: null })
    case 'handed-over':
      return completed(run, (step) => step.completedBy === 'hand-over' && step.agency === input.agency, {
        ...act,
        is: 'done',
        note: null,
      })
    default:
      return assertNever(input)
  }
}

/** What a person says of a step holds, also when they said something else of it before. */
function byHand(run: PlanRun, input: Extract<PlanInput, { type: 'step' }>, act: Act): PlanDecision {
  const step = run.plan.steps.find(({ id }) => id === input.step)
  if (!step) return refuse('step-unknown', 'this alarm’s plan has no such step')
  if (run.manual) return refuse('transition-refused', 'the plan was left: its steps are not followed any more')
  if (step.kind === 'close') return refuse('transition-refused', 'closing the alarm is what completes this step')
  const { outcome, note } = input
  if (outcome !== 'skipped') return put(run, step, { ...act, is: outcome, note })
  if (note === null) return refuse('request-malformed', 'note: a step is not skipped without a reason')
  return put(run, step, { ...act, is: 'skipped', note })
}

/** An outcome of a call settles the step that asked for this contact, and so goes on to the next one. */
function contacted(run: PlanRun, input: Extract<PlanInput, { type: 'contacted' }>, act: Act): PlanDecision {
  const asked = (step: PlanStep) => step.kind === 'call-contact' && step.contact === input.position
  const said = { ...act, note: input.outcome }
  if (input.reached)
    return completed(run, (step) => asked(step) && step.completedBy !== 'by-hand', { ...said, is: 'done' })
  const tried = completed(run, (step) => asked(step) && step.completedBy === 'contact-tried', { ...said, is: 'done' })
  if ('becomes' in tried && tried.becomes !== run) return tried
  // Not reached where reaching was asked for. What was skipped stays skipped: its reason still holds.
  const step = run.plan.steps.find(
    (one) =>
      asked(one) && one.completedBy === 'contact-reached' && ['open', 'failed'].includes(stateOf(run, one.id).is),
  )
  return step && !run.manual ? put(run, step, { ...said, is: 'failed' }) : unchanged(run)
}

/** The first such step that is not done yet; when there is none, nothing of the plan changes. */
function completed(run: PlanRun, such: (step: PlanStep) => boolean, state: StepState): PlanDecision {
  const step = run.plan.steps.find((one) => such(one) && stateOf(run, one.id).is !== 'done')
  return step && !run.manual ? put(run, step, state) : unchanged(run)
}

const put = (run: PlanRun, step: PlanStep, state: StepState): PlanDecision =>
  unchanged({ ...run, states: { ...run.states, [step.id]: state } })
const unchanged = (becomes: PlanRun): PlanDecision => ({ becomes, defect: false })
const refuse = (refused: ErrorCode, why: string): PlanDecision => ({ refused, why, steps: [] })
