import { type PasswordFault, passwordFault } from '@anju/contract/account-rules'
import type { MessageId } from '../i18n/messages-zh.ts'

/** A new password as it is written: twice, for nobody sees what they type. */
export interface PasswordDraft {
  readonly password: string
  readonly again: string
}
export const emptyPassword: PasswordDraft = { password: '', again: '' }

const SAYS: Readonly<Record<PasswordFault, MessageId>> = {
  'too-short': 'account.too-short',
  'too-long': 'account.too-long',
  'holds-username': 'account.holds-username',
}

export interface PasswordProblem {
  /** The field's `data-field`. */
  readonly at: 'new-password' | 'again'
  readonly says: MessageId
}

/** What keeps it from being sent, and at which of the two fields. `before`: the one it is to replace. */
export function passwordProblem(
  username: string,
  { password, again }: PasswordDraft,
  before: string,
): PasswordProblem | undefined {
  const fault = passwordFault(username, password)
  if (fault) return { at: 'new-password', says: SAYS[fault] }
  if (password === before) return { at: 'new-password', says: 'account.same' }
  return password === again ? undefined : { at: 'again', says: 'account.unlike' }
}
