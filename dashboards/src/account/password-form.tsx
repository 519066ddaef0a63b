import { useState } from 'react'
import { ownAccount } from '../api/account-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { AskedForm } from './asked-form.tsx'
import { emptyPassword, passwordProblem } from './password-draft.ts'
import { NewPasswordFields, PasswordField } from './password-fields.tsx'

interface Props {
  readonly username: string
  readonly onDone: () => void
  readonly onBack: () => void
}

/** One's own password: whoever knows the one there is may change it. */
export function PasswordForm({ username, onDone, onBack }: Props) {
  const t = useText()
  const [current, setCurrent] = useState('')
  const [draft, setDraft] = useState(emptyPassword)
  /** Until the first try nothing is wrong, only unfinished. */
  const [tried, setTried] = useState(false)
  const problem = passwordProblem(username, draft, current)

  async function send() {
    await ownAccount.changePassword(current, draft.password)
    onDone()
  }
  return (
    <AskedForm
      of="password"
      title={t('account.change-password')}
      word={t('account.change-password')}
      fault={problem?.at}
      onTry={() => setTried(true)}
      send={send}
      onBack={onBack}
    >
      <p>{t('account.others-end')}</p>
      {/* For the browser's own list of passwords: whose this one is. */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <PasswordField
        name="current-password"
        label={t('account.current-password')}
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
      />
      <NewPasswordFields draft={draft} problem={tried ? problem : undefined} onChange={setDraft} />
    </AskedForm>
  )
}
