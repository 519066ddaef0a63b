import type { PlanStep, StoredPlan } from '@anju/contract/api'
import { encode, parserOf } from '@anju/contract/parsed'
import { PlanBody } from '@anju/contract/plan'
import { STEP_KINDS } from '@anju/contract/plan-words'
import { describe, expect, test } from 'vitest'
import {
  aboutOf,
  added,
  aimed,
  canAdd,
  changed,
  checked,
  classAbout,
  completedIn,
  type Draft,
  draftOf,
  emptyDraft,
  isSame,
  moved,
  type Standard,
  type StepDraft,
  valueOf,
  without,
} from './draft.ts'

const text = { 'zh-CN': '做', en: 'do' }
const speak: PlanStep = { id: 'speak', kind: 'speak', text, required: true, completedBy: 'by-hand' }
const first: PlanStep = {
  id: 'first',
  kind: 'call-contact',
  contact: 1,
  text: { 'zh-CN': '打给第一联系人', en: 'Call contact 1' },
  required: false,
  completedBy: 'contact-tried',
}
const second: PlanStep = {
  ...first,
  id: 'second',
  contact: 2,
  text: { 'zh-CN': '打给第二联系人', en: 'Call contact 2' },
}
const close: PlanStep = { id: 'close', kind: 'close', text, required: false, completedBy: 'close' }
const standard: Standard = { life: [speak, first, second, close], hazard: [], technical: [] }
const steps: readonly StepDraft[] = [speak, first, close]
const draft = (but: Partial<Draft> = {}): Draft => ({ about: { type: 'smoke' }, where: { for: 'all' }, steps, ...but })
const ids = (of: readonly StepDraft[]) => of.map(({ id }) => id).join(' ')
const faults = (of: Draft) => {
  const found = checked(of)
  return 'faults' in found ? found.faults.map(({ at, says }) => `${at}: ${says}`) : []
}
const stored = (but: Partial<StoredPlan> = {}): StoredPlan => ({
  id: '7',
  home: null,
  type: 'smoke',
  class: null,
  version: 3,
  steps: [speak],
  changedAt: '2026-01-05T02:00:00.000Z',
  changedBy: '周敏',
  ...but,
})

describe('what is sent', () => {
  test('is what the server’s schema takes, with every kind of step as it is added', () => {
    let every: readonly StepDraft[] = []
    for (const kind of STEP_KINDS) every = added(every, kind, standard).steps
    const finished = every.map((step) =>
      step.kind === 'call-agency' ? { ...step, agency: 'fire' as const, text } : { ...step, text },
    )
    const found = checked(draft({ steps: finished }))
    if ('faults' in found) throw new Error(faults(draft({ steps: finished })).join())
    expect(parserOf(PlanBody)(encode(found.body))).toEqual({ ok: true, value: found.body })
    expect(found.body.steps.map(({ kind }) => kind)).toEqual(STEP_KINDS)
  })

  test.for([
    [draft(), { home: null, type: 'smoke', steps }],
    [draft({ about: { class: 'life' } }), { home: null, class: 'life', steps }],
    [draft({ where: { for: 'one', home: 'home-1' } }), { home: 'home-1', type: 'smoke', steps }],
    [
      draft({ steps: [{ ...speak, text: { 'zh-CN': ' 做 ', en: ' do ' } }] }),
      { home: null, type: 'smoke', steps: [speak] },
    ],
  ] as const)('is for its event and its homes, without blanks around its words: %j', ([given, body]) => {
    expect(checked(given)).toEqual({ body })
  })

  test('is a stored plan again when nothing was changed', () => {
    const plan = stored({ home: 'home-1', steps: [speak, close] })
    expect(checked(draftOf(plan))).toEqual({ body: { home: 'home-1', type: 'smoke', steps: [speak, close] } })
    expect(isSame(draftOf(plan), draftOf(stored({ home: 'home-1', steps: [speak, close] })))).toBe(true)
    expect(isSame(draftOf(plan), { ...draftOf(plan), steps: [close] })).toBe(false)
  })

  test.for([
    [emptyDraft, ['event: plans.event-missing', 'steps: plans.steps-missing']],
    [draft({ where: { for: 'one', home: null } }), ['home: plans.home-missing']],
    [draft({ about: { class: 'life' }, where: { for: 'one', home: 'home-1' } }), ['event: plans.home-for-type']],
    [draft({ steps: [speak, { ...first, text: { 'zh-CN': '打', en: ' ' } }] }), ['first/en: plans.text-missing']],
    [
      draft({ steps: added([], 'call-agency', standard).steps }),
      [
        'call-agency/agency: plans.agency-missing',
        'call-agency/zh-CN: plans.text-missing',
        'call-agency/en: plans.text-missing',
      ],
    ],
  ] as const)(
    'is nothing while something is missing, and each is said where it is missing: %#',
    ([given, expected]) => {
      expect(faults(given)).toEqual(expected)
    },
  )
})

