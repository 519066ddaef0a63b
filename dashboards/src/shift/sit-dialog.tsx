import { Button, Modal } from '@mantine/core'
import { useText } from '../i18n/locale.tsx'
import { SeatChoice } from './seat-choice.tsx'
import styles from './start-shift.module.css'

/** Somebody goes over to another desk in the middle of a shift. */
export function SitDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('seat.title')}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      data-dialog="seat"
    >
      <SeatChoice first />
      <div className={styles['done']}>
        <Button data-action="seat-done" onClick={onClose}>
          {t('seat.done')}
        </Button>
      </div>
    </Modal>
  )
}
