import type { Enrolment } from '@anju/contract/api'
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import { EnrolmentSteps } from './enrolment.tsx'
import styles from './login-page.module.css'

interface CodeFormProps {
  readonly username: string
  /** Given when this account has no second factor yet: a code of it sets it up. */
  readonly enrolment: Enrolment | undefined
  readonly busy: boolean
  readonly problem: string
  readonly onCode: (code: string) => void
  readonly onBack: () => void
}

/** The second half of a log-in: the code that the authenticator shows. */
export function CodeForm({ username, enrolment, busy, problem, onCode, onBack }: CodeFormProps) {
  const t = useText()
  const [code, setCode] = useState('')
  /** The telephone is not at hand. */
  const [recovering, setRecovering] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!busy) field.current?.focus()
  }, [busy])

  function submit(event: FormEvent) {
    event.preventDefault()
    onCode(code)
    // One that is refused is worth nothing more, and one that nobody answered for will be over soon.
    setCode('')
  }

  return (
    <form className={styles['card']} onSubmit={submit}>
      <img src="/icon.svg" alt="" width={44} height={44} />
      <h1 className={styles['title']}>{t(enrolment ? 'account.enrol-title' : 'account.code-title')}</h1>
      <p className={styles['tagline']}>{t('account.as', { username })}</p>
      {enrolment && <EnrolmentSteps enrolment={enrolment} />}
      <TextInput
        name="code"
        label={t(recovering ? 'account.recovery-code' : 'account.code')}
        description={t(recovering ? 'account.recovery-code-more' : 'account.code-more')}
        inputMode={recovering ? 'text' : 'numeric'}
        autoComplete={recovering ? 'off' : 'one-time-code'}
        autoCapitalize="none"
        ref={field}
        required
        withAsterisk={false}
        maxLength={recovering ? 40 : 7}
        // Six digits, and the blank that authenticators show in their middle.
        {...(recovering ? {} : { pattern: '[0-9]{3} ?[0-9]{3}' })}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      <Button type="submit" size="md" fullWidth loading={busy}>
        {t(enrolment ? 'account.confirm' : 'login.enter')}
      </Button>
      {!enrolment && (
        <Button
          variant="default"
          fullWidth
          data-action="recovery"
          onClick={() => {
            setCode('')
            setRecovering(!recovering)
            field.current?.focus()
          }}
        >
          {t(recovering ? 'account.use-authenticator' : 'account.use-recovery')}
        </Button>
      )}
      <Button variant="subtle" fullWidth onClick={onBack} data-action="back">
        {t('account.back')}
      </Button>
    </form>
  )
}
