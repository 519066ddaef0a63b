import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { RecoveryCodes } from '../account/recovery-codes.tsx'
import { useText } from '../i18n/locale.tsx'
import styles from './login-page.module.css'

/** What the log-in said of the second factor: fresh recovery codes, or how many are left. */
export interface Said {
  readonly recoveryCodes?: readonly string[] | undefined
  readonly recoveryCodesLeft?: number | undefined
}

interface Props extends Said {
  readonly username: string
  readonly onGoOn: () => void
}

/** Between the log-in and the page: what is said this once, and must have been read. */
export function Told({ username, recoveryCodes, recoveryCodesLeft = 0, onGoOn }: Props) {
  const t = useText()
  const on = useRef<HTMLButtonElement>(null)
  useEffect(() => on.current?.focus(), [])
  return (
    <div className={styles['card']} data-told>
      {recoveryCodes ? (
        <RecoveryCodes username={username} codes={recoveryCodes} onKept={onGoOn} />
      ) : (
        <>
          <h1 className={styles['title']}>{t('account.recovery-used')}</h1>
          <output data-codes-left={recoveryCodesLeft}>{t('account.codes-left', { count: recoveryCodesLeft })}</output>
          <p>{t('account.recovery-used-more')}</p>
          <Button ref={on} size="md" fullWidth data-action="go-on" onClick={onGoOn}>
            {t('account.go-on')}
          </Button>
        </>
      )}
    </div>
  )
}
