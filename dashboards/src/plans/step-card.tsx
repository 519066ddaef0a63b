import { AGENCIES, AGENCY_NAMES, COMPLETIONS, PLAN_LIMITS } from '@anju/contract/plan-words'
import { TextInput } from '@mantine/core'
import { useId } from 'react'
import { Pick } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import dialogs from '../incident/dialogs.module.css'
import { aimed, completedIn, type Place, type Standard, type StepDraft } from './draft.ts'
import styles from './plan-dialog.module.css'

const CONTACTS = Array.from({ length: PLAN_LIMITS.contactMax }, (_, index) => index + 1)

interface Props {
  readonly step: StepDraft
  readonly number: number
  readonly standard: Standard
  readonly startsHere: boolean
  readonly canMove: { readonly up: boolean; readonly down: boolean }
  readonly problemAt: (place: Place) => string | undefined
  readonly onChange: (step: StepDraft) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onTakeOut: () => void
}

/** One step: where it stands, whom it calls, its words in both languages, and when it is done. */
export function StepCard({
  step,
  number,
  standard,
  startsHere,
  canMove,
  problemAt,
  onChange,
  onMove,
  onTakeOut,
}: Props) {
  const t = useText()
  const words = useWords()
  const titleId = useId()
  const ways = COMPLETIONS[step.kind]

  const aims = step.kind === 'call-contact' || step.kind === 'call-agency'
  const completion = ways.length > 1 && (
    <Pick label={t('plans.completion')} value={step.completedBy} onPick={(way) => onChange(completedIn(step, way))}>
      {ways.map((way) => (
        <option key={way} value={way}>
          {words('completion', way)}
        </option>
      ))}
    </Pick>
  )

  return (
    <li className={styles['step']} aria-labelledby={titleId} data-plan-step={step.id} data-kind={step.kind}>
      <div className={styles['step-head']}>
        <h4 id={titleId}>{t('plans.step', { number, kind: words('step-kind', step.kind) })}</h4>
        {/* That an alarm is closed by closing it need not be asked for. */}
        {step.kind !== 'close' && (
          <label className={dialogs['check']}>
            <input
              type="checkbox"
              checked={step.required}
              onChange={(event) => onChange({ ...step, required: event.currentTarget.checked })}
            />
            {t('plans.required')}
          </label>
        )}
        <div className={styles['places']}>
          <Act action="up" label={t('plans.up', { number })} off={!canMove.up} onClick={() => onMove(-1)}>
            ↑
          </Act>
          <Act action="down" label={t('plans.down', { number })} off={!canMove.down} onClick={() => onMove(1)}>
            ↓
          </Act>
          <Act action="take-out" label={t('plans.take-out', { number })} onClick={onTakeOut}>
            ×
          </Act>
        </div>
      </div>
      <div className={styles['fields']}>
        {step.kind === 'call-contact' && (
          <Pick
            label={t('plans.contact')}
            value={String(step.contact)}
            onPick={(contact) => onChange(aimed(step, { contact: Number(contact) }, standard))}
          >
            {CONTACTS.map((contact) => (
              <option key={contact} value={contact}>
                {contact}
              </option>
            ))}
          </Pick>
        )}
        {step.kind === 'call-agency' && (
          <Pick
            label={t('plans.agency')}
            value={step.agency ?? ''}
            problem={problemAt(`${step.id}/agency`)}
            field={`${step.id}/agency`}
            onPick={(name) => {
              const agency = AGENCY_NAMES.find((one) => one === name)
              if (agency) onChange(aimed(step, { agency }, standard))
            }}
          >
            <option value="" disabled>
              {t('plans.event-choose')}
            </option>
            {AGENCY_NAMES.map((name) => (
              <option key={name} value={name}>
                {words('agency', name)} {AGENCIES[name]}
              </option>
            ))}
          </Pick>
        )}
        {aims && completion}
        {(['zh-CN', 'en'] as const).map((locale, index) => (
          <TextInput
            key={locale}
            type="text"
            label={t(locale === 'en' ? 'plans.text-en' : 'plans.text-zh')}
            lang={locale}
            maxLength={PLAN_LIMITS.stepTextCharsMax}
            value={step.text[locale]}
            error={problemAt(`${step.id}/${locale}`)}
            data-field={`${step.id}/${locale}`}
            data-autofocus={startsHere && index === 0 ? true : undefined}
            onChange={(event) => onChange({ ...step, text: { ...step.text, [locale]: event.currentTarget.value } })}
          />
        ))}
        {!aims && completion}
      </div>
    </li>
  )
}

interface ActProps {
  readonly action: string
  readonly label: string
  readonly off?: boolean
  readonly onClick: () => void
  readonly children: string
}

/** Never `disabled`: who has moved a step to the top still has the focus on what moved it. */
function Act({ action, label, off = false, onClick, children }: ActProps) {
  return (
    <button
      type="button"
      className={styles['act']}
      data-action={action}
      aria-label={label}
      aria-disabled={off}
      onClick={() => {
        if (!off) onClick()
      }}
    >
      {children}
    </button>
  )
}
