import { PlanBody } from '@anju/contract/api'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { checkedScope, fitted, narrowest, type Plan, STANDARD_PLANS, standardPlan } from './plan.ts'

const plan = (source: Plan['source']): Plan => ({ source, id: source, version: 1, steps: [] })

test.for([
  { there: ['class', 'type', 'home'], holds: 'home' },
  { there: ['class', 'type'], holds: 'type' },
  { there: ['class'], holds: 'class' },
  { there: [], holds: 'standard' },
] as const)('of $there the narrowest holds: $holds', ({ there, holds }) => {
  expect(narrowest(there.map(plan), 'life').source).toBe(holds)
})

test('the standard plan is that of the class', () => {
  expect(narrowest([], 'hazard')).toEqual({ ...standardPlan('hazard'), steps: STANDARD_PLANS.hazard })
  expect(standardPlan('info').steps).toEqual([])
})

const ids = (given: Plan, there: number) => fitted(given, there).steps.map(({ id }) => id)
test('a contact the home does not have is left out, unless calling them is required', () => {
  const life = standardPlan('life')
  expect(ids(life, 1)).toEqual(['speak', 'contact-1', 'dispatch', 'ambulance', 'note', 'close'])
  expect(ids(life, 3)).toEqual(life.steps.map(({ id }) => id))
  const required = { ...life, steps: life.steps.map((step) => ({ ...step, required: true })) }
  expect(ids(required, 0)).toEqual(life.steps.map(({ id }) => id))
})

const schema = Compile(PlanBody)
const speak = STANDARD_PLANS.life.find(({ kind }) => kind === 'speak')
const close = STANDARD_PLANS.life.find(({ kind }) => kind === 'close')
const of = (scope: object, steps: readonly unknown[] = STANDARD_PLANS.life) => ({ ...scope, steps })

test('what we ship is what a centre may write', () => {
  for (const [eventClass, steps] of Object.entries(STANDARD_PLANS))
    expect([...schema.Errors(of({ class: eventClass }, steps))]).toEqual([])
})

test.for([
  { what: 'a step of no known kind', body: of({ class: 'life' }, [{ ...speak, kind: 'sing' }]) },
  {
    what: 'a note that a dispatch completes',
    body: of({ class: 'life' }, [{ ...speak, kind: 'note', completedBy: 'dispatch' }]),
  },
  { what: 'a call to contact 0', body: of({ class: 'life' }, [{ ...speak, kind: 'call-contact', contact: 0 }]) },
  { what: 'a misspelt field', body: of({ class: 'life' }, [{ ...speak, requierd: true }]) },
  { what: 'no English', body: of({ class: 'life' }, [{ ...speak, text: { 'zh-CN': '说' } }]) },
  { what: 'no steps', body: of({ class: 'life' }, []) },
])('no plan: $what', ({ body }) => {
  expect(schema.Check(body)).toBe(false)
})

test.for([
  { body: of({}), why: 'class:' },
  { body: of({ type: 'smoke', class: 'hazard' }), why: 'class:' },
  { body: of({ home: 'home-1', class: 'hazard' }), why: 'type:' },
  { body: of({ class: 'life' }, [speak, speak]), why: 'steps: "speak"' },
  { body: of({ class: 'life' }, [close, speak]), why: 'steps: the close' },
])('refused with the field’s name: $why', ({ body, why }) => {
  expect(() => checkedScope(body as PlanBody)).toThrow(why)
})

const checked = (scope: object) => checkedScope(of(scope) as PlanBody)
test('a home’s plan for a type, a type’s and a class’s have their scopes', () => {
  expect(checked({ home: 'home-1', type: 'smoke' })).toEqual({ home: 'home-1', type: 'smoke', class: null })
  expect(checked({ type: 'smoke' })).toEqual({ home: null, type: 'smoke', class: null })
  expect(checked({ class: 'life', home: null })).toEqual({ home: null, type: null, class: 'life' })
})
