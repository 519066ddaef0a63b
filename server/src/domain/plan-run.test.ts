import { type EventClass, type Instant, instant } from '@anju/contract'
import type { PlanStep } from '@anju/contract/api'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STANDARD_PLANS } from './plan.ts'
import { begin, currentOf, follow, owed, type PlanInput, type PlanRun, type StepState, stateOf } from './plan-run.ts'

const act = { by: 'Li', at: instant(2_000) }
const before = { by: 'Chen', at: instant(1_000) }
const text = { 'zh-CN': '做', en: 'do' }
const common = { text, required: true }

/** One step of each way to be completed, and of each kind. */
const STEPS = {
  speak: { ...common, id: 's', kind: 'speak', completedBy: 'by-hand' },
  tried: { ...common, id: 's', kind: 'call-contact', contact: 2, completedBy: 'contact-tried' },
  reached: { ...common, id: 's', kind: 'call-contact', contact: 2, completedBy: 'contact-reached' },
  'call by hand': { ...common, id: 's', kind: 'call-contact', contact: 2, completedBy: 'by-hand' },
  dispatch: { ...common, id: 's', kind: 'dispatch', completedBy: 'dispatch' },
  note: { ...common, id: 's', kind: 'note', completedBy: 'note' },
  agency: { ...common, id: 's', kind: 'call-agency', agency: 'fire', completedBy: 'hand-over' },
  close: { ...common, id: 's', kind: 'close', completedBy: 'close' },
} as const satisfies Record<string, PlanStep>
type StepName = keyof typeof STEPS

const GIVEN = {
  open: { is: 'open' },
  done: { ...before, is: 'done', note: null },
  skipped: { ...before, is: 'skipped', note: 'her son is there' },
  failed: { ...before, is: 'failed', note: null },
} as const satisfies Record<string, StepState>
type GivenName = keyof typeof GIVEN

const INPUTS = {
  done: { type: 'step', step: 's', outcome: 'done', note: null },
  failed: { type: 'step', step: 's', outcome: 'failed', note: null },
  skipped: { type: 'step', step: 's', outcome: 'skipped', note: 'why' },
  'skipped without a reason': { type: 'step', step: 's', outcome: 'skipped', note: null },
  'another step': { type: 'step', step: 'x', outcome: 'done', note: null },
  'contact 2 reached': { type: 'contacted', position: 2, reached: true, outcome: 'reached' },
  'contact 2 busy': { type: 'contacted', position: 2, reached: false, outcome: 'busy' },
  'contact 1 reached': { type: 'contacted', position: 1, reached: true, outcome: 'reached' },
  dispatched: { type: 'dispatched' },
  noted: { type: 'noted' },
  'fire brigade': { type: 'handed-over', agency: 'fire' },
  ambulance: { type: 'handed-over', agency: 'ambulance' },
  closing: { type: 'closing', class: 'life' },
  'closing a technical one': { type: 'closing', class: 'technical' },
  reopened: { type: 'reopened' },
  manual: { type: 'manual', reason: 'the number is wrong' },
} as const satisfies Record<string, PlanInput>
type InputName = keyof typeof INPUTS

type Outcome = StepState['is'] | 'as it was' | 'left' | `refused ${string}`

/** What completes which steps by itself: those of them that are not done yet. */
const COMPLETES: Readonly<Partial<Record<InputName, readonly StepName[]>>> = {
  'contact 2 reached': ['tried', 'reached'],
  'contact 2 busy': ['tried'],
  dispatched: ['dispatch'],
  noted: ['note'],
  'fire brigade': ['agency'],
}
const BY_HAND: Readonly<Partial<Record<InputName, Outcome>>> = {
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  'skipped without a reason': 'refused request-malformed',
}

/** The table, said by what it depends on. */
function expected(step: StepName, given: GivenName, input: InputName): Outcome {
  if (input === 'manual') return 'left'
  if (input === 'another step') return 'refused step-unknown'
  if (step === 'close') {
    if (input in BY_HAND) return 'refused transition-refused'
    if (input.startsWith('closing')) return given === 'done' ? 'as it was' : 'done'
    return input === 'reopened' ? 'open' : 'as it was'
  }
  if (input === 'closing') return given === 'open' || given === 'failed' ? 'refused plan-incomplete' : 'as it was'
  const byHand = BY_HAND[input]
  if (byHand) return byHand
  if (COMPLETES[input]?.includes(step)) return given === 'done' ? 'as it was' : 'done'
  if (input === 'contact 2 busy' && step === 'reached')
    return given === 'open' || given === 'failed' ? 'failed' : 'as it was'
  return 'as it was'
}

function outcome(run: PlanRun, input: PlanInput): Outcome {
  const decision = follow(run, input, act)
  if ('refused' in decision) return `refused ${decision.refused}`
  if (decision.becomes.manual !== run.manual) return 'left'
  const [was, is] = [stateOf(run, 's'), stateOf(decision.becomes, 's')]
  if (is === was || (is.is === 'open' && was.is === 'open' && input.type !== 'reopened')) return 'as it was'
  return is.is
}
const runOf = (steps: readonly PlanStep[], states: PlanRun['states'] = {}): PlanRun => ({
  ...begin({ source: 'class', id: '1', version: 1, steps }),
  states,
})
const names = <T extends object>(table: T) => Object.keys(table) as (keyof T)[]
const table = names(STEPS).flatMap((step) =>
  names(GIVEN).flatMap((given) => names(INPUTS).map((input) => ({ step, given, input }))),
)

