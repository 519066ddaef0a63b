import type { Alarm, Person } from '@anju/contract/api'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import { HandoverDialog } from '../handover/handover-dialog.tsx'
import { useText } from '../i18n/locale.tsx'
import { CloseDialog } from '../incident/close-dialog.tsx'
import { Incident } from '../incident/incident.tsx'
import type { IncidentDialog } from '../incident/incident-actions.tsx'
import { ParkDialog } from '../incident/park-dialog.tsx'
import { TakeoverDialog } from '../incident/takeover-dialog.tsx'
import { HelpDialog } from '../keyboard/help-dialog.tsx'
import { SeatOverview } from '../overview/seat-overview.tsx'
import { Queue } from '../queue/queue.tsx'
import { inReadingOrder, sectionsOf } from '../queue/queue-order.ts'
import { StartShift } from '../shift/start-shift.tsx'
import { useShift } from '../shift/use-shift.ts'
import { Banners } from './banners.tsx'
import { ConsoleBar } from './console-bar.tsx'
import styles from './console-page.module.css'
import { SeatProvider, useLive, useSeat } from './seat.tsx'
import { holds, useCommands } from './use-commands.ts'
import { useConsoleKeys } from './use-console-keys.ts'
import { useShown } from './use-shown.ts'

interface Props {
  readonly me: Person
  readonly onLeave: () => void
  readonly onDoubt: () => void
}

export function ConsolePage({ me, onLeave, onDoubt }: Props) {
  return (
    <SeatProvider me={me} onDoubt={onDoubt}>
      <Console onLeave={onLeave} />
    </SeatProvider>
  )
}

type Dialog = IncidentDialog | 'help' | 'handover'

/** The operator's desk: queue on the left, the alarm being worked on beside it. */
function Console({ onLeave }: Pick<Props, 'onLeave'>) {
  const t = useText()
  const seat = useSeat()
  const view = useLive()
  const shift = useShift()
  const commands = useCommands()
  const [selectedId, setSelectedId] = useState<string | null>(null)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  useShown()
  const working = shift.startedAt !== null
  const order = useMemo(
    () => inReadingOrder(sectionsOf([...view.alarms.values()].map(({ alarm }) => alarm))),
    [view.alarms],
  )
  const selected = selectedId === null ? undefined : view.alarms.get(selectedId)?.alarm
  // Walking the queue must not wait for each incident on the way to be painted: the row answers first.
  const opened = useDeferredValue(selected)

  const take = useCallback(
    (alarm: Alarm) => {
      setSelectedId(alarm.id)
      const free = alarm.handling === 'new' || alarm.handling === 'parked'
      // Ours by name but without its token (another tab's, or storage was refused): taken anew.
      const again = alarm.owner?.session === seat.me.session && !holds(seat, alarm)
      if (working && (free || again)) void commands.claim(alarm)
    },
    [commands, seat, working],
  )
  const { singleKeys, setSingleKeys } = useConsoleKeys({
    order,
    selected,
    working,
    dialogOpen: dialog !== null,
    select: setSelectedId,
    take,
    open: setDialog,
  })

  function closed(done: boolean) {
    setDialog(null)
    if (!done) return
    // The closed row leaves the queue: the focus goes to what is next instead of nowhere.
    const next = order.find(({ id }) => id !== selectedId)
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${next?.id}"]`)?.focus())
  }

  return (
    <div className={styles['console']} data-view={selected && working ? 'incident' : 'queue'}>
      <ConsoleBar
        shiftStartedAt={shift.startedAt}
        onHelp={() => setDialog('help')}
        onLeave={onLeave}
        onHandOver={() => setDialog('handover')}
      />
      <Banners shift={shift} />
      <main className={styles['desk']} aria-label={t('console.title')}>
        <Queue selectedId={selectedId} onSelect={setSelectedId} onTake={take} />
        {!working ? (
          <StartShift onHeard={shift.heard} />
        ) : opened ? (
          <Incident key={opened.id} alarm={opened} onDialog={setDialog} onBack={() => setSelectedId(null)} />
        ) : (
          <div className={styles['beside']}>
            <p className={styles['nothing']}>{t(order.length === 0 ? 'console.quiet' : 'console.choose')}</p>
            {seat.me.role === 'supervisor' && <SeatOverview onOpen={setSelectedId} />}
          </div>
        )}
      </main>
      {selected && dialog === 'close' && <CloseDialog alarm={selected} onDone={closed} />}
      {selected && dialog === 'park' && <ParkDialog alarm={selected} onDone={() => setDialog(null)} />}
      {selected && dialog === 'takeover' && <TakeoverDialog alarm={selected} onDone={() => setDialog(null)} />}
      {dialog === 'handover' && <HandoverDialog onLeave={onLeave} onClose={() => setDialog(null)} />}
      {dialog === 'help' && (
        <HelpDialog singleKeys={singleKeys} onSingleKeys={setSingleKeys} onClose={() => setDialog(null)} />
      )}
    </div>
  )
}
