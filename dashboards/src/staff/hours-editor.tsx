import type { Hours } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import dialogs from '../incident/dialogs.module.css'
import { DaysChoice } from './days-choice.tsx'
import type { Shown } from './form-dialog.tsx'
import { aLine, type HoursDraft, type HoursLine, hoursLinesMax, placeOfLine } from './hours-draft.ts'
import styles from './staff.module.css'
import { TimeFields } from './time-fields.tsx'

interface Props {
  readonly hours: HoursDraft
  /** What the hours are about, where that is not all there is. */
  readonly means?: string
  /** What a new line begins with; working hours where nothing else is said. */
  readonly fresh?: Hours
  readonly problemAt: Shown['problemAt']
  readonly onChange: (hours: HoursDraft) => void
}

/** When somebody may be asked: at any hour, or in hours that are the same every week. */
export function HoursEditor({ hours, means, fresh, problemAt, onChange }: Props) {
  const t = useText()
  const lines = hours ?? []
  const change = (line: HoursLine) => onChange(lines.map((one) => (one.key === line.key ? line : one)))
  return (
    <fieldset className={styles['hours']} data-hours>
      <legend>{t('staff.hours')}</legend>
      {means && <p className={styles['soft']}>{means}</p>}
      <label className={dialogs['check']}>
        <input
          type="checkbox"
          checked={hours === null}
          data-field="hours"
          onChange={(event) => onChange(event.currentTarget.checked ? null : [aLine([], fresh)])}
        />
        {t('staff.always')}
      </label>
      {problemAt('hours') && <p className={styles['problem']}>{problemAt('hours')}</p>}
      {lines.map((line, index) => (
        <div key={line.key} className={styles['line']} data-hours-line={line.key}>
          <DaysChoice
            days={line.days}
            field={`${placeOfLine(line.key)}days`}
            problem={problemAt(`${placeOfLine(line.key)}days`)}
            onChange={(days) => change({ ...line, days })}
          />
          <TimeFields
            from={line.from}
            to={line.to}
            place={placeOfLine(line.key)}
            problemAt={problemAt}
            onChange={(times) => change({ ...line, ...times })}
          />
          <button
            type="button"
            className={styles['button']}
            aria-label={t('staff.hours-out', { number: index + 1 })}
            onClick={() => onChange(lines.filter(({ key }) => key !== line.key))}
          >
            ×
          </button>
        </div>
      ))}
      {hours !== null && (
        <button
          type="button"
          className={styles['button']}
          data-action="add-hours"
          aria-disabled={lines.length >= hoursLinesMax}
          onClick={() => lines.length < hoursLinesMax && onChange([...lines, aLine(lines, fresh)])}
        >
          {t('staff.hours-add')}
        </button>
      )}
    </fieldset>
  )
}
