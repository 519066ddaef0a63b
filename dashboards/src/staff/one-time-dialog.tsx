import type { OneTimePassword } from '@anju/contract/api'
import { Button, Modal } from '@mantine/core'
import { use } from 'react'
import account from '../account/account.module.css'
import { useText } from '../i18n/locale.tsx'
import { AlarmsWaiting } from '../queue/alarms-waiting.tsx'
import { DeskBehindContext } from './desk-behind.ts'
import styles from './staff.module.css'

interface Props {
  readonly told: OneTimePassword
  readonly onDone: () => void
}

/** Shown this once: no key and no press beside it takes it away. */
export function OneTimeDialog({ told: { account: of, password }, onDone }: Props) {
  const t = useText()
  const desk = use(DeskBehindContext)
  return (
    <Modal
      opened={!desk?.taken}
      keepMounted
      onClose={onDone}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      title={t('accounts.once-title', { name: of.name })}
      returnFocus={false}
      data-dialog="one-time"
    >
      <p className={account['secret']} data-one-time={password} translate="no">
        {password}
      </p>
      <p>{t('accounts.once-means', { username: of.username })}</p>
      {desk && <AlarmsWaiting onAlarm={desk.onAlarm} />}
      <div className={styles['buttons']}>
        <Button data-autofocus data-action="understood" onClick={onDone}>
          {t('dialog.understood')}
        </Button>
      </div>
    </Modal>
  )
}
