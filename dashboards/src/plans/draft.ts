import type { PlanBody, PlanList, PlanStep, StoredPlan } from '@anju/contract/api'
import { classOf, isEventType } from '@anju/contract/event'
import {
  type Agency,
  COMPLETIONS,
  type Completion,
  PLAN_CLASSES,
  PLAN_LIMITS,
  type PlanClass,
  type StepKind,
} from '@anju/contract/plan-words'

/** A plan is for one type of event or for a whole class. */
export type About = { readonly type: string } | { readonly class: PlanClass }
/** One home is `null` until it is chosen. */
export type Where = { readonly for: 'all' } | { readonly for: 'one'; readonly home: string | null }

type Unfinished<Step> = Step extends { kind: 'call-agency' } ? Omit<Step, 'agency'> & { agency: Agency | null } : Step
/** A step as it stands on the page: its words may be missing, and whom to call may not be chosen yet. */
export type StepDraft = Readonly<Unfinished<PlanStep>>

/** A plan as it stands on the page, right or not. */
export interface Draft {
  readonly about: About | null
  readonly where: Where
  readonly steps: readonly StepDraft[]
}
export type Standard = PlanList['standard']

export const emptyDraft: Draft = { about: null, where: { for: 'all' }, steps: [] }

export const draftOf = ({ home, type, class: of, steps }: StoredPlan): Draft => ({
  about: type !== null ? { type } : of !== null ? { class: of } : null,
  where: home === null ? { for: 'all' } : { for: 'one', home },
  steps,
})

export const isSame = (one: Draft, other: Draft): boolean => JSON.stringify(one) === JSON.stringify(other)

/** As one word, for a list of choices. A type has no colon in it. */
export const valueOf = (about: About): string => ('type' in about ? about.type : `class:${about.class}`)
export function aboutOf(value: string): About | null {
  const of = PLAN_CLASSES.find((one) => value === `class:${one}`)
  return of ? { class: of } : value === '' ? null : { type: value }
}

/** The class whose standard plan this one takes the place of; undefined where nobody knows it. */
export function classAbout(about: About | null): PlanClass | undefined {
  if (about === null) return undefined
  if ('class' in about) return about.class
  const of = isEventType(about.type) ? classOf(about.type) : undefined
  return PLAN_CLASSES.find((one) => one === of)
}

/** Where a fault is shown, and where the focus goes. */
export type Place = 'event' | 'home' | 'steps' | `${string}/${'zh-CN' | 'en' | 'agency'}`
export interface Fault {
  readonly at: Place
  readonly says:
    | 'plans.event-missing'
    | 'plans.home-missing'
    | 'plans.home-for-type'
    | 'plans.steps-missing'
    | 'plans.text-missing'
    | 'plans.agency-missing'
}
export type Checked = { readonly body: PlanBody } | { readonly faults: readonly Fault[] }

/** What can be sent, or everything that keeps it from being sent, from top to bottom. */
export function checked({ about, where, steps }: Draft): Checked {
  const faults: Fault[] = []
  const home = where.for === 'all' ? null : where.home
  if (about === null) faults.push({ at: 'event', says: 'plans.event-missing' })
  if (where.for === 'one' && home === null) faults.push({ at: 'home', says: 'plans.home-missing' })
  // A class is for all homes: of one home, what is written for it is for one type of event.
  if (where.for === 'one' && about && 'class' in about) faults.push({ at: 'event', says: 'plans.home-for-type' })
  if (steps.length === 0) faults.push({ at: 'steps', says: 'plans.steps-missing' })
  const finished: PlanStep[] = []
  for (const step of steps) {
    if (step.kind === 'call-agency' && step.agency === null)
      faults.push({ at: `${step.id}/agency`, says: 'plans.agency-missing' })
    for (const locale of ['zh-CN', 'en'] as const)
      if (step.text[locale].trim() === '') faults.push({ at: `${step.id}/${locale}`, says: 'plans.text-missing' })
    const text = { 'zh-CN': step.text['zh-CN'].trim(), en: step.text.en.trim() }
    if (step.kind !== 'call-agency') finished.push({ ...step, text })
    else if (step.agency !== null) finished.push({ ...step, agency: step.agency, text })
  }
  return faults.length > 0 || about === null ? { faults } : { body: { home, ...about, steps: finished } }
}

