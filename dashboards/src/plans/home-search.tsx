import type { Home } from '@anju/contract/api'
import { SLUG_PATTERN } from '@anju/contract/ids'
import { Button, TextInput } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { homes } from '../api/calls.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import dialogs from '../incident/dialogs.module.css'
import { isComposing } from '../keyboard/shortcuts.ts'
import styles from './plan-dialog.module.css'

const isNumber = new RegExp(SLUG_PATTERN)

interface Found {
  readonly id: string
  readonly words: string
}
interface Props {
  readonly chosen: string | null
  readonly problem: string | undefined
  readonly onChoose: (home: string | null) => void
  /** What names its field in the page, where it is not a plan's. */
  readonly field?: string
}

const wordsOf = ({ id, name, residentName, address }: Home): string =>
  [residentName, address === '' ? name : address, id].filter((part) => part != null && part !== '').join(' · ')

/** Finds a home as the server finds it. It is asked on a press and not on every letter: each look is written down. */
export function HomeSearch({ chosen, problem, onChoose, field = 'home' }: Props) {
  const t = useText()
  const [text, setText] = useState('')
  const [found, setFound] = useState<readonly Found[] | null>(null)
  const [trouble, setTrouble] = useState('')
  const [finding, setFinding] = useState(false)
  const options = useRef<HTMLFieldSetElement>(null)
  // What was found is what comes next for who works by keys.
  useEffect(() => {
    if (found && found.length > 0) options.current?.querySelector<HTMLElement>('input')?.focus()
  }, [found])

  async function find() {
    const sought = text.trim()
    if (sought === '' || finding) return
    setFinding(true)
    setTrouble('')
    onChoose(null)
    try {
      const hits = (await homes.search(sought)).map((home) => ({ id: home.id, words: wordsOf(home) }))
      // Nothing is found by a home's own number; that there is one is known to who saves the plan.
      const number = isNumber.test(sought) ? [{ id: sought, words: t('plans.found-number', { home: sought }) }] : []
      setFound(hits.length > 0 ? hits : number)
    } catch (error) {
      setFound(null)
      setTrouble(sentenceOf(t, error))
    } finally {
      setFinding(false)
    }
  }
  function onKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' || isComposing(event.nativeEvent)) return
    // It would send the whole plan.
    event.preventDefault()
    void find()
  }

  const withButton = (input: ReactNode) => (
    <div className={styles['find']}>
      {input}
      <Button variant="default" data-action="find-home" loading={finding} onClick={() => void find()}>
        {t('plans.find')}
      </Button>
    </div>
  )

  return (
    <div className={styles['search']}>
      <TextInput
        label={t('plans.search')}
        error={problem ?? (trouble || (found?.length === 0 ? t('plans.found-none') : undefined))}
        maxLength={80}
        value={text}
        data-field={field}
        onKeyDown={onKey}
        onChange={(event) => setText(event.currentTarget.value)}
        inputContainer={withButton}
      />
      {found && found.length > 0 && (
        <fieldset ref={options} className={dialogs['choice']} data-choice="home">
          <legend>{t('plans.found')}</legend>
          <div className={styles['homes']}>
            {found.map(({ id, words }) => (
              <label key={id} className={dialogs['option']} data-option={id}>
                <input type="radio" name="home" value={id} checked={id === chosen} onChange={() => onChoose(id)} />
                {words}
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </div>
  )
}