describe('the steps', () => {
  test('a new one goes before the close, in the standard plan’s words for the next contact', () => {
    const { steps: now, id } = added(steps, 'call-contact', standard)
    expect(ids(now)).toBe('speak first call-contact close')
    expect(now.find((step) => step.id === id)).toMatchObject({ contact: 2, text: second.text })
    expect(added(now, 'call-contact', standard).id).toBe('call-contact-2')
    expect(added(now, 'call-contact', undefined).steps.at(-2)).toMatchObject({ contact: 3, text: { en: '' } })
  })

  test('there is one close and an end to their number', () => {
    expect(canAdd(steps, 'close')).toBe(false)
    expect(canAdd([speak], 'close')).toBe(true)
    let many: readonly StepDraft[] = [close]
    while (canAdd(many, 'check')) many = added(many, 'check', standard).steps
    expect(many).toHaveLength(30)
    expect(new Set(many.map(({ id }) => id)).size).toBe(30)
    expect(many.at(-1)?.kind).toBe('close')
  })

  test.for([
    ['first', -1, 'first speak close'],
    ['speak', 1, 'first speak close'],
    ['speak', -1, 'speak first close'],
    ['first', 1, 'speak first close'],
    ['close', -1, 'speak first close'],
    ['nobody', 1, 'speak first close'],
  ] as const)('%s moved by %i: %s', ([id, by, expected]) => {
    expect(ids(moved(steps, id, by))).toBe(expected)
  })

  test('one is changed or taken out, and the others stay as they are', () => {
    const now = changed(steps, { ...first, required: true })
    expect(now.map(({ required }) => required)).toEqual([true, true, false])
    expect(now[0]).toBe(speak)
    expect(ids(without(now, 'first'))).toBe('speak close')
  })

  test('the standard’s words go with whom they were for, and a person’s own words stay', () => {
    expect(aimed(first, { contact: 2 }, standard)).toMatchObject({ contact: 2, text: second.text })
    expect(aimed(first, { contact: 9 }, standard)).toMatchObject({ contact: 9, text: { 'zh-CN': '', en: '' } })
    const own = { ...first, text: { 'zh-CN': '打给她女儿', en: 'Call her daughter' } }
    expect(aimed(own, { contact: 2 }, standard)).toEqual({ ...own, contact: 2 })
    const [agency] = added([], 'call-agency', standard).steps
    if (!agency) throw new Error('no step was added')
    expect(aimed(agency, { agency: 'fire' }, standard)).toMatchObject({ agency: 'fire', text: { en: '' } })
  })

  test('what completes one is a way of its kind, and no other', () => {
    expect(completedIn(first, 'contact-reached')).toMatchObject({ completedBy: 'contact-reached' })
    expect(completedIn(first, 'close')).toBe(first)
  })
})

test.for([{ type: 'smoke' }, { class: 'life' }] as const)(
  '%j is the same again after it was chosen by its word',
  (about) => {
    expect(aboutOf(valueOf(about))).toEqual(about)
    expect(aboutOf('')).toBeNull()
  },
)

test.for([
  [{ type: 'smoke' }, 'hazard'],
  [{ class: 'technical' }, 'technical'],
  [{ type: 'of-a-newer-gateway' }, undefined],
  [{ type: 'test' }, undefined],
  [null, undefined],
] as const)('the standard plan for %j is that of %s', ([about, of]) => {
  expect(classAbout(about)).toBe(of)
})
