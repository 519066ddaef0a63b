import type { Alarm } from '@anju/contract/api'
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import styles from './dialogs.module.css'

interface Props {
  readonly alarm: Alarm
  readonly onDone: () => void
}

/** Leaves a plan that does not fit: the alarm is worked freely, and the supervisor is told what was wrong with it. */
export function ManualDialog({ alarm, onDone }: Props) {
  const t = useText()
  const commands = useCommands()
  const [reason, setReason] = useState('')
  const [saving, setSaving] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (reason.trim() === '' || saving) return
    setSaving(true)
    const left = await commands.manual(alarm, reason.trim())
    setSaving(false)
    if (left) onDone()
  }

  return (
    <Modal
      opened
      onClose={onDone}
      title={t('manual.title')}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="manual"
    >
      <form className={styles['form']} onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t('manual.reason')}
          description={t('manual.told')}
          required
          withAsterisk={false}
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={onDone}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" data-action="confirm-manual" loading={saving}>
            {t('plan.manual')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
