import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './account.module.css'

interface Props {
  readonly username: string
  readonly codes: readonly string[]
  readonly onKept: () => void
}

/** Shown this once. Nothing but their owner's word leads away from here. */
export function RecoveryCodes({ username, codes, onKept }: Props) {
  const t = useText()
  const title = useRef<HTMLHeadingElement>(null)
  // Who listens to the page is told what these are before they hear ten of them.
  useEffect(() => title.current?.focus(), [])
  const file = [t('account.codes-of', { username }), ...codes].join('\n')
  return (
    <section className={styles['part']} data-recovery-codes>
      <h2 ref={title} tabIndex={-1}>
        {t('account.codes-title')}
      </h2>
      <p>{t('account.codes-why')}</p>
      <ol className={styles['codes']} translate="no">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p>
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${file}\n`)}`}
          download={`anju-${username}.txt`}
          data-action="download-codes"
        >
          {t('account.codes-download')}
        </a>
      </p>
      <Button data-action="codes-kept" onClick={onKept}>
        {t('account.codes-kept')}
      </Button>
    </section>
  )
}
