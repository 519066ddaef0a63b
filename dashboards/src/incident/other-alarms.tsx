import type { Alarm } from '@anju/contract/api'
import { useMemo } from 'react'
import { useLive, useSecond } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { sinceEvent } from '../time/alarm-age.ts'
import { span } from '../time/format.ts'
import { Key } from './incident-actions.tsx'
import styles from './others.module.css'
import { othersOf, othersShownMax } from './others.ts'

interface Props {
  readonly alarm: Alarm
  readonly onOpen: (alarm: Alarm) => void
}

/** What else is open in this home: one person may be three alarms. The key `o` goes to the most urgent. */
export function OtherAlarms({ alarm, onOpen }: Props) {
  const t = useText()
  const words = useWords()
  const now = useSecond()
  const { alarms } = useLive()
  const others = useMemo(
    () =>
      othersOf(
        alarm,
        [...alarms.values()].map((known) => known.alarm),
      ),
    [alarm, alarms],
  )
  if (others.length === 0) return null
  return (
    <section className={styles['others']} aria-labelledby="others-title" data-others={others.length}>
      <h3 id="others-title">{t('others.title')}</h3>
      <ul>
        {others.slice(0, othersShownMax).map((other, index) => (
          <li key={other.id}>
            <button
              type="button"
              data-other={other.id}
              data-class={other.class}
              {...(index === 0 ? { 'data-action': 'other-alarm' } : {})}
              onClick={() => onOpen(other)}
            >
              {t('others.open', {
                type: words('event', other.type),
                state: words('handling', other.handling),
                age: span(sinceEvent(other, now)),
              })}
              {index === 0 && <Key of="o" />}
            </button>
          </li>
        ))}
      </ul>
      {others.length > othersShownMax && <span>{t('others.more', { count: others.length - othersShownMax })}</span>}
    </section>
  )
}
