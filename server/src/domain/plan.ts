import { DomainError, type EventClass } from '@anju/contract'
import type { Agency, PlanBody, PlanClass, PlanSource, PlanStep } from '@anju/contract/api'

/** A plan as it is followed: its steps, and which row and version of it they are (null: the standard one of this server). */
export interface Plan {
  readonly source: PlanSource
  readonly id: string | null
  readonly version: number | null
  readonly steps: readonly PlanStep[]
}

const text = (zh: string, en: string) => ({ 'zh-CN': zh, en })
const speak: PlanStep = {
  id: 'speak',
  kind: 'speak',
  text: text('与老人通话，确认情况', 'Speak to the resident and find out what has happened'),
  required: false,
  completedBy: 'by-hand',
}
const ORDINALS = ['一', '二', '三'] as const
const contacts: readonly PlanStep[] = ORDINALS.map((zh, index) => ({
  id: `contact-${index + 1}`,
  kind: 'call-contact',
  contact: index + 1,
  text: text(`拨打第${zh}联系人电话`, `Call contact ${index + 1}`),
  required: false,
  completedBy: 'contact-tried',
}))
const dispatch: PlanStep = {
  id: 'dispatch',
  kind: 'dispatch',
  text: text('派人上门', 'Send somebody to the home'),
  required: false,
  completedBy: 'dispatch',
}
const agency = (name: Agency, zh: string, en: string): PlanStep => ({
  id: name,
  kind: 'call-agency',
  agency: name,
  text: text(zh, en),
  required: false,
  completedBy: 'hand-over',
})
const check: PlanStep = {
  id: 'check',
  kind: 'check',
  text: text('检查设备、电源与网络', 'Check the device, its power and its network'),
  required: false,
  completedBy: 'by-hand',
}
const note: PlanStep = {
  id: 'note',
  kind: 'note',
  text: text('记录原因', 'Note the cause'),
  required: false,
  completedBy: 'note',
}
const close: PlanStep = {
  id: 'close',
  kind: 'close',
  text: text('结案', 'Close the alarm'),
  required: false,
  completedBy: 'close',
}

/**
 * What every centre has until it writes plans of its own. Nothing of it is required: what must not be left out is for a centre
 * to say, that knows whom it has.
 */
export const STANDARD_PLANS: Readonly<Record<PlanClass, readonly PlanStep[]>> = {
  life: [
    speak,
    ...contacts,
    dispatch,
    agency('ambulance', '必要时拨打 120', 'Call an ambulance (120) when needed'),
    note,
    close,
  ],
  hazard: [
    speak,
    agency('fire', '必要时拨打 119', 'Call the fire brigade (119) when needed'),
    ...contacts,
    dispatch,
    note,
    close,
  ],
  technical: [check, ...contacts.slice(0, 1), note, close],
}

export const standardPlan = (eventClass: EventClass): Plan => ({
  source: 'standard',
  id: null,
  version: null,
  steps: eventClass === 'info' ? [] : STANDARD_PLANS[eventClass],
})

export interface Scoped {
  readonly home: string | null
  readonly type: string | null
  readonly class: PlanClass | null
}

/** How narrow a plan is: the narrowest there is holds. */
export const sourceOf = (scope: Scoped): Exclude<PlanSource, 'standard'> =>
  scope.home !== null ? 'home' : scope.type !== null ? 'type' : 'class'
const NARROWEST: readonly PlanSource[] = ['home', 'type', 'class', 'standard']
export const narrowest = (plans: readonly Plan[], eventClass: EventClass): Plan =>
  plans.toSorted((a, b) => NARROWEST.indexOf(a.source) - NARROWEST.indexOf(b.source))[0] ?? standardPlan(eventClass)

/**
 * A plan for a home with so many contacts: a step that calls a contact it does not have is left out. A required one stays; that
 * nobody can be called there is what its reader must learn.
 */
export const fitted = (plan: Plan, contactsThere: number): Plan => ({
  ...plan,
  steps: plan.steps.filter((step) => step.kind !== 'call-contact' || step.required || step.contact <= contactsThere),
})

/** What a schema cannot say of a plan. @throws DomainError `request-malformed`. */
export function checkedScope({ home = null, type = null, class: eventClass = null, steps }: PlanBody): Scoped {
  if (home !== null && type === null) throw malformed('type: the plan of one home is for one type of event')
  if ((type === null) === (eventClass === null)) throw malformed('class: a plan is for a type of event or for a class')
  const ids = steps.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw malformed(`steps: "${twice}" is the id of two steps`)
  if (steps.slice(0, -1).some(({ kind }) => kind === 'close')) throw malformed('steps: the close is the last step')
  return { home, type, class: eventClass }
}
const malformed = (why: string) => new DomainError('request-malformed', why)
