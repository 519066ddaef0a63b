import type { AlarmDetail } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import { clockTime } from '../time/format.ts'
import { handedOver } from './draft.ts'
import styles from './handover.module.css'

interface Props {
  readonly timeline: AlarmDetail['timeline']
  readonly zone: string | undefined
}

/** The first thing to read for whoever takes up another's work. */
export function HandoverNote({ timeline, zone }: Props) {
  const t = useText()
  const released = handedOver(timeline)
  if (!released) return null
  return (
    <section className={styles['note']} data-handover="note" aria-label={t('handover.note')}>
      <b>{t('handover.from', { name: released.by?.name ?? '', at: clockTime(released.at, zone) })}</b>
      <p>{released.text}</p>
    </section>
  )
}
