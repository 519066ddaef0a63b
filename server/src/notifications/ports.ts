import type { AlarmId, Instant } from '@anju/contract'
import type { Transaction } from '../ports.ts'

/**
 * Somebody who was asked about an alarm has said whether they go; or has answered, and perhaps another home; or need not go, and
 * could not be told so.
 */
export interface News {
  readonly alarm: AlarmId
  readonly at: Instant
  readonly kind: 'accepted' | 'declined' | 'unclear' | 'untold'
  readonly detail: object
}

/**
 * It goes into the alarm's timeline and to the consoles, in the transaction that saves it, under the alarm's lock.
 * Implemented by `alarms/`.
 */
export interface AlarmNews {
  tell(tx: Transaction, news: News): Promise<void>
}
