import type { Resident } from '@anju/contract/api'
import { useEffect, useId, useRef, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import { Key } from './incident-actions.tsx'
import styles from './person.module.css'

/** Three lines of medical risk are read at a glance; more are not. */
const linesAtOnce = 3

/** The first lines, how many there are besides, and all of them one key away: what is hidden without a word is not known. */
export function Medical({ lines }: { readonly lines: Resident['medical'] }) {
  const t = useText()
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const [whole, setWhole] = useState(false)
  const hidden = lines.length - linesAtOnce

  // A reader who asked for the whole card is taken to its beginning.
  useEffect(() => {
    if (whole) list.current?.focus()
  }, [whole])

  if (lines.length === 0) return <span className={styles['soft']}>{t('person.medical-none')}</span>
  const shown = whole ? lines : lines.slice(0, linesAtOnce)
  return (
    <>
      <ul ref={list} id={id} tabIndex={-1} className={styles['lines']} aria-label={t('person.medical')}>
        {shown.map((line, index) => (
          <li key={`${lines.length - index} ${line}`}>{line}</li>
        ))}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          className={styles['more']}
          data-action="medical"
          aria-expanded={whole}
          aria-controls={id}
          onClick={() => setWhole(!whole)}
        >
          {whole ? t('person.medical-less') : t('person.medical-more', { count: hidden })} <Key of="i" />
        </button>
      )}
    </>
  )
}
