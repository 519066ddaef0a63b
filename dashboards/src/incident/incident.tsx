import type { Alarm, AlarmDetail, Notification } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { memo, useEffect, useRef } from 'react'
import { alarms, homes } from '../api/calls.ts'
import { useKnown, useLink, useSeat, useSecond } from '../console/seat.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { HandoverNote } from '../handover/handover-note.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { Contacts } from './contacts.tsx'
import { Handovers } from './handovers.tsx'
import styles from './incident.module.css'
import { IncidentActions, type IncidentDialog } from './incident-actions.tsx'
import { IncidentHead } from './incident-head.tsx'
import { Ladder } from './ladder.tsx'
import { Log } from './log.tsx'
import { OtherAlarms } from './other-alarms.tsx'
import { OutageMembers } from './outage-members.tsx'
import { Person } from './person.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { Reaching } from './reaching.tsx'
import { Responders } from './responders.tsx'
import { Trail } from './trail.tsx'

interface Props {
  readonly alarm: Alarm
  /** It stands in no queue: closed, or one of an outage's many. */
  readonly apart: boolean
  /** A form lies out of sight, half written. */
  readonly unfinished: boolean
  readonly onDialog: (dialog: IncidentDialog) => void
  readonly onBack: () => void
  /** Another alarm, wherever it stands. */
  readonly onOpen: (alarm: Alarm) => void
}

/** Changes that say nothing new here (a command of this page reads the alarm by itself): each reading is an audit row. */
const quiet = new Set(['shown', 'answered'])

/** A provider's word (sent, delivered) is no change of the alarm: it is looked for while there may be one. */
const onItsWayEveryMs = 10_000
const onItsWay = ({ state, channel }: Notification): boolean =>
  channel !== 'console' && (state === 'queued' || state === 'sent' || state === 'delivered')

/** The alarm's first step is no change of it either: what is counted down to is read anew once its time has come. */
const stepTakesMs = 1_500
function againIn(detail: AlarmDetail | undefined, serverNow: number): number | false {
  const steps = detail?.escalation?.flatMap(({ next }) => (next ? [Date.parse(next.at) + stepTakesMs - serverNow] : []))
  const waits = [
    ...(steps ?? []).map((ms) => (ms > 0 ? ms : onItsWayEveryMs)),
    ...(detail?.notifications.some(onItsWay) ? [onItsWayEveryMs] : []),
  ]
  return waits.length === 0 ? false : Math.min(...waits)
}

/**
 * One alarm, top to bottom in the order an operator reads it: what, who, where, medical, trail, plan, contacts, log. A key that walks
 * the queue paints the row first: this one is left as it is until then, so it must not be painted for the row's sake.
 */
export const Incident = memo(function Incident({ alarm, apart, unfinished, onDialog, onBack, onOpen }: Props) {
  const t = useText()
  const { live } = useSeat()
  const enabled = useLink() !== 'lost'
  // Whether this seat holds the alarm's token is told by nobody: the second's stroke looks.
  useSecond()
  // Its alarm has to name one home of a thousand: nothing of that one is read or shown.
  const isOutage = alarm.type === 'outage'
  /** It has to name one, and is of none. */
  const isOfHome = !isOutage && alarm.type !== 'nobody-on-duty'
  const detail = useQuery({
    queryKey: ['alarm', alarm.id],
    queryFn: ({ signal }) => alarms.read(alarm.id, signal),
    refetchInterval: ({ state }) => againIn(state.data, live.serverNow()),
    enabled,
  })
  const home = useQuery({
    queryKey: ['home', alarm.homeId],
    queryFn: ({ signal }) => homes.read(alarm.homeId, signal),
    staleTime: 15_000,
    refetchInterval: 30_000,
    enabled: enabled && isOfHome,
  })
  useReadAgain(alarm, detail.refetch)
  const zone = home.data?.timeZone

  return (
    <article className={styles['incident']} aria-labelledby="incident-title" data-incident={alarm.id}>
      <IncidentHead
        alarm={alarm}
        zone={zone}
        apart={apart}
        unfinished={unfinished}
        tracks={detail.data?.escalation ?? []}
        onBack={onBack}
      />
      <IncidentActions alarm={alarm} timeline={detail.data?.timeline ?? []} onDialog={onDialog} />
      <OtherAlarms alarm={alarm} onOpen={onOpen} />
      {detail.isPending && <Waiting text={t('incident.loading')} />}
      {detail.isError && !detail.data && (
        <p className={styles['problem']} role="alert">
          {sentenceOf(t, detail.error)}
        </p>
      )}
      {detail.data && <HandoverNote timeline={detail.data.timeline} zone={zone} />}
      {detail.data && (
        <div className={styles['columns']}>
          <div className={styles['main']}>
            {isOutage && <OutageMembers outage={alarm} onOpen={onOpen} />}
            {isOfHome && <Person alarm={alarm} detail={detail.data} home={home.data} />}
            {home.data && <Trail home={home.data} occurrences={detail.data.occurrenceList} />}
            {home.isError && <p className={styles['problem']}>{sentenceOf(t, home.error)}</p>}
            <Log alarm={alarm} detail={detail.data} zone={zone} />
          </div>
          <aside className={styles['side']} aria-label={t('incident.side')}>
            <PlanPanel alarm={alarm} detail={detail.data} zone={zone} onDialog={onDialog} />
            {isOfHome && (
              <Contacts
                alarm={alarm}
                contacts={detail.data.contacts}
                timeline={detail.data.timeline}
                going={detail.data.going ?? []}
                zone={zone}
              />
            )}
            <Reaching detail={detail.data} zone={zone} />
            <Handovers handovers={detail.data.handovers} zone={zone} onDialog={onDialog} />
            <Responders
              alarm={alarm}
              responders={detail.data.responders ?? []}
              timeline={detail.data.timeline}
              zone={zone}
            />
            <Ladder alarm={alarm} zone={zone} />
          </aside>
        </div>
      )}
    </article>
  )
})

/** Reads the alarm's particulars again when the stream says that something about it changed. */
function useReadAgain(alarm: Alarm, read: () => unknown): void {
  const cause = useKnown(alarm.id)?.cause ?? ''
  const seen = useRef(alarm.version)
  useEffect(() => {
    if (seen.current === alarm.version) return
    seen.current = alarm.version
    if (!quiet.has(cause)) read()
  }, [alarm.version, cause, read])
}