/** A step of this kind before the close, in the words of the standard plan where it has such a step. */
export function added(steps: readonly StepDraft[], kind: StepKind, standard: Standard | undefined) {
  const step = fresh(steps, kind, standard)
  const at = steps.at(-1)?.kind === 'close' ? steps.length - 1 : steps.length
  return { steps: steps.toSpliced(at, 0, step), id: step.id }
}

/** The plan is full, or has its one close. */
export const canAdd = (steps: readonly StepDraft[], kind: StepKind): boolean =>
  steps.length < PLAN_LIMITS.stepsMax && !(kind === 'close' && steps.at(-1)?.kind === 'close')

function fresh(steps: readonly StepDraft[], kind: StepKind, standard: Standard | undefined): StepDraft {
  const asked = steps.map((step) => (step.kind === 'call-contact' ? step.contact : 0))
  const step = {
    id: freeId(steps, kind),
    kind,
    required: false,
    text: WORDLESS,
    completedBy: COMPLETIONS[kind][0],
    ...(kind === 'call-contact' ? { contact: Math.min(Math.max(0, ...asked) + 1, PLAN_LIMITS.contactMax) } : {}),
    // Whom to call is asked: a wrong one is worse than none.
    ...(kind === 'call-agency' ? { agency: null } : {}),
  } as StepDraft
  return { ...step, text: wordsFor(step, standard) }
}

const WORDLESS = { 'zh-CN': '', en: '' }
const targetOf = (step: StepDraft) =>
  step.kind === 'call-contact' ? step.contact : step.kind === 'call-agency' ? step.agency : undefined
const wordsFor = (step: StepDraft, standard: Standard | undefined): StepDraft['text'] =>
  PLAN_CLASSES.flatMap((of) => standard?.[of] ?? []).find(
    (known) => known.kind === step.kind && targetOf(known) === targetOf(step),
  )?.text ?? WORDLESS

/**
 * A step that calls somebody else than before. Words that were the standard plan's go with whom they were for: a step must not
 * say "call contact 1" and mean the third. A person's own words stay.
 */
export function aimed(step: StepDraft, at: { contact: number } | { agency: Agency }, standard: Standard): StepDraft {
  const next = { ...step, ...at } as StepDraft
  const own = JSON.stringify(step.text) !== JSON.stringify(wordsFor(step, standard))
  const written = `${step.text['zh-CN']}${step.text.en}`.trim() !== ''
  return own && written ? next : { ...next, text: wordsFor(next, standard) }
}

function freeId(steps: readonly StepDraft[], kind: StepKind): string {
  const taken = new Set(steps.map(({ id }) => id))
  let id: string = kind
  for (let n = 2; taken.has(id); n++) id = `${kind}-${n}`
  return id
}

/** One place up or down. The close stays the last, and nothing passes it. */
export function moved(steps: readonly StepDraft[], id: string, by: 1 | -1): readonly StepDraft[] {
  const from = steps.findIndex((step) => step.id === id)
  const [step, other] = [steps[from], steps[from + by]]
  if (!step || !other || step.kind === 'close' || other.kind === 'close') return steps
  return steps.toSpliced(from, 1).toSpliced(from + by, 0, step)
}

export const without = (steps: readonly StepDraft[], id: string): readonly StepDraft[] =>
  steps.filter((step) => step.id !== id)

export const changed = (steps: readonly StepDraft[], step: StepDraft): readonly StepDraft[] =>
  steps.map((one) => (one.id === step.id ? step : one))

/** The same step, completed in another of its kind's ways. */
export function completedIn(step: StepDraft, way: string): StepDraft {
  const ways: readonly Completion[] = COMPLETIONS[step.kind]
  return ways.some((one) => one === way) ? ({ ...step, completedBy: way } as StepDraft) : step
}
