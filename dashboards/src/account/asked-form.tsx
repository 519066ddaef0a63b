import { Button } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Refusal } from '../api/request.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import styles from './account.module.css'

interface Props {
  /** Names it in the page. */
  readonly of: string
  readonly title: string
  readonly word: string
  /** The `data-field` of what is wrong already: the focus goes there, and nothing is sent. */
  readonly fault?: string | undefined
  readonly onTry?: () => void
  /** Rejects with what the server refused. */
  readonly send: () => Promise<unknown>
  readonly onBack: () => void
  readonly children: ReactNode
}

/** One thing that is changed of one's own account, and what the server says to it. */
export function AskedForm({ of, title, word, fault, onTry, send, onBack, children }: Props) {
  const t = useText()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => focusIn(form.current), [])

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    setProblem('')
    onTry?.()
    if (fault !== undefined) return focusOn(form.current, fault)
    setBusy(true)
    try {
      await send()
    } catch (error) {
      const wrong = error instanceof Refusal && error.code === 'credentials-wrong'
      setProblem(wrong ? t('account.password-wrong') : sentenceOf(t, error))
      // Once the fields may be written again.
      requestAnimationFrame(() => focusIn(form.current))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form ref={form} className={styles['form']} data-form={of} onSubmit={(event) => void submit(event)}>
      <h2>{title}</h2>
      {children}
      {problem !== '' && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
      <div className={styles['buttons']}>
        <Button variant="default" data-action="back" onClick={onBack}>
          {t('account.back')}
        </Button>
        <Button type="submit" data-action="save" loading={busy}>
          {word}
        </Button>
      </div>
    </form>
  )
}

/** Once the message is painted: it is read out together with its field. */
export function focusOn(form: HTMLFormElement | null, field: string): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus())
}

function focusIn(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLInputElement>('input:not([hidden])')?.focus()
}
