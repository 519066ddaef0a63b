import { TextInput } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import styles from './staff.module.css'

/** So many rows are drawn at once; whoever looks for somebody writes the name. */
const rowsAtOnce = 50

interface Props<T> {
  readonly titleId: string
  readonly title: string
  readonly add?: { readonly word: string; readonly action: string; readonly onClick: () => void }
  readonly read: Pick<UseQueryResult, 'isPending' | 'isError' | 'error' | 'isSuccess'>
  readonly none: string
  readonly items: readonly T[]
  readonly sought: string
  readonly onSeek: (text: string) => void
  /** What a word is looked for in. */
  readonly textOf: (item: T) => string
  readonly renderRow: (item: T) => ReactNode
  /** Its dialogs. */
  readonly children: ReactNode
}

/** A list of people: read, empty, or not to be had; found by a word. */
export function Listed<T>({
  titleId,
  title,
  add,
  read,
  none,
  items,
  sought,
  onSeek,
  textOf,
  renderRow,
  children,
}: Props<T>) {
  const t = useText()
  const [shown, setShown] = useState(rowsAtOnce)
  const word = sought.trim().toLowerCase()
  const found = word === '' ? items : items.filter((item) => textOf(item).toLowerCase().includes(word))
  return (
    <section aria-labelledby={titleId}>
      <header className={styles['head']}>
        <h3 id={titleId} tabIndex={-1}>
          {title}
        </h3>
        {add && (
          <button type="button" className={styles['button']} data-action={add.action} onClick={add.onClick}>
            {add.word}
          </button>
        )}
      </header>
      {read.isPending && <p className={styles['soft']}>{t('frame.loading')}</p>}
      {read.isError && (
        <p className={styles['problem']} role="alert">
          {sentenceOf(t, read.error)}
        </p>
      )}
      {read.isSuccess && items.length === 0 && <p className={styles['soft']}>{none}</p>}
      {items.length > 5 && (
        <TextInput
          type="search"
          label={t('staff.seek')}
          value={sought}
          onChange={(event) => onSeek(event.currentTarget.value)}
        />
      )}
      {items.length > 0 && found.length === 0 && <p className={styles['soft']}>{t('staff.found-none')}</p>}
      <ul className={styles['list']}>{found.slice(0, shown).map(renderRow)}</ul>
      {found.length > shown && (
        <button
          type="button"
          className={styles['button']}
          data-action="more"
          onClick={() => setShown(shown + rowsAtOnce)}
        >
          {t('plans.more')} ({found.length - shown})
        </button>
      )}
      {children}
    </section>
  )
}
