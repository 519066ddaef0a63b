import type { Alarm } from '@anju/contract/api'
import { RUNGS } from '@anju/contract/event'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { clockTime, span } from '../time/format.ts'
import block from './incident.module.css'
import styles from './ladder.module.css'

interface Props {
  readonly alarm: Alarm
  readonly zone: string | undefined
}

/** How far the call for help has come: each rung with its time and its distance from the first. */
export function Ladder({ alarm, zone }: Props) {
  const t = useText()
  const words = useWords()
  const first = alarm.ladder.L0 ?? alarm.ladder.L2
  return (
    <section className={block['block']} aria-labelledby="ladder-title">
      <h3 id="ladder-title">{t('ladder.title')}</h3>
      <ol className={styles['ladder']}>
        {RUNGS.map((rung) => {
          const at = alarm.ladder[rung]
          return (
            <li key={rung} data-rung={rung} data-reached={at !== null}>
              <span className={styles['dot']} aria-hidden="true" />
              <span className={styles['rung']}>{rung}</span>
              <span className={styles['word']}>{words('rung', rung)}</span>
              <span className={`${styles['at']} numerals`}>
                {at === null ? t('ladder.not-yet') : `${clockTime(at, zone)} ${distance(first, at)}`}
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

function distance(first: string | null, at: string): string {
  if (first === null || first === at) return ''
  const ms = Date.parse(at) - Date.parse(first)
  if (ms < 0) return ''
  return ms < 60_000 ? `+${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 0)}s` : `+${span(ms)}`
}
