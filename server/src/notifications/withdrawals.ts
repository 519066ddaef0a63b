import { type AlarmId, errorMessage } from '@anju/contract'
import type { Actor, Database, Transaction } from '../ports.ts'
import type { Whom, Withdrawals } from '../roster/ports.ts'
import type { Happened, Mover, Whereabouts } from './mover.ts'

const WITHDRAWALS: Actor = { kind: 'system', part: 'withdrawals' }

export interface WithdrawalsOptions {
  readonly database: Database
  readonly mover: Mover
  readonly log: { error(detail: object, message: string): void }
}

export interface RunningWithdrawals extends Withdrawals {
  /** Resolves when what was begun is done. */
  idle(): Promise<void>
}

/**
 * Each attempt in a transaction of its own, after the commit that made it moot: whoever holds the home or the person may not wait
 * for an alarm. One that a crash leaves behind, or that is queued in the same moment, is met by the sender, which looks again
 * right before it sends.
 */
export function createWithdrawals({ database, mover, log }: WithdrawalsOptions): RunningWithdrawals {
  const running = new Set<Promise<void>>()

  async function settle(whom: Whom, happened: Happened): Promise<void> {
    const found = await database.transaction(WITHDRAWALS, (tx) => openFor(tx, whom))
    for (const where of found) await database.transaction(WITHDRAWALS, (tx) => mover.move(tx, where, happened))
  }
  const begin = (tx: Transaction, whom: Whom, happened: Happened): void =>
    tx.afterCommit(() => {
      const work = settle(whom, happened)
        .catch((error: unknown) => log.error({ why: errorMessage(error) }, 'what was queued could not be withdrawn'))
        .finally(() => running.delete(work))
      running.add(work)
    })

  return {
    withdraw: (tx, whom) => begin(tx, whom, { type: 'dismiss' }),
    bury: (tx, where) => begin(tx, where, ADDRESS_DEAD),
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

export const ADDRESS_DEAD: Happened = { type: 'failed', fence: null, why: 'address-dead', addressDead: false }

const openFor = (tx: Transaction, { kind, id, home, way }: Whom): Promise<Whereabouts[]> =>
  tx.query<{ id: string; alarm: AlarmId | null }>(
    OPEN,
    [kind, id, home ?? null, way?.channel ?? null, way?.address ?? null],
    'withdrawals-open',
  )

/** By the alarms that are open, and by what is due: neither grows with the years, as the ledger does. */
const THEIRS = `one.recipient_kind = $1 and one.recipient = $2 and ($3::text is null or one.home = $3)
    and ($4::text is null or (one.channel = $4 and one.address = $5 and one.due_at is not null))
    and one.purpose <> 'stand-down' and one.cancelled_at is null`
const OPEN = `
  select one.id, one.alarm from alarm join notification as one on one.alarm = alarm.id
  where alarm.handling <> 'closed' and one.state in ('queued', 'unknown', 'sent', 'delivered', 'seen') and ${THEIRS}
  union
  select one.id, one.alarm from notification as one where one.due_at is not null and ${THEIRS}
  order by alarm, id`
