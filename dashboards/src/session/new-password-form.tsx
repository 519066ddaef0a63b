import { Button } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { focusOn } from '../account/asked-form.tsx'
import { emptyPassword, passwordProblem } from '../account/password-draft.ts'
import { NewPasswordFields } from '../account/password-fields.tsx'
import { useText } from '../i18n/locale.tsx'
import styles from './login-page.module.css'

interface Props {
  readonly username: string
  /** The one that was for once. */
  readonly before: string
  readonly busy: boolean
  readonly problem: string
  readonly onPassword: (password: string) => void
  readonly onBack: () => void
}

/** A password that a colleague handed over is good for this: to choose one's own. */
export function NewPasswordForm({ username, before, busy, problem, onPassword, onBack }: Props) {
  const t = useText()
  const [draft, setDraft] = useState(emptyPassword)
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const wrong = passwordProblem(username, draft, before)

  function submit(event: FormEvent) {
    event.preventDefault()
    setTried(true)
    if (wrong) focusOn(form.current, wrong.at)
    else onPassword(draft.password)
  }
  return (
    <form ref={form} className={styles['card']} onSubmit={submit}>
      <img src="/icon.svg" alt="" width={44} height={44} />
      <h1 className={styles['title']}>{t('account.choose-password')}</h1>
      <p className={styles['tagline']}>{t('account.as', { username })}</p>
      <p>{t('account.was-for-once')}</p>
      <NewPasswordFields draft={draft} problem={tried ? wrong : undefined} onChange={setDraft} />
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      <Button type="submit" size="md" fullWidth loading={busy}>
        {t('account.go-on')}
      </Button>
      <Button variant="subtle" fullWidth onClick={onBack} data-action="back">
        {t('account.back')}
      </Button>
    </form>
  )
}
