import type { Alarm, Person } from '@anju/contract/api'
import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { HandToDialog } from '../handover/hand-to-dialog.tsx'
import { HandoverDialog } from '../handover/handover-dialog.tsx'
import { HomeFinder } from '../homes/home-finder.tsx'
import { HomePage } from '../homes/home-page.tsx'
import { useHomeOpened } from '../homes/use-home-opened.ts'
import { useText } from '../i18n/locale.tsx'
import { AgencyDialog } from '../incident/agency-dialog.tsx'
import { CloseDialog } from '../incident/close-dialog.tsx'
import { Incident } from '../incident/incident.tsx'
import type { IncidentDialog } from '../incident/incident-actions.tsx'
import { ManualDialog } from '../incident/manual-dialog.tsx'
import { ParkDialog } from '../incident/park-dialog.tsx'
import { RecentlyClosed } from '../incident/recently-closed.tsx'
import { SkipDialog } from '../incident/skip-dialog.tsx'
import { TakeoverDialog } from '../incident/takeover-dialog.tsx'
import { HelpDialog } from '../keyboard/help-dialog.tsx'
import { SeatOverview } from '../overview/seat-overview.tsx'
import { PlanDefects } from '../plans/plan-defects.tsx'
import { PlanDialogs } from '../plans/plan-dialogs.tsx'
import { type PlanEditing, plansTitleId } from '../plans/plan-editing.ts'
import { PlanList } from '../plans/plan-list.tsx'
import { AlarmsWaiting } from '../queue/alarms-waiting.tsx'
import { Queue } from '../queue/queue.tsx'
import { inReadingOrder, queueOf } from '../queue/queue-order.ts'
import { SitDialog } from '../shift/sit-dialog.tsx'
import { StartShift } from '../shift/start-shift.tsx'
import { useShift } from '../shift/use-shift.ts'
import { Staff } from '../staff/staff.tsx'
import { Banners } from './banners.tsx'
import { ConsoleBar } from './console-bar.tsx'
import styles from './console-page.module.css'
import { isOfferedTo } from './offers-made.ts'
import { SeatProvider, useLiveFact, useSeat } from './seat.tsx'
import { holds, useCommands } from './use-commands.ts'
import { useConsoleKeys } from './use-console-keys.ts'
import { useSelected } from './use-selected.ts'
import { useShown } from './use-shown.ts'

// Seldom needed, and then not at once.
const AccountDialog = lazy(async () => ({ default: (await import('../account/account-dialog.tsx')).AccountDialog }))

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

type Dialog = IncidentDialog | { readonly plan: PlanEditing } | 'help' | 'handover' | 'account' | 'seat'

