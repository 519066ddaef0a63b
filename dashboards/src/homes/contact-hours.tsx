import type { Hours } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import dialogs from '../incident/dialogs.module.css'
import { CONTACT_LIMITS, EVERY_DAY, newHours } from './contact-draft.ts'
import styles from './homes.module.css'
import { Press } from './parts.tsx'

interface Props {
  readonly hours: readonly Hours[] | null
  readonly problem: string | undefined
  readonly onChange: (hours: readonly Hours[] | null) => void
}

/** When a contact may be asked for what can wait; a life alarm asks at any hour. */
export function ContactHours({ hours, problem, onChange }: Props) {
  const t = useText()
  const list = hours ?? []
  const change = (index: number, to: Partial<Hours>) =>
    onChange(list.map((one, at) => (at === index ? { ...one, ...to } : one)))
  const takeOut = (index: number) => onChange(list.length === 1 ? null : list.toSpliced(index, 1))
  return (
    <fieldset className={dialogs['choice']}>
      <legend>{t('homes.when')}</legend>
      <p className={styles['soft']}>{t('homes.when-means')}</p>
      {hours === null && <p>{t('homes.any-hour')}</p>}
      {list.map((one, index) => (
        // They have no name of their own, and are only ever added at the end.
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
        <OneSpan
          key={index}
          of={one}
          number={index + 1}
          onChange={(to) => change(index, to)}
          onTakeOut={() => takeOut(index)}
        />
      ))}
      {problem !== undefined && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
      <Press action="add-hours" off={list.length >= CONTACT_LIMITS.hours} onPress={() => onChange([...list, newHours])}>
        {t('homes.add-hours')}
      </Press>
    </fieldset>
  )
}

interface SpanProps {
  readonly of: Hours
  readonly number: number
  readonly onChange: (to: Partial<Hours>) => void
  readonly onTakeOut: () => void
}

function OneSpan({ of: { days, from, to }, number, onChange, onTakeOut }: SpanProps) {
  const t = useText()
  const words = useWords()
  return (
    <div className={styles['hours']} data-hours={number}>
      <fieldset className={styles['days']} aria-label={t('homes.days', { number })}>
        {EVERY_DAY.map((day) => (
          <label key={day} className={dialogs['check']}>
            <input
              type="checkbox"
              checked={days.includes(day)}
              data-field="contact-hours"
              onChange={({ currentTarget: { checked } }) =>
                onChange({ days: EVERY_DAY.filter((one) => (one === day ? checked : days.includes(one))) })
              }
            />
            {words('weekday', String(day))}
          </label>
        ))}
      </fieldset>
      <TextInput
        type="time"
        label={t('homes.from')}
        value={from}
        onChange={({ currentTarget: { value } }) => value !== '' && onChange({ from: value })}
      />
      <TextInput
        type="time"
        label={t('homes.to')}
        value={to}
        onChange={({ currentTarget: { value } }) => value !== '' && onChange({ to: value })}
      />
      <Press action="take-out-hours" label={t('homes.take-out-hours', { number })} onPress={onTakeOut}>
        ×
      </Press>
    </div>
  )
}
