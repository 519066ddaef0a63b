import { type Clock, minutes } from '@anju/contract'
import type { Actor, Database } from '../ports.ts'
import { startRounds } from '../rounds.ts'

const HOUSEKEEPING: Actor = { kind: 'system', part: 'housekeeping' }
const every = minutes(5)
const rowsPerTurnMax = 20_000

/** What is kept for a day only: the stream's replay, answers by key; and sessions a month after they ended. */
const SWEEPS = [
  `delete from live_block where ctid in (select ctid from live_block where at < (select app_now()) - interval '25 hours' limit ${rowsPerTurnMax})`,
  `delete from idempotency where ctid in (select ctid from idempotency where at < (select app_now()) - interval '25 hours' limit ${rowsPerTurnMax})`,
  `delete from session where ctid in (select ctid from session where expires_at < (select app_now()) - interval '30 days' limit ${rowsPerTurnMax})`,
]

export function startHousekeeping(
  database: Database,
  clock: Clock,
  log: { error(detail: object, message: string): void },
): { sweep(): Promise<void>; stop(): Promise<void> } {
  const sweep = async () => {
    for (const statement of SWEEPS) await database.transaction(HOUSEKEEPING, (tx) => tx.query(statement))
  }
  const { stop } = startRounds(sweep, { every, clock, database, log, trouble: 'old rows could not be removed' })
  return { sweep, stop }
}
