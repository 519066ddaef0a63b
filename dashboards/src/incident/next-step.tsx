import type { EscalationView } from '@anju/contract/api'
import { useSecond } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { useTargetName } from '../shift/use-target-name.ts'
import { span } from '../time/format.ts'
import styles from './incident-head.module.css'

/** Who is asked next if nobody does anything, and when: where one looks first. The others stand further down. */
export function NextStep({ tracks }: { readonly tracks: readonly EscalationView[] }) {
  const t = useText()
  const words = useWords()
  const now = useSecond()
  const nameOf = useTargetName()
  const [first] = tracks
    .flatMap(({ track, next }) => (next ? [{ track, next, at: Date.parse(next.at) }] : []))
    .sort((a, b) => a.at - b.at)
  if (!first) return null
  const { track, next, at } = first
  return (
    <p className={styles['next']} data-next-step={track}>
      {t('incident.next', {
        track: words('track', track),
        whom: next.targets.map(nameOf).join(t('reaching.and')),
      })}{' '}
      <b className="numerals">{span(at - now)}</b>
    </p>
  )
}
