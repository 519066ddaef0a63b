import type { HomeDetail, LatestAnswer } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { telemetry } from '../api/calls.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { dayTime } from '../time/format.ts'
import { Routine } from './routine.tsx'
import styles from './trail.module.css'

const refreshMs = 30_000
const digits = 2

/** What each point said last and when; asked for only while somebody looks, because each look is written down. */
export function LastSaid({ home }: { readonly home: HomeDetail }) {
  const t = useText()
  const words = useWords()
  const [open, setOpen] = useState(false)
  const read = useQuery({
    queryKey: ['last-said', home.id],
    queryFn: ({ signal }) => telemetry.latest(home.id, signal),
    enabled: open,
    refetchInterval: refreshMs,
  })
  const names = new Map(home.placements.map(({ id, name }) => [id, name]))
  const said = ({ value, unit, absent }: LatestAnswer['items'][number]) =>
    value === null
      ? words('absent', absent ?? 'nothing-received')
      : `${Number(value.toFixed(digits))}${unit === '/' ? '' : ` ${unit}`}`
  return (
    <details className={styles['last']} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t('trail.last-said')}</summary>
      {read.isError && <output className={styles['note']}>{sentenceOf(t, read.error)}</output>}
      {read.data?.items.length === 0 && <p className={styles['note']}>{t('trail.nothing-said')}</p>}
      <dl>
        {read.data?.items.map((item) => (
          <div key={`${item.placement}/${item.point}`} data-last={`${item.placement}/${item.point}`}>
            <dt>
              {names.get(item.placement) ?? item.placement} · {item.point}
            </dt>
            <dd className="numerals">
              {said(item)} <span>{dayTime(item.t, home.timeZone)}</span>
            </dd>
          </div>
        ))}
      </dl>
      {open && <Routine home={home} />}
    </details>
  )
}
