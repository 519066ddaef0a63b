import { USERNAME, usernameCharsMax } from '@anju/contract/account-rules'
import type { Account, OneTimePassword, Role } from '@anju/contract/api'
import { TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { accounts } from '../api/account-calls.ts'
import { Refusal } from '../api/request.ts'
import { PickOf } from '../frame/pick.tsx'
import { SPOKEN } from '../homes/lists.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { changesOf, type Fault, isSame } from './fault.ts'
import { FormDialog } from './form-dialog.tsx'
import styles from './staff.module.css'

interface Props {
  /** Null: a new one. */
  readonly of: Account | null
  /** The roles that whoever asks may give. */
  readonly gives: readonly Role[]
  readonly onDone: (changed: boolean, told: OneTimePassword | undefined) => void
}

/** Who they are and what they may do; a new account is given a password for once. */
export function AccountForm({ of, gives, onDone }: Props) {
  const t = useText()
  const words = useWords()
  // A relative's account needs its home, which is chosen elsewhere.
  const roles = gives.filter((role) => role !== 'family')
  const [username, setUsername] = useState('')
  const [before] = useState(() => ({
    name: of?.name ?? '',
    role: of?.role ?? 'operator',
    language: of?.language ?? 'zh-CN',
  }))
  const [draft, setDraft] = useState(before)
  const set = (to: Partial<typeof draft>) => setDraft({ ...draft, ...to })
  const told = useRef<OneTimePassword>(undefined)
  const faults: Fault[] = [
    ...(of || USERNAME.test(username) ? [] : [{ at: 'username', says: 'accounts.username-wrong' } as const]),
    ...(draft.name.trim() === '' ? [{ at: 'name', says: 'staff.name-missing' } as const] : []),
  ]

  async function send() {
    const given = { ...draft, name: draft.name.trim() }
    if (of) await accounts.change(of.id, changesOf(before, given))
    else told.current = await accounts.add({ username, ...given })
  }
  return (
    <FormDialog
      of="account"
      title={of ? t('plans.edit-of', { what: of.name }) : t('accounts.add')}
      dirty={username !== '' || !isSame(before, draft)}
      faults={faults}
      faultFrom={(error) =>
        error instanceof Refusal && error.code === 'username-taken'
          ? { at: 'username', says: 'accounts.username-taken' }
          : undefined
      }
      send={send}
      onDone={(saved) => onDone(saved, told.current)}
    >
      {({ problemAt }) => (
        <>
          {!of && (
            <TextInput
              type="text"
              label={t('accounts.username')}
              autoCapitalize="none"
              autoComplete="off"
              maxLength={usernameCharsMax}
              value={username}
              error={problemAt('username')}
              data-field="username"
              data-autofocus
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
          )}
          <TextInput
            type="text"
            label={t('accounts.name')}
            autoComplete="off"
            maxLength={100}
            value={draft.name}
            error={problemAt('name')}
            data-field="name"
            data-autofocus={of ? true : undefined}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <PickOf
            label={t('accounts.role')}
            field="role"
            value={draft.role}
            of={roles}
            word={(role) => words('role', role)}
            onPick={(role) => set({ role })}
          />
          <PickOf
            label={t('accounts.language')}
            field="language"
            value={draft.language}
            of={SPOKEN}
            word={(language) => words('spoken', language)}
            onPick={(language) => set({ language })}
          />
          {!of && <p className={styles['soft']}>{t('accounts.family-elsewhere')}</p>}
        </>
      )}
    </FormDialog>
  )
}
