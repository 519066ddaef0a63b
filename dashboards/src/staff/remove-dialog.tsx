import { Button, Modal } from '@mantine/core'
import { use, useState } from 'react'
import { Refusal } from '../api/request.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { AlarmsWaiting } from '../queue/alarms-waiting.tsx'
import { DeskBehindContext } from './desk-behind.ts'
import styles from './staff.module.css'

interface Props {
  /** What is taken away, and what that means. */
  readonly title: string
  readonly means: string
  /** Something else than to take away: what names it in the page, and its word. */
  readonly of?: string
  readonly word?: string
  readonly remove: () => Promise<unknown>
  readonly onDone: (gone: boolean) => void
}

/** Nobody is taken away, or put out, by one press. */
export function RemoveDialog({ title, means, of = 'remove', word, remove, onDone }: Props) {
  const t = useText()
  const desk = use(DeskBehindContext)
  const [removing, setRemoving] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)

  async function confirm() {
    if (removing) return
    setRemoving(true)
    setRefused(null)
    try {
      await remove()
    } catch (error) {
      setRemoving(false)
      // Somebody else was faster: what was wanted is so.
      if (error instanceof Refusal && error.status === 404) onDone(true)
      else setRefused(error)
      return
    }
    onDone(true)
  }

  return (
    <Modal
      opened={!desk?.taken}
      keepMounted
      onClose={() => onDone(false)}
      title={title}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      returnFocus={false}
      data-dialog={of}
    >
      <p>{means}</p>
      {desk && <AlarmsWaiting onAlarm={desk.onAlarm} />}
      {refused !== null && (
        <p className={styles['problem']} role="alert">
          {sentenceOf(t, refused)}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button variant="default" data-autofocus onClick={() => onDone(false)}>
          {t('dialog.cancel')}
        </Button>
        <Button data-action="confirm-remove" loading={removing} onClick={() => void confirm()}>
          {word ?? t('plans.remove')}
        </Button>
      </div>
    </Modal>
  )
}
