/**
 * The closed lists of response plans and of outside agencies. They stand apart from the schemas so that the page can show them
 * without carrying a schema library.
 */

export const STEP_KINDS = ['speak', 'call-contact', 'dispatch', 'note', 'check', 'call-agency', 'close'] as const
export type StepKind = (typeof STEP_KINDS)[number]

/**
 * What completes a step of a kind, the usual first. `by-hand`: a person says so. Whatever completes a step by itself, a person may
 * always say so, too; except of the close.
 */
export const COMPLETIONS = {
  speak: ['by-hand'],
  'call-contact': ['contact-tried', 'contact-reached', 'by-hand'],
  dispatch: ['dispatch', 'by-hand'],
  note: ['note', 'by-hand'],
  check: ['by-hand'],
  'call-agency': ['hand-over', 'by-hand'],
  close: ['close'],
} as const satisfies Record<StepKind, readonly string[]>
export type Completion = (typeof COMPLETIONS)[StepKind][number]

export const PLAN_LIMITS = { stepsMax: 30, stepTextCharsMax: 300, contactMax: 50 } as const

/** What a person says of a step. */
export const STEP_OUTCOMES = ['done', 'skipped', 'failed'] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]
export const STEP_STATES = ['open', ...STEP_OUTCOMES] as const
export type StepStateName = (typeof STEP_STATES)[number]

/** The classes that are handled; what is only recorded needs no plan. */
export const PLAN_CLASSES = ['life', 'hazard', 'technical'] as const
export type PlanClass = (typeof PLAN_CLASSES)[number]

/** Whose plan an alarm has; the narrowest there is. */
export const PLAN_SOURCES = ['home', 'type', 'class', 'standard'] as const
export type PlanSource = (typeof PLAN_SOURCES)[number]

/** Who else answers for a life or a house, each with the number that is dialled nationwide; null where every place has its own. */
export const AGENCIES = {
  ambulance: '120',
  fire: '119',
  police: '110',
  'gas-company': null,
  'power-company': '95598',
  'market-supervision': '12315',
  community: null,
} as const satisfies Record<string, string | null>
export type Agency = keyof typeof AGENCIES
export const AGENCY_NAMES = Object.keys(AGENCIES) as Agency[]
