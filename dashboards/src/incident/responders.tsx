import type { Alarm, AlarmDetail } from '@anju/contract/api'
import { useLive, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import styles from './contacts.module.css'
import block from './incident.module.css'

interface Props {
  readonly alarm: Alarm
  readonly responders: NonNullable<AlarmDetail['responders']>
}

export const respondersId = 'responders'

/** Whom the centre can send. */
export function Responders({ alarm, responders }: Props) {
  const t = useText()
  const seat = useSeat()
  const { link } = useLive()
  const commands = useCommands()
  const enabled = holds(seat, alarm) && link !== 'lost'
  if (responders.length === 0) return null
  return (
    <section className={block['block']} aria-labelledby="responders-title">
      <h3 id="responders-title">{t('responders.title')}</h3>
      <ul id={respondersId} tabIndex={-1} className={styles['contacts']}>
        {responders.map(({ id, name, phone }) => (
          <li key={id} className={styles['contact']} data-responder={id}>
            <div className={styles['line']}>
              <b>{name}</b>
              <a className={styles['phone']} href={`tel:${phone}`}>
                {phone}
              </a>
              {enabled && (
                <button
                  type="button"
                  className={styles['outcome']}
                  data-action="dispatch"
                  onClick={() => void commands.dispatch(alarm, id)}
                >
                  {t('responders.dispatch')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
