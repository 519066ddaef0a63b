import type {
  Account,
  AccountAdd,
  AccountChange,
  AccountList,
  Enrolment,
  OneTimePassword,
  OwnAccount,
  RecoveryCodesAnswer,
  Role,
} from '@anju/contract/api'
import { command } from './calls.ts'
import { request } from './request.ts'

export interface Proof {
  readonly password: string
  readonly code: string
}

/** One's own. None is a `command`: a password is told no second time by itself, and a code is taken once. */
export const ownAccount = {
  read: (signal: AbortSignal) => request<OwnAccount>('/account', { signal }),
  changePassword: (current: string, password: string) =>
    request<null>('/account/password', { method: 'PUT', body: { current, password } }),
  renewCodes: (proof: Proof) =>
    request<RecoveryCodesAnswer>('/account/recovery-codes', { method: 'POST', body: proof }),
  proposeFactor: (proof: Proof) => request<Enrolment>('/account/second-factor', { method: 'POST', body: proof }),
  confirmFactor: (code: string) =>
    request<RecoveryCodesAnswer>('/account/second-factor/confirm', { method: 'POST', body: { code } }),
}

export type AccountAct = 'lock' | 'unlock' | 'reset-second-factor'
const one = (id: string) => `/accounts/${encodeURIComponent(id)}`
/** So many pages of accounts are read; a centre with more is looked through at the command line. */
const pagesMax = 25

/** Those of others, for whoever answers for them. What is told once is asked for under no key: it would be kept with its answer. */
export const accounts = {
  async all(signal: AbortSignal): Promise<{ readonly items: readonly Account[]; readonly gives: readonly Role[] }> {
    const items: Account[] = []
    let gives: readonly Role[] = []
    let cursor: string | null = null
    for (let page = 0; page < pagesMax; page++) {
      const after: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`
      const answer: AccountList = await request<AccountList>(`/accounts${after}`, { signal })
      items.push(...answer.items)
      gives = answer.gives
      cursor = answer.nextCursor
      if (cursor === null) break
    }
    return { items, gives }
  },
  add: (given: AccountAdd) => request<OneTimePassword>('/accounts', { method: 'POST', body: given }),
  change: (id: string, given: AccountChange) => command<Account>(one(id), given, 'PATCH'),
  resetPassword: (id: string) => request<OneTimePassword>(`${one(id)}/reset-password`, { method: 'POST', body: {} }),
  act: (id: string, act: AccountAct) => command<Account>(`${one(id)}/${act}`),
}
