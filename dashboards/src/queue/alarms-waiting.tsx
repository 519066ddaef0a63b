import { useLive } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { isHeard } from '../sound/sounding.ts'
import styles from './alarms-waiting.module.css'
import { inReadingOrder, sectionsOf } from './queue-order.ts'

interface Props {
  /** Goes to the one that comes first; without it the dialog must be left for that. */
  readonly onAlarm?: (id: string) => void
}

/** The queue lies behind a dialog: whoever writes in one for minutes still sees that somebody waits. */
export function AlarmsWaiting({ onAlarm }: Props) {
  const t = useText()
  const { alarms } = useLive()
  const waiting = [...alarms.values()]
    .map(({ alarm }) => alarm)
    .filter((alarm) => isHeard(alarm) && alarm.handling === 'new')
  const [first] = inReadingOrder(sectionsOf(waiting))
  return (
    <div className={styles['bar']} data-some={waiting.length > 0}>
      <output data-waiting={waiting.length}>
        {waiting.length > 0 && t('plans.waiting', { count: waiting.length })}
      </output>
      {first && onAlarm && (
        <button type="button" className={styles['button']} data-action="to-alarm" onClick={() => onAlarm(first.id)}>
          {t('staff.to-alarm')}
        </button>
      )}
    </div>
  )
}
