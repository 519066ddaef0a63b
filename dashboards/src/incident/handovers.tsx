import type { Handover } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { clockTime } from '../time/format.ts'
import block from './incident.module.css'
import type { IncidentDialog } from './incident-actions.tsx'
import styles from './plan.module.css'

interface Props {
  readonly handovers: readonly Handover[]
  readonly zone: string | undefined
  readonly onDialog: (dialog: IncidentDialog) => void
}

/** Which outside agencies were told, and what they said. */
export function Handovers({ handovers, zone, onDialog }: Props) {
  const t = useText()
  const words = useWords()
  if (handovers.length === 0) return null
  return (
    <section className={block['block']} aria-labelledby="handovers-title">
      <h3 id="handovers-title">{t('handover.list')}</h3>
      <ul className={styles['handovers']}>
        {handovers.map((one) => (
          <li key={one.id} data-handover={one.id}>
            <p>
              <b>{words('agency', one.agency)}</b> · {clockTime(one.at, zone)} · {one.by}
              {one.onTheWay && <span className={styles['required']}>{t('handover.on-the-way')}</span>}
            </p>
            <p className={styles['said']}>
              {one.caseNumber === null
                ? t('handover.no-case-number')
                : t('handover.case-number-is', { number: one.caseNumber })}
              {one.outcome !== null && <> · {one.outcome}</>}
            </p>
            <button type="button" className={styles['act']} onClick={() => onDialog({ handover: one.id })}>
              {t('handover.open')}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
