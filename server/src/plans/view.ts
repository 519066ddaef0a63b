import { formatInstant } from '@anju/contract'
import type { PlanStepView, PlanView } from '@anju/contract/api'
import { currentOf, type PlanRun, stateOf } from '../domain/plan-run.ts'

/** `kept`: the alarm has a copy of its own; before, what is shown is what that copy will be of. */
export function planView(run: PlanRun, kept: boolean): PlanView {
  const { plan, manual } = run
  return {
    source: plan.source,
    id: plan.id,
    version: plan.version,
    kept,
    steps: stepViews(run),
    current: currentOf(run)?.id ?? null,
    manual: manual && { at: formatInstant(manual.at), by: manual.by, reason: manual.reason },
  }
}

export const stepViews = (run: PlanRun): PlanStepView[] =>
  run.plan.steps.map((step) => {
    const state = stateOf(run, step.id)
    return {
      id: step.id,
      kind: step.kind,
      text: step.text['zh-CN'],
      texts: step.text,
      required: step.required,
      ...(step.kind === 'call-contact' ? { contact: step.contact } : {}),
      ...(step.kind === 'call-agency' ? { agency: step.agency } : {}),
      state: state.is,
      ...(state.is === 'open'
        ? { at: null, by: null, note: null }
        : { at: formatInstant(state.at), by: state.by, note: state.note }),
    }
  })
