import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './dialogs.module.css'

export interface Sending {
  readonly saving: boolean
  readonly submit: (event: Pick<FormEvent, 'preventDefault'>) => Promise<void>
}

/** One press, one command. What was refused is told by the console, and stays here to be sent again. */
export function useSending(isReady: boolean, send: () => Promise<boolean>, onSent: () => void): Sending {
  const [saving, setSaving] = useState(false)
  async function submit(event: Pick<FormEvent, 'preventDefault'>) {
    event.preventDefault()
    if (!isReady || saving) return
    setSaving(true)
    const isSent = await send()
    setSaving(false)
    if (isSent) onSent()
  }
  return { saving, submit }
}

interface Props {
  /** Names the dialog in the page, and with `confirm-` before it the button that sends. */
  readonly of: string
  readonly title: string
  readonly confirm: string
  readonly sending: Sending
  /** What is still missing; empty: nothing is. Left out where the field itself says so. */
  readonly missing?: string
  readonly onCancel: () => void
  readonly children: ReactNode
}

/** What is asked before a command on an alarm is sent. */
export function CommandDialog({ of, title, confirm, sending, missing, onCancel, children }: Props) {
  const t = useText()
  return (
    <Modal
      opened
      onClose={onCancel}
      title={title}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog={of}
    >
      <form className={styles['form']} onSubmit={(event) => void sending.submit(event)}>
        {children}
        <div className={styles['buttons']}>
          {missing !== undefined && <output className={styles['hint']}>{missing}</output>}
          <Button variant="default" onClick={onCancel}>
            {t('dialog.cancel')}
          </Button>
          <Button
            type="submit"
            data-action={`confirm-${of}`}
            aria-disabled={missing === undefined ? undefined : missing !== ''}
            loading={sending.saving}
          >
            {confirm}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

interface ReasonProps {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** The line without which the command is not sent: the one who reads the log later was not there. */
export function ReasonField({ label, description, value, onChange }: ReasonProps) {
  return (
    <TextInput
      label={label}
      description={description}
      required
      withAsterisk={false}
      maxLength={500}
      value={value}
      data-autofocus
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
