import type { ActivityAnswer, HomeDetail } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { telemetry } from '../api/calls.ts'
import { useText } from '../i18n/locale.tsx'
import styles from './routine.module.css'
import { levelOf } from './routine-level.ts'
import { trailPointsOf } from './trail-data.ts'

const staleAfterMs = 600_000

/** In which hours of the day there usually is life in this home; where nothing was heard it says that nobody can tell. */
export function Routine({ home }: { readonly home: HomeDetail }) {
  const t = useText()
  const sensor = trailPointsOf(home.placements).find(({ role }) => role === 'presence')
  const read = useQuery({
    queryKey: ['routine', home.id],
    queryFn: ({ signal }) =>
      telemetry.activity(home.id, { placement: sensor?.placement ?? '', point: sensor?.point ?? '' }, signal),
    enabled: sensor !== undefined,
    staleTime: staleAfterMs,
  })
  if (!read.data) return null
  const said = ({ heard, active }: ActivityAnswer['items'][number]) =>
    heard === 0 ? t('routine.cannot-tell') : t('routine.share', { percent: Math.round((100 * active) / heard) })
  return (
    <figure className={styles['routine']}>
      <figcaption>{t('routine.title')}</figcaption>
      <ol>
        {read.data.items.map((item) => (
          <li key={item.hour} data-hour={item.hour} data-level={levelOf(item)}>
            <span aria-hidden="true">{item.hour}</span>
            <span className={styles['said']}>{`${item.hour}: ${said(item)}`}</span>
          </li>
        ))}
      </ol>
    </figure>
  )
}
