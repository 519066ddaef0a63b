import type { AlarmDetail, PlanView, TimelineEntry } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { clockTime } from '../time/format.ts'
import { contactsId } from './contacts.tsx'
import { noteId } from './log.tsx'
import styles from './plan.module.css'
import { respondersId } from './responders.tsx'

interface Props {
  readonly detail: AlarmDetail
  readonly left: NonNullable<PlanView['manual']>
  readonly zone: string | undefined
}

const ACTS = new Set<TimelineEntry['kind']>(['contacted', 'dispatched', 'noted', 'handed-over', 'agency-answered'])

function go(id: string): void {
  const place = document.getElementById(id)
  place?.scrollIntoView({ block: 'nearest' })
  // A list is not focused itself: its first entry is.
  ;(place?.querySelector<HTMLElement>('[data-contact], button') ?? place)?.focus()
}

/** Without a plan: what can be done in any order, and what was done since. */
export function PlanLeft({ detail, left, zone }: Props) {
  const t = useText()
  const words = useWords()
  const done = detail.timeline.filter(({ kind, at }) => ACTS.has(kind) && at >= left.at)
  return (
    <div className={styles['left']}>
      <p>
        <b>{t('plan.left')}</b> · {clockTime(left.at, zone)} · {left.by} · {left.reason}
      </p>
      <p className={styles['free']}>
        {(
          [
            [contactsId, t('contacts.title')],
            [respondersId, t('responders.title')],
            [noteId, t('log.note')],
          ] as const
        ).map(([id, name]) => (
          <button key={id} type="button" className={styles['act']} onClick={() => go(id)}>
            {name}
          </button>
        ))}
      </p>
      <ol className={styles['acts']} aria-label={t('plan.acts')}>
        {done.map((entry) => (
          <li key={`${entry.at} ${entry.kind} ${JSON.stringify(entry.detail)}`}>
            <time dateTime={entry.at}>{clockTime(entry.at, zone)}</time> {words('kind', entry.kind)}
            {entry.text !== null && <> · {entry.text}</>}
          </li>
        ))}
      </ol>
    </div>
  )
}
