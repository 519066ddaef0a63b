import type { Alarm } from '@anju/contract/api'
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { nameOf } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
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
  const [note, setNote] = useState('')
  const [saving, setSaving] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (note.trim() === '' || saving) return
    setSaving(true)
    const parked = await commands.park(alarm, minutes, note.trim())
    setSaving(false)
    if (parked) onDone(true)
  }

  return (
    <Modal
      opened
      onClose={() => onDone(false)}
      title={t('park.title', { name: nameOf(alarm) })}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="park"
    >
      <form className={styles['form']} onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t('park.note')}
          required
          withAsterisk={false}
          maxLength={500}
          value={note}
          data-autofocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
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
        <div className={styles['buttons']}>
          <Button variant="default" onClick={() => onDone(false)}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" data-action="confirm-park" loading={saving}>
            {t('park.confirm')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
