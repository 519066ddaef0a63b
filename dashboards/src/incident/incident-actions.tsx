import type { Agency, Alarm, PlanStepView } from '@anju/contract/api'
import { Button } from '@mantine/core'
import { useLive, useSeat, useSound } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import styles from './incident.module.css'

export type IncidentDialog =
  | 'close'
  | 'park'
  | 'takeover'
  | 'manual'
  | { readonly skip: PlanStepView }
  | { readonly agency: Agency | null }
  | { readonly handover: string }

interface Props {
  readonly alarm: Alarm
  readonly onDialog: (dialog: IncidentDialog) => void
}

/** What this person may do to this alarm now; nothing is shown that would be refused for its state. */
export function IncidentActions({ alarm, onDialog }: Props) {
  const t = useText()
  const seat = useSeat()
  const { link } = useLive()
  const { wanted } = useSound()
  const commands = useCommands()
  const mine = holds(seat, alarm)
  const free = alarm.handling === 'new' || (alarm.owner?.session === seat.me.session && !mine)
  const other = alarm.owner !== null && alarm.owner.session !== seat.me.session && alarm.handling !== 'closed'
  const cut = link === 'lost'

  return (
    <div className={styles['actions']} role="toolbar" aria-label={t('incident.actions')}>
      {free && (
        <Button size="md" data-action="claim" disabled={cut} onClick={() => void commands.claim(alarm)}>
          {t('action.take')} <Key of="↵" />
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
        </>
      )}
      {other && seat.me.role === 'supervisor' && (
        <Button variant="default" data-action="takeover" disabled={cut} onClick={() => onDialog('takeover')}>
          {t('action.takeover')} <Key of="t" />
        </Button>
      )}
      {wanted.some(({ id }) => id === alarm.id) && (
        <Button variant="default" data-action="silence" onClick={() => seat.sounder.silence(alarm.id)}>
          {t('action.silence')} <Key of="m" />
        </Button>
      )}
    </div>
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
