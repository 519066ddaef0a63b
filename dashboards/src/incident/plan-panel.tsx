import type { Alarm, AlarmDetail, PlanStepView } from '@anju/contract/api'
import type { StepOutcome } from '@anju/contract/plan-words'
import { useEffect, useState } from 'react'
import { useLink, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useLocale, useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { clockTime } from '../time/format.ts'
import block from './incident.module.css'
import { type IncidentDialog, Key } from './incident-actions.tsx'
import styles from './plan.module.css'
import { PlanLeft } from './plan-left.tsx'

interface Props {
  readonly alarm: Alarm
  readonly detail: AlarmDetail
  readonly zone: string | undefined
  readonly onDialog: (dialog: IncidentDialog) => void
}

/** What to do, step by step. The order is advice: any step can be chosen; the keys act on the chosen one, else on the current. */
export function PlanPanel({ alarm, detail, zone, onDialog }: Props) {
  const t = useText()
  const words = useWords()
  const { locale } = useLocale()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const { plan } = detail
  const enabled = holds(seat, alarm) && link !== 'lost'
  const choosable = enabled && !plan.manual
  const at = plan.manual ? undefined : plan.steps.find(({ id }) => id === (chosenId ?? plan.current))

  // The buttons of a plan that was left are gone: who was on one of them goes on at the alarm's row, where the keys live.
  const left = plan.manual !== null
  useEffect(() => {
    if (left && document.activeElement === document.body)
      document.querySelector<HTMLElement>(`[data-row="${alarm.id}"]`)?.focus()
  }, [left, alarm.id])

  async function say(outcome: StepOutcome) {
    if (!at || at.kind === 'close') return
    setChosenId(null)
    await commands.step(alarm, at.id, outcome)
  }

  return (
    <section className={block['block']} aria-labelledby="plan-title" data-plan={plan.manual ? 'left' : 'followed'}>
      <h3 id="plan-title">
        {t('plan.title')}
        <span className={styles['source']}>
          {words('plan-source', plan.source)}
          {plan.version !== null && <> · {t('plan.version', { version: plan.version })}</>}
        </span>
      </h3>
      {plan.steps.length === 0 && <p className={block['soft']}>{t('plan.none')}</p>}
      {plan.manual && <PlanLeft detail={detail} left={plan.manual} zone={zone} />}
      <ol className={styles['steps']} data-left={plan.manual !== null}>
        {plan.steps.map((step, index) => (
          <li
            key={step.id}
            data-step={step.id}
            data-state={step.state}
            aria-current={step.id === at?.id ? 'step' : undefined}
          >
            <span className={styles['number']} aria-hidden="true">
              {MARKS[step.state] ?? index + 1}
            </span>
            <div className={styles['words']}>
              <button
                type="button"
                className={styles['choose']}
                aria-disabled={!choosable}
                onClick={() => choosable && setChosenId(step.id)}
              >
                {step.texts[locale]}
                {step.required && <span className={styles['required']}>{t('plan.required')}</span>}
              </button>
              {contactName(detail, step) && <span className={styles['who']}>{contactName(detail, step)}</span>}
              {step.at !== null && (
                <span className={styles['said']}>
                  {words('step-state', step.state)} · {clockTime(step.at, zone)} · {step.by}
                  {step.note !== null && (
                    <> · {step.kind === 'call-contact' ? words('contact', step.note) : step.note}</>
                  )}
                </span>
              )}
            </div>
          </li>
        ))}
      </ol>
      {enabled && (
        <div className={styles['actions']} role="toolbar" aria-label={t('plan.actions')}>
          {!plan.manual && (
            <>
              {/* Never `disabled`: where nothing is left to do, the focus must have somewhere to stay. */}
              <Act
                action="step-done"
                of="d"
                off={!at}
                onClick={() => (at?.kind === 'close' ? onDialog('close') : void say('done'))}
              >
                {at?.kind === 'close' ? t('action.close') : t('plan.done')}
              </Act>
              <Act
                action="step-skip"
                of="w"
                off={!at || at.kind === 'close'}
                onClick={() => at && onDialog({ skip: at })}
              >
                {t('plan.skip')}
              </Act>
              <Act action="step-failed" of="f" off={!at || at.kind === 'close'} onClick={() => void say('failed')}>
                {t('plan.failed')}
              </Act>
            </>
          )}
          <Act
            action="agency"
            of="g"
            onClick={() => onDialog({ agency: at?.kind === 'call-agency' ? (at.agency ?? null) : null })}
          >
            {t('plan.agency')}
          </Act>
          {!plan.manual && (
            <Act action="manual" of="v" onClick={() => onDialog('manual')}>
              {t('plan.manual')}
            </Act>
          )}
        </div>
      )}
    </section>
  )
}

const MARKS: Partial<Record<PlanStepView['state'], string>> = { done: '✓', skipped: '–', failed: '!' }

/** Whom the step means: the n-th contact in the home's order. */
function contactName({ contacts }: AlarmDetail, { contact }: PlanStepView): string | undefined {
  if (contact === undefined) return undefined
  return [...contacts].sort((a, b) => a.order - b.order)[contact - 1]?.name
}

interface ActProps {
  readonly action: string
  readonly of: string
  readonly off?: boolean
  readonly onClick: () => void
  readonly children: string
}

function Act({ action, of, off = false, onClick, children }: ActProps) {
  return (
    <button
      type="button"
      className={styles['act']}
      data-action={action}
      aria-disabled={off}
      onClick={() => {
        if (!off) onClick()
      }}
    >
      {children} <Key of={of} />
    </button>
  )
}
