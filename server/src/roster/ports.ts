import type { CentreId, EventClass, HomeId, Instant } from '@anju/contract'
import type { Channel, ContactOutcome, Language, OfferedResponder } from '@anju/contract/api'
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
  /** An address is dead: what else is queued there has failed. */
  bury(tx: Transaction, where: Whom & Required<Pick<Whom, 'way'>>): void
}

/** A call that an operator made to a contact. */
export interface Call {
  readonly contact: string
  readonly outcome: ContactOutcome
  /** Which of their numbers; undefined when nobody said. */
  readonly way?: string | undefined
}

/** An alarm, as far as it matters to who goes there, and the centre that asks them. */
export interface Concerned {
  readonly home: HomeId
  readonly centre: CentreId
  readonly case: { readonly class: EventClass }
}

/** The people around an alarm, as far as its commands and its page concern them; in the alarm's own transaction. */
export interface PeopleAround {
  /** How it went is kept of the contact, and of the number. @throws DomainError `contact-unknown`, `way-unknown`. */
  called(tx: Transaction, home: HomeId, call: Call): Promise<void>
  /** Whether somebody may be said to be on their way. @throws DomainError `responder-unknown`, `consent-withdrawn`. */
  goes(tx: Transaction, who: Concerned & { readonly responder: string }): Promise<void>
  /** Whom an operator of the centre can ask to go to the home, who should be asked first in front. */
  offered(tx: Transaction, whose: Concerned, now: Instant): Promise<OfferedResponder[]>
}

/** Somebody at one of their numbers or addresses. */
export interface Addressee {
  readonly kind: OwnerKind
  readonly id: string
  readonly name: string
  readonly language: Language
  readonly centre: CentreId
  readonly home: HomeId | null
  readonly channel: Channel
  readonly address: string
}

/** What is told without an alarm. Implemented by `notifications/`. */
export interface Notices {
  /**
   * Queues a message that asks only to be opened, which proves the way. While one to the same address is a minute old, it is
   * that one. @returns its id.
   */
  testWay(tx: Transaction, to: Addressee): Promise<string>
}
