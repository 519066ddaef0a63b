import type { Alarm } from '@anju/contract/api'
import { memo } from 'react'
import { nameOf, useSeat, useSecond } from '../console/seat.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { useWords, type Words } from '../i18n/words.ts'
import { sinceEvent } from '../time/alarm-age.ts'
import { span } from '../time/format.ts'
import { Again } from './again.tsx'
import styles from './alarm-row.module.css'
import { isOnTest, PriorityMark } from './priority-mark.tsx'

interface Props {
  readonly alarm: Alarm
  readonly selected: boolean
  readonly sounding: boolean
  readonly mine: boolean
  /** Asked for at this seat by its name. */
  readonly asked: boolean
  readonly onSelect: (id: string) => void
  readonly onTake: (alarm: Alarm) => void
}

/** One alarm in the queue: read at arm's length in a second. Enter takes it, a click only opens it. */
export const AlarmRow = memo(function AlarmRow({ alarm, selected, sounding, mine, asked, onSelect, onTake }: Props) {
  const t = useText()
  const words = useWords()
  return (
    <li
      className={styles['item']}
      data-alarm-id={alarm.id}
      data-handling={alarm.handling}
      data-class={alarm.class}
      data-test={isOnTest(alarm)}
      {...(sounding ? { 'data-sounding': alarm.id } : {})}
    >
      <button
        type="button"
        className={styles['row']}
        data-row={alarm.id}
        aria-current={selected ? 'true' : undefined}
        onClick={() => onSelect(alarm.id)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.repeat) return
          event.preventDefault()
          onTake(alarm)
        }}
      >
        <PriorityMark alarm={alarm} />
        <span className={styles['body']}>
          <span className={styles['line']}>
            <span className={styles['name']}>{alarm.folds ? outageTitle(alarm, words, t) : nameOf(alarm)}</span>
            {alarm.home.residentAge !== null && <span className={styles['age']}>{alarm.home.residentAge}</span>}
            <Age alarm={alarm} />
          </span>
          <span className={styles['line']}>
            <span className={styles['type']}>
              {words('event', alarm.type)}
              {!alarm.folds && ` · ${alarm.home.placementName}`}
            </span>
            {alarm.occurrences > 1 && (
              <span className={styles['count']}>
                <Again alarm={alarm.id} /> <strong>×{alarm.occurrences}</strong>
              </span>
            )}
          </span>
          <span className={styles['line']}>
            <Flags alarm={alarm} asked={asked} />
            <span className={styles['state']} data-mine={mine}>
              {mine ? (
                t('queue.mine')
              ) : alarm.owner ? (
                t('queue.owner', { owner: alarm.owner.name })
              ) : alarm.parkedUntil !== null ? (
                <ParkedLeft until={alarm.parkedUntil} />
              ) : (
                words('handling', alarm.handling)
              )}
            </span>
          </span>
        </span>
        {sounding && (
          <span className={styles['sounding']} aria-hidden="true">
            ♪
          </span>
        )}
      </button>
    </li>
  )
})

/** "停电 望江街道 · 412 户": what an area lost, where, and how many homes are in it. */
export const outageTitle = (alarm: Alarm, words: Words, t: Text): string =>
  t('queue.outage', {
    lost: words('event', alarm.folds ?? alarm.type),
    area: alarm.home.name,
    homes: alarm.children ?? 0,
  })

function ParkedLeft({ until }: { readonly until: string }) {
  const t = useText()
  const now = useSecond()
  return (
    <span className="numerals" data-parked-left>
      {t('queue.parked-left', { left: span(Date.parse(until) - now) })}
    </span>
  )
}

function Age({ alarm }: { readonly alarm: Alarm }) {
  const now = useSecond()
  return <span className={`${styles['timer']} numerals`}>{span(sinceEvent(alarm, now))}</span>
}

/** What makes this alarm unlike a fresh one. */
export function Flags({ alarm, asked }: { readonly alarm: Alarm; readonly asked: boolean }) {
  const t = useText()
  const { me } = useSeat()
  const { offer } = alarm
  const forMe = offer?.to.personId === me.personId
  const offered =
    offer && (forMe ? t('flag.offered-you', { by: offer.by.name }) : t('flag.offered', { to: offer.to.name }))
  const forSeat = asked && t('seat.asked')
  const flags = [
    offered,
    forSeat,
    alarm.abandoned && t('flag.abandoned'),
    alarm.late && t('flag.late', { age: span(alarm.lateByS * 1_000) }),
    alarm.lateAgain && t('flag.late-again', { age: span(alarm.lateAgain.lateByS * 1_000) }),
    alarm.stuck === true && t('flag.stuck'),
    alarm.centre !== undefined && t('flag.centre', { name: alarm.centre.name }),
    // Whoever presses a button while somebody tests may need help all the same: it asks, and does not disappear.
    alarm.test && t(isOnTest(alarm) ? 'flag.test' : 'flag.test-life'),
    alarm.condition === 'returned' && t('flag.returned'),
  ].filter((flag) => flag !== false && flag !== undefined && flag !== null)
  if (flags.length === 0) return null
  return (
    <span className={styles['flags']}>
      {flags.map((flag) => (
        <span
          key={flag}
          className={styles['flag']}
          data-offered={flag === offered ? (forMe ? 'you' : 'other') : flag === forSeat ? 'you' : undefined}
          data-asked={flag === forSeat ? 'seat' : undefined}
        >
          {flag}
        </span>
      ))}
    </span>
  )
}
