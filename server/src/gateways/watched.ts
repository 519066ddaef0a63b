import type { CentreId, GatewayId, HomeId, Instant } from '@anju/contract'
import type { LiveLog, Transaction } from '../ports.ts'
import type { OwnWord } from './own-word.ts'

/** What is so since `since` and was last told as so since `told`; where they differ, something is still to be said. */
export interface Untold {
  /** Two columns that name the row. */
  readonly one: string
  readonly two: string
  readonly type: OwnWord['type']
  readonly home: HomeId
  readonly centre: CentreId
  readonly gateway: GatewayId | null
  readonly placement: string
  readonly device: string
  readonly urgent: boolean
  readonly since: Instant | null
  readonly told: Instant | null
  /** A gateway said the same, and its alarm is open: saying it again would count it twice. */
  readonly known: boolean
}

/** One kind of thing that the centre judges by its own clock, from rows that any number of servers work off. */
export interface Watched {
  /** Nobody could be heard until `since`, so nobody was silent: from then on everyone has time to be heard again. */
  grace(tx: Transaction, since: Instant): Promise<void>
  /** Makes what is overdue true. */
  judge(tx: Transaction, live: LiveLog): Promise<void>
  untold(tx: Transaction, max: number): Promise<readonly Untold[]>
  /** Notes that it was told: of each row, as since when. */
  told(
    tx: Transaction,
    one: readonly string[],
    two: readonly string[],
    since: readonly (string | null)[],
  ): Promise<void>
}
