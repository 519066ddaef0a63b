import type { Alarm } from '@anju/contract/api'
import { useEffect, useRef } from 'react'
import { incidents } from '../api/incident-calls.ts'
import { nameOf } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { outageTitle } from '../queue/alarm-row.tsx'
import { dayTime } from '../time/format.ts'
import styles from './alarm-pages.module.css'
import { AlarmPages } from './alarm-pages.tsx'

interface Props {
  readonly onOpen: (alarm: Alarm) => void
  readonly onBack: () => void
}

/** What is over, the last one first: its log is read there, an agency's answer is written down, a close is taken back. */
export function RecentlyClosed({ onOpen, onBack }: Props) {
  const t = useText()
  const words = useWords()
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <section className={styles['panel']} aria-labelledby="closed-title" data-closed-list>
      <header>
        <h2 id="closed-title" ref={title} tabIndex={-1}>
          {t('closed.title')}
        </h2>
        <button type="button" className={styles['act']} data-action="leave-closed" onClick={onBack}>
          {t('closed.back')}
        </button>
      </header>
      <AlarmPages
        of={['recently-closed']}
        read={incidents.closed}
        words={{ loading: t('closed.loading'), none: t('closed.none'), more: t('closed.more') }}
        renderRow={(alarm) => (
          <button type="button" className={styles['row']} onClick={() => onOpen(alarm)}>
            <span>
              <b>{alarm.folds ? outageTitle(alarm, words, t) : nameOf(alarm)}</b> · {words('event', alarm.type)} ·{' '}
              {alarm.home.placementName}
            </span>
            <span className={styles['soft']}>
              {t('closed.at', { at: dayTime(alarm.closedAt ?? alarm.lastAt) })} ·{' '}
              {/* Only a person's close can be undone. */}
              {alarm.undoUntil === null
                ? t('closed.by-itself')
                : alarm.disposition &&
                  `${words('disposition', alarm.disposition.code)} · ${words('outcome', alarm.disposition.outcome)}`}
            </span>
          </button>
        )}
      />
    </section>
  )
}
