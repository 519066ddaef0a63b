import type { Alarm, OpenEscalation } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { escalation } from '../api/calls.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { compareAlarms } from '../queue/queue-order.ts'
import { useTargetName } from '../shift/use-target-name.ts'
import { needsPerson } from '../sound/sounding.ts'
import { sinceReceived } from '../time/alarm-age.ts'
import { span } from '../time/format.ts'
import styles from './overview.module.css'

/** A step that was due is made within half a second: what is counted down to is looked up soon after. */
const everyMs = 5_000

interface Props {
  readonly alarms: readonly Alarm[]
  /** The server's time. */
  readonly now: number
  readonly onOpen?: (id: string) => void
}

/** What nobody has taken, how long it has waited, and what happens next by itself. */
export function Unanswered({ alarms, now, onOpen }: Props) {
  const t = useText()
  const waiting = alarms.filter((alarm) => needsPerson(alarm) && alarm.handling === 'new').sort(compareAlarms)
  const read = useQuery({
    // Each step is a new version: what comes next is asked for when something has happened.
    queryKey: ['escalation-open', waiting.map(({ id, version }) => `${id} ${version}`).join()],
    queryFn: ({ signal }) => escalation.open(signal),
    enabled: waiting.length > 0,
    refetchInterval: everyMs,
    placeholderData: (before) => before,
  })
  const tracksOf = new Map(read.data?.map(({ alarm, tracks }) => [alarm, tracks]))
  return (
    <section className={styles['block']} aria-labelledby="unanswered-title" data-overview="unanswered">
      <h2 id="unanswered-title">{t('overview.unanswered', { count: waiting.length })}</h2>
      {waiting.length === 0 && <p className={styles['soft']}>{t('overview.all-answered')}</p>}
      {read.isError && <p className={styles['problem']}>{sentenceOf(t, read.error)}</p>}
      <ul className={styles['list']}>
        {waiting.map((alarm) => (
          <Waiting
            key={alarm.id}
            alarm={alarm}
            tracks={tracksOf.get(alarm.id) ?? []}
            now={now}
            {...(onOpen ? { onOpen } : {})}
          />
        ))}
      </ul>
    </section>
  )
}

interface WaitingProps extends Omit<Props, 'alarms'> {
  readonly alarm: Alarm
  readonly tracks: OpenEscalation['tracks']
}

function Waiting({ alarm, tracks, now, onOpen }: WaitingProps) {
  const t = useText()
  const words = useWords()
  const nameOf = useTargetName()
  const name = alarm.home.residentName ?? alarm.home.name
  return (
    <li data-unanswered={alarm.id}>
      <span className={styles['what']}>
        {onOpen ? (
          <button type="button" className={styles['open']} onClick={() => onOpen(alarm.id)}>
            {name}
          </button>
        ) : (
          <b>{name}</b>
        )}{' '}
        {words('event', alarm.type)} <b className="numerals">{span(sinceReceived(alarm, now))}</b>
      </span>
      {tracks.map(
        ({ track, next }) =>
          next && (
            <span key={track} data-next={track} className={styles['next']}>
              {t('overview.next', {
                track: words('track', track),
                whom: next.targets.map(nameOf).join(t('reaching.and')),
              })}{' '}
              <b className="numerals">{span(Date.parse(next.at) - now)}</b>
            </span>
          ),
      )}
    </li>
  )
}
