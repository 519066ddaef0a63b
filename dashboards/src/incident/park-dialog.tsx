import type { Alarm } from '@anju/contract/api'
import { useState } from 'react'
import { nameOf } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { CommandDialog, ReasonField, useSending } from './command-dialog.tsx'
import styles from './dialogs.module.css'

interface Props {
  readonly alarm: Alarm
  readonly onDone: (done: boolean) => void
}

const choices = [5, 10, 15, 30, 60] as const

/** Puts an alarm aside for a stated time and a stated reason; it comes back by itself, with sound. */
export function ParkDialog({ alarm, onDone }: Props) {
  const t = useText()
  const commands = useCommands()
  const [minutes, setMinutes] = useState(10)
  const [written, setWritten] = useState('')
  const note = written.trim()
  const sending = useSending(
    note !== '',
    () => commands.park(alarm, minutes, note),
    () => onDone(true),
  )

  return (
    <CommandDialog
      of="park"
      title={t('park.title', { name: nameOf(alarm) })}
      confirm={t('park.confirm')}
      sending={sending}
      onCancel={() => onDone(false)}
    >
      <ReasonField label={t('park.note')} value={written} onChange={setWritten} />
      <fieldset className={styles['choice']}>
        <legend>{t('park.minutes')}</legend>
        <div className={styles['options']}>
          {choices.map((choice) => (
            <label key={choice} className={styles['option']}>
              <input
                type="radio"
                name="minutes"
                value={choice}
                checked={choice === minutes}
                onChange={() => setMinutes(choice)}
              />
              {t('park.choice', { minutes: choice })}
            </label>
          ))}
        </div>
      </fieldset>
    </CommandDialog>
  )
}
