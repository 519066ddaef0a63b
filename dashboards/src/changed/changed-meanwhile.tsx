import type { Changed } from '@anju/contract/api'
import { useEffect, useRef } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './changed-meanwhile.module.css'
import { changedSentence } from './changed-sentence.ts'

interface Props {
  readonly changed: Changed
  readonly onTheirs: () => void
  readonly onMine: () => void
}

/** Somebody else was faster: nothing was saved, and which of the two shall be is decided by a person who knows of both. */
export function ChangedMeanwhile({ changed, onTheirs, onMine }: Props) {
  const t = useText()
  const box = useRef<HTMLFieldSetElement>(null)
  // Where the press was that saved nothing: the next key is an answer to what is said here, and the first one is the harmless one.
  useEffect(() => box.current?.querySelector<HTMLElement>('button')?.focus(), [])
  return (
    <fieldset ref={box} className={styles['changed']} aria-label={t('changed.title')} data-changed>
      <p role="alert">{changedSentence(t, changed)}</p>
      <div className={styles['buttons']}>
        <button type="button" className={styles['button']} data-action="look-at-theirs" onClick={onTheirs}>
          {t('changed.theirs')}
        </button>
        <button type="button" className={styles['button']} data-action="write-over" onClick={onMine}>
          {t('changed.mine')}
        </button>
      </div>
    </fieldset>
  )
}
