import type { Account, OneTimePassword } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { accounts } from '../api/account-calls.ts'
import { type Text, useText } from '../i18n/locale.tsx'
import type { MessageId } from '../i18n/messages-zh.ts'
import { useWords } from '../i18n/words.ts'
import { AccountForm } from './account-form.tsx'
import { Listed } from './listed.tsx'
import { OneTimeDialog } from './one-time-dialog.tsx'
import type { PartProps } from './part-props.ts'
import { RemoveDialog } from './remove-dialog.tsx'
import styles from './staff.module.css'
import { staffKey, useDialog } from './use-dialog.ts'

const titleId = 'accounts-title'

/** What is done to an account by one press, and asked about first. */
const ACTS = {
  'reset-password': {
    word: 'accounts.reset-password',
    title: 'accounts.reset-password-of',
    means: 'accounts.reset-password-means',
  },
  'reset-second-factor': {
    word: 'accounts.reset-factor',
    title: 'accounts.reset-factor-of',
    means: 'accounts.reset-factor-means',
  },
  lock: { word: 'accounts.lock', title: 'accounts.lock-of', means: 'accounts.lock-means' },
  unlock: { word: 'accounts.unlock', title: 'accounts.unlock-of', means: 'accounts.unlock-means' },
} as const satisfies Record<string, Readonly<Record<'word' | 'title' | 'means', MessageId>>>
type Act = keyof typeof ACTS

type Open =
  | { readonly edited: Account | null }
  | { readonly act: Act; readonly of: Account }
  | { readonly told: OneTimePassword }

/** Who can log in, in which role, and what keeps them out. */
export function AccountList({ me, onDialog }: PartProps) {
  const t = useText()
  const words = useWords()
  const [sought, setSought] = useState('')
  const read = useQuery({ queryKey: [staffKey, 'accounts'], queryFn: ({ signal }) => accounts.all(signal) })
  const { open, show, done } = useDialog<Open>(titleId, onDialog)
  const items = (read.data?.items ?? []).toSorted((a, b) => a.name.localeCompare(b.name))

  /** A password that was told is shown before the list is read anew. */
  const after = (changed: boolean, told: OneTimePassword | undefined) => {
    if (told) show({ told })
    else done({ changed })
  }
  return (
    <Listed
      titleId={titleId}
      title={t('accounts.title')}
      add={{ word: t('accounts.add'), action: 'new-account', onClick: () => show({ edited: null }) }}
      read={read}
      none={t('accounts.none')}
      items={items}
      sought={sought}
      onSeek={setSought}
      textOf={({ name, username, role }) => [name, username, words('role', role)].join(' ')}
      renderRow={(account) => (
        <li key={account.id} data-account={account.username}>
          <div className={styles['who']}>
            <p>
              <b>{account.name}</b> · <span translate="no">{account.username}</span> · {words('role', account.role)}
            </p>
            <p className={styles['soft']}>{statesOf(t, account, account.id === me.personId).join(t('staff.and'))}</p>
          </div>
          {account.manageable && (
            <div className={styles['acts']}>
              {account.role !== 'family' && (
                <button
                  type="button"
                  className={styles['button']}
                  data-action="edit"
                  aria-label={t('plans.edit-of', { what: account.name })}
                  onClick={() => show({ edited: account })}
                >
                  {t('plans.edit')}
                </button>
              )}
              {actsOn(account).map((act) => (
                <button
                  key={act}
                  type="button"
                  className={styles['button']}
                  data-action={act}
                  aria-label={t(ACTS[act].title, { name: account.name })}
                  onClick={() => show({ act, of: account })}
                >
                  {t(ACTS[act].word)}
                </button>
              ))}
            </div>
          )}
        </li>
      )}
    >
      {open && 'edited' in open && <AccountForm of={open.edited} gives={read.data?.gives ?? []} onDone={after} />}
      {open && 'act' in open && <ActDialog {...open} onDone={after} />}
      {open && 'told' in open && <OneTimeDialog told={open.told} onDone={() => done({ changed: true })} />}
    </Listed>
  )
}

/** What there is to say of it besides the name; `exempt` is a demo's business. */
function statesOf(t: Text, { locked, password, secondFactor }: Account, own: boolean): string[] {
  return [
    ...(locked ? [t('accounts.is-locked')] : []),
    ...(password === 'none' ? [t('accounts.no-password')] : []),
    ...(password === 'for-once' ? [t('accounts.for-once')] : []),
    ...(secondFactor === 'to-be-enrolled' ? [t('accounts.no-factor')] : []),
    ...(own ? [t('accounts.you')] : []),
  ]
}

const actsOn = ({ locked, secondFactor }: Account): Act[] => [
  'reset-password',
  ...(secondFactor === 'enrolled' ? (['reset-second-factor'] as const) : []),
  locked ? 'unlock' : 'lock',
]

interface ActProps {
  readonly act: Act
  readonly of: Account
  readonly onDone: (changed: boolean, told: OneTimePassword | undefined) => void
}

function ActDialog({ act, of: { id, name }, onDone }: ActProps) {
  const t = useText()
  const told = useRef<OneTimePassword>(undefined)
  const { word, title, means } = ACTS[act]
  return (
    <RemoveDialog
      of={act}
      title={t(title, { name })}
      means={t(means)}
      word={t(word)}
      remove={async () => {
        if (act === 'reset-password') told.current = await accounts.resetPassword(id)
        else await accounts.act(id, act)
      }}
      onDone={(changed) => onDone(changed, told.current)}
    />
  )
}