describe('every step in every state at every input', () => {
  test.for(table)('$step, $given, at: $input', ({ step, given, input }) => {
    const run = runOf([STEPS[step]], { s: GIVEN[given] })
    expect(outcome(run, INPUTS[input])).toBe(expected(step, given, input))
  })

  test('once the plan is left, nothing of it changes, and nothing of it holds up a close', () => {
    const left: PlanRun = { ...runOf([STEPS.speak]), manual: { ...before, reason: 'x' } }
    const seen = names(INPUTS).map((input) => [input, outcome(left, INPUTS[input])])
    expect(Object.fromEntries(seen)).toEqual({
      ...Object.fromEntries(names(INPUTS).map((input) => [input, 'as it was'])),
      done: 'refused transition-refused',
      failed: 'refused transition-refused',
      skipped: 'refused transition-refused',
      'skipped without a reason': 'refused transition-refused',
      'another step': 'refused step-unknown',
      manual: 'refused transition-refused',
    })
    expect(currentOf(left)).toBeUndefined()
  })
})

test('leaving is a defect of the plan, and nothing else is', () => {
  const defects = names(INPUTS).filter((input) => {
    const decision = follow(
      runOf(Object.values(STEPS).map((step) => ({ ...step, required: false }))),
      INPUTS[input],
      act,
    )
    return 'becomes' in decision && decision.defect
  })
  expect(defects).toEqual(['manual'])
  expect(follow(runOf([STEPS.speak]), INPUTS.manual, act)).toMatchObject({
    becomes: { manual: { by: 'Li', reason: 'the number is wrong' } },
  })
})

test('a refused close names what is missing; a step that is not required never does', () => {
  const needed: PlanStep = { ...STEPS.speak, id: 'speak' }
  const failed: PlanStep = { ...STEPS.dispatch, id: 'go' }
  const optional: PlanStep = { ...STEPS.note, id: 'note', required: false }
  const run = runOf([needed, failed, optional, { ...STEPS.close, id: 'close' }], { go: GIVEN.failed })
  expect(follow(run, INPUTS.closing, act)).toMatchObject({ refused: 'plan-incomplete', steps: [needed, failed] })
})

test('an outcome goes on to the next contact; a later answer completes what had failed', () => {
  const calls = [1, 2].map((contact): PlanStep => ({ ...STEPS.reached, id: `c${contact}`, contact }))
  const run = runOf(calls)
  const busy = follow(run, { type: 'contacted', position: 1, reached: false, outcome: 'busy' }, act)
  if ('refused' in busy) throw new Error(busy.why)
  expect(currentOf(run)?.id).toBe('c1')
  expect(currentOf(busy.becomes)?.id).toBe('c2')
  expect(stateOf(busy.becomes, 'c1')).toEqual({ ...act, is: 'failed', note: 'busy' })
  const back = follow(busy.becomes, { type: 'contacted', position: 1, reached: true, outcome: 'reached' }, act)
  expect('becomes' in back && stateOf(back.becomes, 'c1')).toEqual({ ...act, is: 'done', note: 'reached' })
})

test('two steps that one thing completes are completed one after the other', () => {
  const notes = ['a', 'b'].map((id): PlanStep => ({ ...STEPS.note, id }))
  const once = follow(runOf(notes), INPUTS.noted, act)
  if ('refused' in once) throw new Error(once.why)
  expect([stateOf(once.becomes, 'a').is, stateOf(once.becomes, 'b').is]).toEqual(['done', 'open'])
  const twice = follow(once.becomes, INPUTS.noted, act)
  expect('becomes' in twice && stateOf(twice.becomes, 'b').is).toBe('done')
})

test('an id that every object has is no step', () => {
  expect(
    follow(runOf([STEPS.speak]), { type: 'step', step: 'constructor', outcome: 'done', note: null }, act),
  ).toMatchObject({
    refused: 'step-unknown',
  })
  expect(stateOf(runOf([STEPS.speak]), 'constructor')).toEqual({ is: 'open' })
})

test('over any history: a life alarm is closed only when nothing is owed or the plan was left, and the copy of the plan never changes', () => {
  const steps: PlanStep[] = names(STEPS).map((name) => ({ ...STEPS[name], id: name.replaceAll(' ', '-') }))
  const ids = [...steps.map(({ id }) => id), 'x']
  const inputs = fc.oneof(
    fc.constantFrom<PlanInput[]>(...names(INPUTS).map((name) => INPUTS[name])),
    fc.record({
      type: fc.constant('step' as const),
      step: fc.constantFrom(...ids),
      outcome: fc.constantFrom('done' as const, 'skipped' as const, 'failed' as const),
      note: fc.constantFrom(null, 'why'),
    }),
  )
  fc.assert(
    fc.property(fc.array(inputs, { maxLength: 40 }), fc.constantFrom<EventClass[]>('life', 'hazard'), (said, of) => {
      const plan = runOf(steps)
      let run = plan
      let at = 0
      const wrong: string[] = []
      for (const input of said) {
        const given = input.type === 'closing' ? { ...input, class: of } : input
        const owing = owed(run).length > 0
        const decision = follow(run, given, { by: 'Li', at: ++at as Instant })
        if (given.type === 'closing' && 'refused' in decision !== owing) wrong.push(`closed at ${at}`)
        if ('becomes' in decision) run = decision.becomes
      }
      if (run.plan !== plan.plan) wrong.push('another plan')
      const states = steps.map(({ id }) => stateOf(run, id))
      if (states.some((state) => state.is === 'skipped' && state.note === null)) wrong.push('skipped without a reason')
      expect(wrong).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('the standard plans owe nothing: what must not be left out is for a centre to say', () => {
  for (const steps of Object.values(STANDARD_PLANS)) {
    expect(steps.length).toBeGreaterThan(3)
    expect(owed(runOf(steps))).toEqual([])
    expect(steps.at(-1)?.kind).toBe('close')
  }
})