/** The operator's desk: queue on the left, the alarm being worked on beside it. */
function Console({ onLeave }: Pick<Props, 'onLeave'>) {
  const t = useText()
  const seat = useSeat()
  const { me } = seat
  const shift = useShift()
  const commands = useCommands()
  const desk = useSelected()
  const { id: selectedId, alarm: selected, select, showClosed } = desk
  const showClosedList = useCallback(() => showClosed(true), [showClosed])
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const home = useHomeOpened()
  /** A dialog of the staff's own is open. */
  const [staffing, setStaffing] = useState(false)
  const opener = useRef<Element | null>(null)
  const open = useCallback((next: Dialog) => {
    opener.current = document.activeElement
    setDialog(next)
  }, [])
  useShown()
  const working = shift.startedAt !== null
  const taken = !working || selected !== undefined || desk.closedList
  const toAlarm = useCallback(
    (id: string) => {
      select(id)
      // Once the dialog has let the focus go.
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${id}"]`)?.focus())
    },
    [select],
  )
  const behind = useMemo(() => ({ taken, onAlarm: toAlarm }), [taken, toAlarm])
  const order = useCallback(() => inReadingOrder(queueOf(seat.live.told().alarms, me.personId)), [seat, me.personId])
  const nothingWaits = useLiveFact(({ alarms }) => inReadingOrder(queueOf(alarms, me.personId)).length === 0)
  // Walking the queue must not wait for each incident on the way to be painted: the row answers first.
  const opened = useDeferredValue(selected)
  const idle = working && opened === undefined && !desk.closedList
  const free = idle && home.opened === null

  const take = useCallback(
    (alarm: Alarm) => {
      select(alarm.id)
      const free = alarm.handling === 'new' || alarm.handling === 'parked'
      // Ours by name but without its token (another tab's, or storage was refused): taken anew.
      const again = alarm.owner?.session === seat.me.session && !holds(seat, alarm)
      const offered = isOfferedTo(alarm, seat.me.personId, seat.live.serverNow())
      if (working && (free || again || offered)) void commands.claim(alarm)
    },
    [commands, seat, select, working],
  )
  const { singleKeys, setSingleKeys } = useConsoleKeys({
    order,
    selected,
    working,
    dialogOpen: dialog !== null || (staffing && !taken),
    select,
    take,
    open,
    showClosed: showClosedList,
  })

  const dismiss = () => setDialog(null)
  // The focus goes back to where it was, and to the alarm's row when that is gone; before the next key can open another dialog.
  useEffect(() => {
    if (dialog !== null || opener.current === null) return
    const back = opener.current.isConnected && opener.current !== document.body ? opener.current : null
    opener.current = null
    const row = document.querySelector<HTMLElement>(`[data-row="${selectedId}"]`)
    ;(back instanceof HTMLElement ? back : row)?.focus()
  }, [dialog, selectedId])

  function closed(done: boolean) {
    if (done) opener.current = null
    dismiss()
    if (!done) return
    // The closed row leaves the queue: the focus goes to what is next instead of nowhere.
    const next = order().find(({ id }) => id !== selectedId)
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${next?.id}"]`)?.focus())
  }

  function planDone(gone: boolean) {
    if (gone) opener.current = null
    dismiss()
    // Its line has left the list: the focus goes to the list's name instead of nowhere.
    if (gone) requestAnimationFrame(() => document.getElementById(plansTitleId)?.focus())
  }

  return (
    <div className={styles['console']} data-view={(selected || desk.closedList) && working ? 'incident' : 'queue'}>
      <ConsoleBar shiftStartedAt={shift.startedAt} onClosedList={showClosedList} onDialog={open} onLeave={onLeave} />
      <Banners shift={shift} onTaken={toAlarm} />
      <main className={styles['desk']} aria-label={t('console.title')}>
        <Queue selectedId={selectedId} onSelect={select} onTake={take} />
        {!working ? (
          <StartShift onHeard={shift.heard} />
        ) : opened ? (
          <Incident
            key={opened.id}
            alarm={opened}
            apart={desk.apart}
            unfinished={staffing}
            onDialog={open}
            onBack={desk.back}
            onOpen={desk.open}
          />
        ) : desk.closedList ? (
          <RecentlyClosed onOpen={desk.open} onBack={() => showClosed(false)} />
        ) : null}
        {/* Out of sight while something else is on the desk, and then as it was: what was half written is not lost. */}
        <div className={styles['idle']} hidden={!free}>
          {free && (
            <div className={styles['nothing']}>
              <p>{t(nothingWaits ? 'console.quiet' : 'console.choose')}</p>
            </div>
          )}
          {me.role === 'operator' && free && <HomeFinder me={me} onOpen={home.open} />}
          {me.role === 'supervisor' && (
            <>
              {free && <SeatOverview onOpen={select} onHome={home.open} />}
              {free && <HomeFinder me={me} onOpen={home.open} />}
              <Staff me={me} onDialog={setStaffing} desk={behind} />
              {free && <PlanDefects />}
              {free && <PlanList onOpen={(plan) => open({ plan })} />}
            </>
          )}
        </div>
        {home.opened !== null && (
          // Out of sight while an alarm is worked on, and then as it was: what was half written is not lost.
          <div className={styles['idle']} hidden={!idle}>
            <HomePage key={home.opened} me={me} id={home.opened} hidden={!idle} onBack={home.leave} />
          </div>
        )}
      </main>
      {selected && dialog === 'close' && <CloseDialog alarm={selected} onDone={closed} />}
      {selected && dialog === 'park' && <ParkDialog alarm={selected} onDone={dismiss} />}
      {selected && dialog === 'hand-to' && <HandToDialog alarm={selected} onDone={dismiss} />}
      {selected && dialog === 'takeover' && <TakeoverDialog alarm={selected} onDone={dismiss} />}
      {selected && dialog !== null && <StepDialogs alarm={selected} dialog={dialog} onDone={dismiss} />}
      {isPlanDialog(dialog) && <PlanDialogs editing={dialog.plan} onDone={planDone} />}
      {dialog === 'help' && <HelpDialog singleKeys={singleKeys} onSingleKeys={setSingleKeys} onClose={dismiss} />}
      {dialog === 'seat' && <SitDialog onClose={dismiss} />}
      {dialog === 'account' && (
        <Suspense fallback={null}>
          <AccountDialog me={me} onClose={dismiss}>
            <AlarmsWaiting />
          </AccountDialog>
        </Suspense>
      )}
      {dialog === 'handover' && <HandoverDialog onLeave={onLeave} onClose={dismiss} />}
    </div>
  )
}

const isPlanDialog = (dialog: Dialog | null): dialog is { readonly plan: PlanEditing } =>
  typeof dialog === 'object' && dialog !== null && 'plan' in dialog

interface StepDialogsProps {
  readonly alarm: Alarm
  readonly dialog: Dialog
  readonly onDone: () => void
}

/** What is asked about a plan's steps and about outside agencies. */
function StepDialogs({ alarm, dialog, onDone }: StepDialogsProps) {
  if (dialog === 'manual') return <ManualDialog alarm={alarm} onDone={onDone} />
  if (typeof dialog === 'string' || isPlanDialog(dialog)) return null
  if ('skip' in dialog) return <SkipDialog alarm={alarm} step={dialog.skip} onDone={onDone} />
  const handover = 'handover' in dialog ? dialog.handover : null
  return (
    <AgencyDialog
      alarm={alarm}
      agency={'agency' in dialog ? dialog.agency : null}
      handover={handover}
      onDone={onDone}
    />
  )
}
