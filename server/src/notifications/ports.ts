import type { AlarmId, Instant } from '@anju/contract'
import type { Transaction } from '../ports.ts'

/** Somebody who was asked about an alarm has said whether they go. */
export interface Answered {
  readonly alarm: AlarmId
  readonly at: Instant
  readonly kind: 'accepted' | 'declined'
  readonly detail: Readonly<Record<string, unknown>>
}

/**
 * An answer goes into the alarm's timeline and to the consoles, in the transaction that saves it, under the alarm's lock.
 * Implemented by `alarms/`.
 */
export interface AlarmNews {
  answered(tx: Transaction, news: Answered): Promise<void>
}
