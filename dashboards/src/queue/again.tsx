import { useKnown, useSeat, useSecond } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'

/** News for so long; afterwards the count says it. */
const newsForMs = 120_000

/** How long ago this page heard it happen once more: the count alone does not say whether they press now. */
export function Again({ alarm }: { readonly alarm: string }) {
  const t = useText()
  const { live } = useSeat()
  const againAt = useKnown(alarm)?.againAt ?? null
  // By the page's clock, as it was heard; the second's stroke paints it.
  useSecond()
  const agoMs = againAt === null ? Number.POSITIVE_INFINITY : live.now() - againAt
  if (agoMs >= newsForMs) return null
  return (
    <span className="numerals" data-again={alarm}>
      {t('queue.again', { seconds: Math.floor(agoMs / 1_000) })}
    </span>
  )
}
