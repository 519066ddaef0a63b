import { Modal } from '@mantine/core'
import { useText } from '../i18n/locale.tsx'
import styles from './help-dialog.module.css'
import { type Action, SHORTCUTS } from './shortcuts.ts'

interface Props {
  readonly singleKeys: boolean
  readonly onSingleKeys: (on: boolean) => void
  readonly onClose: () => void
}

export function HelpDialog({ singleKeys, onSingleKeys, onClose }: Props) {
  const t = useText()
  const does: Record<Action, string> = {
    next: t('keys.next'),
    previous: t('keys.previous'),
    take: t('keys.take'),
    start: t('keys.start'),
    contacts: t('keys.contacts'),
    note: t('keys.note'),
    'step-done': t('keys.step-done'),
    'step-skip': t('keys.step-skip'),
    'step-failed': t('keys.step-failed'),
    agency: t('keys.agency'),
    manual: t('keys.manual'),
    close: t('keys.close'),
    park: t('keys.park'),
    release: t('keys.release'),
    'hand-to': t('keys.hand-to'),
    'accept-offer': t('keys.accept-offer'),
    silence: t('keys.silence'),
    undo: t('keys.undo'),
    access: t('keys.access'),
    medical: t('keys.medical'),
    takeover: t('keys.takeover'),
    'other-alarm': t('keys.other-alarm'),
    'closed-list': t('keys.closed-list'),
    help: t('keys.help'),
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('dialog.dismiss') }}
      data-dialog="help"
    >
      <dl className={styles['keys']} data-on={singleKeys}>
        {Object.entries(SHORTCUTS).map(([key, action]) => (
          <div key={key}>
            <dt>
              <kbd>{key === 'Enter' ? '↵ Enter' : key}</kbd>
            </dt>
            <dd>{does[action]}</dd>
          </div>
        ))}
      </dl>
      <label className={styles['switch']}>
        <input
          type="checkbox"
          name="single-keys"
          checked={singleKeys}
          onChange={(event) => onSingleKeys(event.currentTarget.checked)}
        />
        {t('keys.switch')}
      </label>
    </Modal>
  )
}
