import type { Enrolment, Person } from '@anju/contract/api'
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from 'react'
import { session } from '../api/calls.ts'
import { LanguageSwitch } from '../frame/language-switch.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { speaker } from '../sound/speaker.ts'
import styles from './login-page.module.css'
import type { Said } from './told.tsx'

// Demo accounts and sessions that go on never need them.
const CodeForm = lazy(async () => ({ default: (await import('./code-form.tsx')).CodeForm }))
const NewPasswordForm = lazy(async () => ({ default: (await import('./new-password-form.tsx')).NewPasswordForm }))
const Told = lazy(async () => ({ default: (await import('./told.tsx')).Told }))

/** What the server answered to a password that was right. */
type Asked =
  | { readonly is: 'new-password' }
  | { readonly is: 'code'; readonly enrolment: Enrolment | undefined }
  | { readonly is: 'told'; readonly person: Person; readonly said: Said }

/** On loopback the server's accounts are the demo's: no second factor, and the page says so. */
const onLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)

export function LoginPage({ onEnter }: { readonly onEnter: (person: Person) => void }) {
  const t = useText()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  /** Chosen in place of one that was for once; it counts once everything else was right. */
  const [newPassword, setNewPassword] = useState<string>()
  const [asked, setAsked] = useState<Asked>()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!asked) first.current?.focus()
  }, [asked])

  async function enter(more: { readonly code?: string; readonly newPassword?: string } = {}) {
    setBusy(true)
    setProblem('')
    try {
      const chosen = more.newPassword ?? newPassword
      const answer = await session.begin(username.trim(), password, {
        ...more,
        ...(chosen === undefined ? {} : { newPassword: chosen }),
      })
      setNewPassword(chosen)
      if ('newPassword' in answer) setAsked({ is: 'new-password' })
      else if ('mfa' in answer) setAsked({ is: 'code', enrolment: answer.enrolment })
      else entered(answer)
    } catch (error) {
      setProblem(sentenceOf(t, error))
    } finally {
      setBusy(false)
    }
  }

  function entered({ recoveryCodes, recoveryCodesLeft, ...person }: Person & Said) {
    if (!recoveryCodes && recoveryCodesLeft === undefined) onEnter(person)
    else setAsked({ is: 'told', person, said: { recoveryCodes, recoveryCodesLeft } })
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    // A browser lets a page sound only after a person has touched it; this is the touch.
    speaker.unlock()
    void enter()
  }

  function back() {
    setAsked(undefined)
    setPassword('')
    setNewPassword(undefined)
    setProblem('')
  }

  return (
    <main className={styles['page']}>
      <div className={styles['top']}>
        <LanguageSwitch />
      </div>
      {asked ? (
        <Suspense fallback={<Waiting text={t('frame.loading')} />}>
          {asked.is === 'new-password' && (
            <NewPasswordForm
              username={username.trim()}
              before={password}
              busy={busy}
              problem={problem}
              onPassword={(chosen) => void enter({ newPassword: chosen })}
              onBack={back}
            />
          )}
          {asked.is === 'code' && (
            <CodeForm
              username={username.trim()}
              enrolment={asked.enrolment}
              busy={busy}
              problem={problem}
              onCode={(code) => void enter({ code })}
              onBack={back}
            />
          )}
          {asked.is === 'told' && (
            <Told {...asked.said} username={asked.person.username} onGoOn={() => onEnter(asked.person)} />
          )}
        </Suspense>
      ) : (
        <form className={styles['card']} onSubmit={submit}>
          <img src="/icon.svg" alt="" width={44} height={44} />
          <h1 className={styles['title']}>{t('login.title')}</h1>
          <p className={styles['tagline']}>{t('login.tagline')}</p>
          {onLoopback && <p className={styles['banner']}>{t('login.demo')}</p>}
          <TextInput
            name="username"
            label={t('login.username')}
            autoComplete="username"
            autoCapitalize="none"
            ref={first}
            required
            withAsterisk={false}
            maxLength={64}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            name="password"
            label={t('login.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            maxLength={256}
            value={password}
            visibilityToggleButtonProps={{ 'aria-label': t('login.show-password') }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <p className={styles['problem']} role="alert">
            {problem}
          </p>
          <Button type="submit" size="md" fullWidth loading={busy}>
            {t('login.enter')}
          </Button>
        </form>
      )}
    </main>
  )
}
