import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Proof } from '../api/account-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { AskedForm } from './asked-form.tsx'
import { PasswordField } from './password-fields.tsx'

interface Props {
  readonly title: string
  readonly why: string
  readonly word: string
  readonly send: (proof: Proof) => Promise<void>
  readonly onBack: () => void
}

/** That it is the owner who asks: the password, and a code. */
export function ProofForm({ title, why, word, send, onBack }: Props) {
  const t = useText()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  return (
    <AskedForm
      of="proof"
      title={title}
      word={word}
      onBack={onBack}
      send={() =>
        // One that is refused is worth nothing more.
        send({ password, code }).finally(() => setCode(''))
      }
    >
      <p>{why}</p>
      <PasswordField
        name="current-password"
        label={t('account.current-password')}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <TextInput
        name="code"
        data-field="code"
        label={t('account.code')}
        description={t('account.code-or-recovery')}
        autoComplete="one-time-code"
        autoCapitalize="none"
        required
        withAsterisk={false}
        maxLength={40}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </AskedForm>
  )
}
