import type { AlarmDetail, EscalationView, Notification } from '@anju/contract/api'
import { useSeat, useSecond } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { useTargetName } from '../shift/use-target-name.ts'
import { clockTime, span } from '../time/format.ts'
import block from './incident.module.css'
import styles from './reaching.module.css'

interface Props {
  readonly detail: Pick<AlarmDetail, 'escalation' | 'notifications' | 'centre'>
  readonly zone: string | undefined
}

/** Who is asked next by itself and when, and who was reached how so far. */
export function Reaching({ detail: { escalation = [], notifications, centre }, zone }: Props) {
  const t = useText()
  const { me } = useSeat()
  // That every console has it goes without saying; that one seat was asked does not.
  const everybody = centre?.id ?? me.centre.id
  const told = notifications.filter(({ recipient: { kind, id } }) => kind !== 'queue' || id !== everybody)
  const coming = escalation.filter(({ state }) => state !== 'ended')
  if (told.length === 0 && coming.length === 0) return null
  return (
    <section className={block['block']} aria-labelledby="reaching-title">
      <h3 id="reaching-title">{t('reaching.title')}</h3>
      <ul className={styles['coming']}>
        {coming.map((track) => (
          <Coming key={track.track} of={track} />
        ))}
      </ul>
      {told.length === 0 && <p className={block['soft']}>{t('reaching.nobody')}</p>}
      <ol className={styles['told']}>
        {told.toReversed().map((one) => (
          <Told key={one.id} of={one} zone={zone} />
        ))}
      </ol>
    </section>
  )
}

/** What happens by itself if nobody does anything: counted down, so that no step comes as a surprise. */
function Coming({ of: { track, state, next } }: { readonly of: EscalationView }) {
  const t = useText()
  const words = useWords()
  const nameOf = useTargetName()
  const now = useSecond()
  const whom = next?.targets.map(nameOf).join(t('reaching.and'))
  return (
    <li data-track={track} data-state={state}>
      <span className={styles['track']}>{words('track', track)}</span>
      {next ? (
        <span>
          {whom} <b className="numerals">{span(Date.parse(next.at) - now)}</b>
        </span>
      ) : (
        <span className={block['soft']}>{words('track-state', state)}</span>
      )}
    </li>
  )
}

function Told({ of, zone }: { readonly of: Notification; readonly zone: string | undefined }) {
  const t = useText()
  const words = useWords()
  const { at, state, channel, recipient, address, purpose, why } = of
  const last = at.accepted ?? at.declined ?? at.failed ?? at.seen ?? at.delivered ?? at.sent ?? at.queued
  return (
    <li data-notification={of.id} data-state={state}>
      <span className={styles['who']}>
        <b>{recipient.name}</b> {words('channel', channel)}
        {address !== '' && channel !== 'console' && <span className={block['soft']}> {address}</span>}
        {purpose === 'stand-down' && <span className={styles['flag']}>{t('reaching.stand-down')}</span>}
      </span>
      <span className={styles['state']}>
        {words('notified', state)}
        {why !== null && state === 'failed' && <span className={block['soft']}> {words('why', why)}</span>}
      </span>
      <time className="numerals" dateTime={last}>
        {clockTime(last, zone)}
      </time>
    </li>
  )
}
