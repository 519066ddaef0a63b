import { passwordCharsMax, passwordCharsMin } from '@anju/contract/account-rules'
import { PasswordInput } from '@mantine/core'
import { useText } from '../i18n/locale.tsx'
import type { PasswordDraft, PasswordProblem } from './password-draft.ts'

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly description?: string
  readonly autoComplete: 'current-password' | 'new-password'
  readonly value: string
  readonly problem?: string | undefined
  readonly first?: boolean
  readonly onChange: (value: string) => void
}

/** A password, there already or new: shown to its owner when they ask for it. */
export function PasswordField({ name, problem, first = false, onChange, ...field }: FieldProps) {
  const t = useText()
  return (
    <PasswordInput
      {...field}
      name={name}
      data-field={name}
      data-autofocus={first ? true : undefined}
      required
      withAsterisk={false}
      maxLength={passwordCharsMax}
      error={problem}
      visibilityToggleButtonProps={{ 'aria-label': t('login.show-password') }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

interface Props {
  readonly draft: PasswordDraft
  readonly problem: PasswordProblem | undefined
  readonly first?: boolean
  readonly onChange: (draft: PasswordDraft) => void
}

export function NewPasswordFields({ draft, problem, first = false, onChange }: Props) {
  const t = useText()
  const problemAt = (at: PasswordProblem['at']) =>
    problem?.at === at ? t(problem.says, { min: passwordCharsMin, max: passwordCharsMax }) : undefined
  return (
    <>
      <PasswordField
        name="new-password"
        label={t('account.new-password')}
        description={t('account.new-password-more', { min: passwordCharsMin })}
        autoComplete="new-password"
        first={first}
        value={draft.password}
        problem={problemAt('new-password')}
        onChange={(password) => onChange({ ...draft, password })}
      />
      <PasswordField
        name="again"
        label={t('account.again')}
        autoComplete="new-password"
        value={draft.again}
        problem={problemAt('again')}
        onChange={(again) => onChange({ ...draft, again })}
      />
    </>
  )
}
