import type { Alarm } from '@anju/contract/api'
import { incidents } from '../api/incident-calls.ts'
import { nameOf } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { dayTime } from '../time/format.ts'
import styles from './alarm-pages.module.css'
import { AlarmPages } from './alarm-pages.tsx'

interface Props {
  readonly outage: Alarm
  readonly onOpen: (alarm: Alarm) => void
}

/** Homes come back by themselves; each reading is a look at every home that is shown. */
const membersEveryMs = 60_000

/** The homes of an outage, each to be opened by its own alarm: the incident itself is of none of them. */
export function OutageMembers({ outage, onOpen }: Props) {
  const t = useText()
  const words = useWords()
  return (
    <section className={styles['members']} aria-labelledby="members-title" data-outage={outage.id}>
      <h3 id="members-title">{t('outage.title', { homes: outage.children ?? 0 })}</h3>
      <AlarmPages
        of={[outage.id, 'members']}
        everyMs={membersEveryMs}
        read={(cursor, signal) => incidents.members(outage.id, cursor, signal)}
        words={{ loading: t('outage.loading'), none: t('outage.none'), more: t('outage.more') }}
        renderRow={(member) => (
          <button type="button" className={styles['row']} onClick={() => onOpen(member)}>
            <span>
              <b>{nameOf(member)}</b> · {member.home.address}
            </span>
            <span className={styles['soft']}>
              {words('event', member.type)} · <span className="numerals">{dayTime(member.receivedAt)}</span> ·{' '}
              {words('handling', member.handling)}
            </span>
          </button>
        )}
      />
    </section>
  )
}
