import type { Agency, Alarm, AlarmDetail, PlanStepView } from '@anju/contract/api'
import { Button } from '@mantine/core'
import { isOfferedTo } from '../console/offers-made.ts'
import { useLink, useSeat, useSecond, useSound } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import styles from './incident.module.css'

export type IncidentDialog =
  | 'close'
  | 'park'
  | 'hand-to'
  | 'takeover'
  | 'manual'
  | { readonly skip: PlanStepView }
  | { readonly agency: Agency | null }
  | { readonly handover: string }

interface Props {
  readonly alarm: Alarm
  /** As far as it was read: it says who closed it. */
  readonly timeline: AlarmDetail['timeline']
  readonly onDialog: (dialog: IncidentDialog) => void
}

/** What this person may do to this alarm now; nothing is shown that would be refused for its state. */
export function IncidentActions({ alarm, timeline, onDialog }: Props) {
  const t = useText()
  const seat = useSeat()
  const link = useLink()
  const { wanted } = useSound()
  const commands = useCommands()
  const mine = holds(seat, alarm)
  const free = alarm.handling === 'new' || (alarm.owner?.session === seat.me.session && !mine)
  const other = alarm.owner !== null && alarm.owner.session !== seat.me.session && alarm.handling !== 'closed'
  const offered = isOfferedTo(alarm, seat.me.personId, useSecond())
  const cut = link === 'lost'

  return (
    <div className={styles['actions']} role="toolbar" aria-label={t('incident.actions')}>
      {free && (
        <Button size="md" data-action="claim" disabled={cut} onClick={() => void commands.claim(alarm)}>
          {t('action.take')} <Key of="↵" />
        </Button>
      )}
      {offered && (
        <Button size="md" data-action="claim" disabled={cut} onClick={() => void commands.claim(alarm)}>
          {t('offer.accept')} <Key of="↵" />
        </Button>
      )}
      {alarm.handling === 'parked' && !mine && (
        <Button size="md" data-action="claim" disabled={cut} onClick={() => void commands.claim(alarm)}>
          {t('action.unpark')} <Key of="↵" />
        </Button>
      )}
      {mine && (
        <>
          {alarm.handling === 'claimed' && (
            <Button variant="default" data-action="start" disabled={cut} onClick={() => void commands.start(alarm)}>
              {t('action.start')} <Key of="s" />
            </Button>
          )}
          <Button data-action="close" disabled={cut} onClick={() => onDialog('close')}>
            {t('action.close')} <Key of="x" />
          </Button>
          <Button variant="default" data-action="park" disabled={cut} onClick={() => onDialog('park')}>
            {t('action.park')} <Key of="p" />
          </Button>
          <Button variant="default" data-action="release" disabled={cut} onClick={() => void commands.release(alarm)}>
            {t('action.release')} <Key of="r" />
          </Button>
          {alarm.offer ? (
            <Button
              variant="default"
              data-action="withdraw-offer"
              disabled={cut}
              onClick={() => void commands.withdrawOffer(alarm)}
            >
              {t('action.withdraw-offer')}
            </Button>
          ) : (
            <Button variant="default" data-action="hand-to" disabled={cut} onClick={() => onDialog('hand-to')}>
              {t('action.hand-to')} <Key of="e" />
            </Button>
          )}
        </>
      )}
      {other && seat.me.role === 'supervisor' && (
        <Button variant="default" data-action="takeover" disabled={cut} onClick={() => onDialog('takeover')}>
          {t('action.takeover')} <Key of="t" />
        </Button>
      )}
      {alarm.handling === 'closed' && <UndoClose alarm={alarm} timeline={timeline} cut={cut} />}
      {wanted.some(({ id }) => id === alarm.id) && (
        <Button variant="default" data-action="silence" onClick={() => seat.sounder.silence(alarm.id)}>
          {t('action.silence')} <Key of="m" />
        </Button>
      )}
      <Silenced alarm={alarm} />
    </div>
  )
}

/** A silence is short and of one alarm; who turned it off sees that it comes back. */
function Silenced({ alarm }: Pick<Props, 'alarm'>) {
  const t = useText()
  const { live } = useSeat()
  const { silencedUntil } = useSound()
  // By the page's clock, as the silence is; the second's stroke paints it.
  useSecond()
  const until = silencedUntil.get(alarm.id)
  if (until === undefined) return null
  return (
    <output className={styles['soft']} data-silenced={alarm.id}>
      {t('action.silenced', { seconds: Math.max(0, Math.ceil((until - live.now()) / 1_000)) })}
    </output>
  )
}

/** For the minute in which the server takes it back, to whoever closed it, at whatever page they sit now. */
function UndoClose({ alarm, timeline, cut }: Pick<Props, 'alarm' | 'timeline'> & { readonly cut: boolean }) {
  const t = useText()
  const { me } = useSeat()
  const commands = useCommands()
  const now = useSecond()
  const left = Date.parse(alarm.undoUntil ?? '') - now
  const mine = timeline.findLast(({ kind }) => kind === 'closed')?.by?.personId === me.personId
  if (!mine || !(left > 0)) return null
  return (
    <Button variant="default" data-action="undo-close" disabled={cut} onClick={() => void commands.undoClose(alarm)}>
      {t('banner.undo', { seconds: Math.ceil(left / 1_000) })} <Key of="u" />
    </Button>
  )
}

/** The key that does the same; read out by nobody, since the button already has a name. */
export function Key({ of }: { readonly of: string }) {
  return (
    <kbd className={styles['key']} aria-hidden="true">
      {of}
    </kbd>
  )
}
