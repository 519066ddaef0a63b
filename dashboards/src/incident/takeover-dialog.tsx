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

/** A supervisor takes an alarm out of another's hands; the reason is asked for and both seats are told. */
export function TakeoverDialog({ alarm, onDone }: Props) {
  const t = useText()
  const commands = useCommands()
  const [reason, setReason] = useState('')
  const [saving, setSaving] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (reason.trim() === '' || saving) return
    setSaving(true)
    const taken = await commands.takeover(alarm, reason.trim())
    setSaving(false)
    if (taken) onDone(true)
  }

  return (
    <Modal
      opened
      onClose={() => onDone(false)}
      title={t('takeover.title', { name: nameOf(alarm), owner: alarm.owner?.name ?? '' })}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="takeover"
    >
      <form className={styles['form']} onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t('takeover.reason')}
          description={t('takeover.told')}
          required
          withAsterisk={false}
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={() => onDone(false)}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" data-action="confirm-takeover" loading={saving}>
            {t('takeover.confirm')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
