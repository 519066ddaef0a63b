import { useId } from 'react'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import styles from './staff.module.css'
import { WEEKDAYS } from './wall-time.ts'

interface Props {
  readonly days: readonly number[]
  readonly field: string
  readonly problem: string | undefined
  readonly onChange: (days: readonly number[]) => void
}

/** On which days of the week it begins. */
export function DaysChoice({ days, field, problem, onChange }: Props) {
  const t = useText()
  const words = useWords()
  const problemId = useId()
  return (
    <fieldset className={styles['days']}>
      <legend>{t('duty.days')}</legend>
      <div>
        {WEEKDAYS.map((day, index) => (
          <label key={day} data-day={day}>
            <input
              type="checkbox"
              checked={days.includes(day)}
              data-field={index === 0 ? field : undefined}
              aria-describedby={problem ? problemId : undefined}
              onChange={(event) =>
                onChange(event.currentTarget.checked ? [...days, day] : days.filter((one) => one !== day))
              }
            />
            {words('weekday', String(day))}
          </label>
        ))}
      </div>
      {problem && (
        <p id={problemId} className={styles['problem']}>
          {problem}
        </p>
      )}
    </fieldset>
  )
}
