import { PLAN_LIMITS, STEP_KINDS, type StepKind } from '@anju/contract/plan-words'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import {
  added,
  canAdd,
  changed,
  classAbout,
  type Draft,
  moved,
  type Place,
  type Standard,
  type StepDraft,
  without,
} from './draft.ts'
import styles from './plan-dialog.module.css'
import { StepCard } from './step-card.tsx'
import { useStepKeys } from './use-step-keys.ts'

interface Props {
  readonly draft: Draft
  readonly standard: Standard
  /** The dialog opens with the focus here. */
  readonly startsHere: boolean
  readonly onSteps: (steps: readonly StepDraft[]) => void
  readonly problemAt: (place: Place) => string | undefined
}

/** What is to be done, in order. */
export function PlanSteps({ draft: { about, steps }, standard, startsHere, onSteps, problemAt }: Props) {
  const t = useText()
  const words = useWords()
  const list = useRef<HTMLElement>(null)
  /** What gets the focus once the steps have changed: a part of the page that is only then there. */
  const next = useRef<string | null>(null)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (next.current === null) return
    list.current?.querySelector<HTMLElement>(next.current)?.focus()
    next.current = null
  })
  const of = classAbout(about)

  function add(kind: StepKind) {
    if (!canAdd(steps, kind)) return
    const now = added(steps, kind, standard)
    next.current = `[data-plan-step="${now.id}"] ${FIRST_FIELD}`
    onSteps(now.steps)
  }
  function takeOut(id: string) {
    const at = steps.findIndex((step) => step.id === id)
    const neighbour = steps[at + 1] ?? steps[at - 1]
    next.current = neighbour ? `[data-plan-step="${neighbour.id}"] [data-action=take-out]` : '[data-field=steps]'
    onSteps(without(steps, id))
  }
  function move(id: string, by: 1 | -1) {
    const now = moved(steps, id, by)
    if (now === steps) return
    onSteps(now)
    setSaid(t('plans.moved', { number: now.findIndex((step) => step.id === id) + 1, count: now.length }))
  }
  useStepKeys(move)
  function begin() {
    if (!of) return
    next.current = FIRST_FIELD
    onSteps(standard[of])
  }

  return (
    <section ref={list} className={styles['steps']} aria-labelledby="plan-steps-title">
      <h3 id="plan-steps-title">{t('plans.steps')}</h3>
      <output className={styles['unseen']}>{said}</output>
      {steps.length === 0 && of && (
        <button type="button" className={styles['button']} data-action="standard-plan" onClick={begin}>
          {t('plans.standard', { class: words('class', of) })}
        </button>
      )}
      <ol>
        {steps.map((step, index) => (
          <StepCard
            key={step.id}
            step={step}
            number={index + 1}
            standard={standard}
            startsHere={startsHere && index === 0}
            canMove={{ up: moved(steps, step.id, -1) !== steps, down: moved(steps, step.id, 1) !== steps }}
            problemAt={problemAt}
            onChange={(now) => onSteps(changed(steps, now))}
            onMove={(by) => move(step.id, by)}
            onTakeOut={() => takeOut(step.id)}
          />
        ))}
      </ol>
      <fieldset className={styles['add']} aria-describedby={problemAt('steps') && 'plan-steps-problem'}>
        <legend>{t('plans.add')}</legend>
        {STEP_KINDS.map((kind, index) => (
          <button
            key={kind}
            type="button"
            className={styles['button']}
            data-add={kind}
            data-field={index === 0 ? 'steps' : undefined}
            aria-disabled={!canAdd(steps, kind)}
            onClick={() => add(kind)}
          >
            <span aria-hidden="true">+ </span>
            {words('step-kind', kind)}
          </button>
        ))}
      </fieldset>
      {problemAt('steps') && (
        <p id="plan-steps-problem" className={styles['problem']} data-problem="steps">
          {problemAt('steps')}
        </p>
      )}
      {steps.length >= PLAN_LIMITS.stepsMax && (
        <p className={styles['soft']}>{t('plans.full', { max: PLAN_LIMITS.stepsMax })}</p>
      )}
      {steps.length > 1 && <p className={styles['soft']}>{t('plans.move-keys')}</p>}
    </section>
  )
}

const FIRST_FIELD = ':is(select, input[type=text])'
