import type { Alarm, EscalationView } from '@anju/contract/api'
import { useEffect, useRef } from 'react'
import { nameOf, useSeat, useSecond } from '../console/seat.tsx'
import { useAskedHere } from '../console/use-asked-here.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { Again } from '../queue/again.tsx'
import { Flags, outageTitle } from '../queue/alarm-row.tsx'
import { PriorityMark } from '../queue/priority-mark.tsx'
import { happenedAt, sinceEvent, sinceReceived } from '../time/alarm-age.ts'
import { dayTime, hourMinute, span } from '../time/format.ts'
import styles from './incident-head.module.css'
import { NextStep } from './next-step.tsx'

interface Props {
  readonly alarm: Alarm
  readonly zone: string | undefined
  /** It has no row in the queue that could have the focus: the title takes it. */
  readonly apart: boolean
  /** A form lies out of sight, half written: the way back to it is shown. */
  readonly unfinished: boolean
  /** What happens by itself; empty until it was read. */
  readonly tracks: readonly EscalationView[]
  readonly onBack: () => void
}

/** What happened, to whom, how long ago, and who holds it. */
export function IncidentHead({ alarm, zone, apart, unfinished, tracks, onBack }: Props) {
  const t = useText()
  const words = useWords()
  const now = useSecond()
  const asked = useAskedHere().has(alarm.id)
  const closedMs = alarm.closedAt === null ? null : Date.parse(alarm.closedAt)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (apart) title.current?.focus()
  }, [apart])
  return (
    <header
      className={styles['head']}
      data-class={alarm.class}
      data-handling={alarm.handling}
      data-apart={apart || unfinished}
    >
      <button type="button" className={styles['back']} data-action="leave-alarm" onClick={onBack}>
        ‹ {t(apart ? 'closed.back' : unfinished ? 'incident.back-to-form' : 'incident.back')}
      </button>
      <div className={styles['top']}>
        <PriorityMark alarm={alarm} size={44} />
        <div className={styles['what']}>
          <h2 id="incident-title" ref={title} tabIndex={-1} className={styles['title']}>
            {words('event', alarm.type)}
            <span className={styles['place']}>
              {' · '}
              {alarm.folds ? outageTitle(alarm, words, t) : alarm.home.placementName}
            </span>
            {alarm.occurrences > 1 && (
              <span className={styles['count']}>
                {t('incident.times', { count: alarm.occurrences })} <Again alarm={alarm.id} />
              </span>
            )}
          </h2>
          <p className={styles['who']}>
            <b>{nameOf(alarm)}</b>
            {alarm.home.residentAge !== null && <> · {t('incident.age', { age: alarm.home.residentAge })}</>}
            {/* A press has no condition that lasts; smoke has. */}
            {alarm.class !== 'life' && <> · {words('condition', alarm.condition)}</>}
          </p>
          <Flags alarm={alarm} asked={asked} />
        </div>
        <div className={styles['times']}>
          {/* Of a closed one: how long it took, and not how long that is ago. */}
          <span
            className={`${styles['timer']} numerals`}
            role="timer"
            aria-label={t(closedMs === null ? 'incident.since-event' : 'incident.lasted')}
          >
            {span(sinceEvent(alarm, closedMs ?? now))}
          </span>
          <span className={styles['since']}>
            {alarm.late
              ? t('incident.received-ago', { age: span(sinceReceived(alarm, now)) })
              : t('incident.first-at', { at: dayTime(happenedAt(alarm), zone) })}
          </span>
          {/* Said only where it differs: it is the home's night that counts, not the seat's. */}
          {zone !== undefined && hourMinute(now, zone) !== hourMinute(now) && (
            <span className={styles['since']}>{t('incident.home-time', { at: hourMinute(now, zone) })}</span>
          )}
        </div>
      </div>
      <Ownership alarm={alarm} zone={zone} now={now} />
      {alarm.handling !== 'closed' && <NextStep tracks={tracks} />}
    </header>
  )
}

function Ownership({ alarm, zone, now }: Pick<Props, 'alarm' | 'zone'> & { readonly now: number }) {
  const t = useText()
  const words = useWords()
  const { me } = useSeat()
  const lease = alarm.leaseExpiresAt === null ? null : Math.max(0, Date.parse(alarm.leaseExpiresAt) - now)
  const own = alarm.owner?.session === me.session
  return (
    <p className={styles['owner']} data-own={own}>
      <span className={styles['state']}>{words('handling', alarm.handling)}</span>
      <span>
        {alarm.handling === 'closed' && alarm.disposition
          ? t('incident.closed-at', {
              // By the clock on which it is said when it began.
              at: dayTime(alarm.closedAt ?? alarm.lastAt, zone),
              disposition: [
                words('disposition', alarm.disposition.code),
                words('outcome', alarm.disposition.outcome),
              ].join(' · '),
            })
          : own
            ? t('incident.owner-you')
            : alarm.owner
              ? t('incident.owner', { owner: alarm.owner.name })
              : t('incident.owner-none')}
      </span>
      {/* Renewals are told to nobody else: another seat's copy of the lease grows old. */}
      {own && lease !== null && (
        <span className="numerals">{t('incident.lease', { seconds: Math.ceil(lease / 1_000) })}</span>
      )}
      {alarm.offer && (
        <span className="numerals">
          {t('offer.waiting', {
            to: alarm.offer.to.name,
            left: span(Math.max(0, Date.parse(alarm.offer.until) - now)),
          })}
        </span>
      )}
      {alarm.parkedUntil !== null && (
        <span className="numerals">{t('incident.parked', { left: span(Date.parse(alarm.parkedUntil) - now) })}</span>
      )}
    </p>
  )
}
