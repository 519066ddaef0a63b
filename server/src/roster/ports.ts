import type { HomeId } from '@anju/contract'
import type { Channel } from '@anju/contract/api'
import type { Transaction } from '../ports.ts'
import type { OwnerKind } from './rows.ts'

/** Somebody who is not to be told any more. */
export interface Whom {
  readonly kind: OwnerKind
  readonly id: string
  /** Of this home's alarms; of none anywhere when it is not given. */
  readonly home?: HomeId
  /** There only. */
  readonly way?: { readonly channel: Channel; readonly address: string }
}

/** Told in the transaction that made it true; done right after its commit. Implemented by `notifications/`. */
export interface Withdrawals {
  /** What was queued for them does not leave any more, and no alarm waits for their answer. */
  withdraw(tx: Transaction, whom: Whom): void
}
