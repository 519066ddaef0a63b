import { type Clock, minutes } from '@anju/contract'
import type { Actor, Database } from '../ports.ts'
import { startRounds } from '../rounds.ts'
import { refreshFinding } from './search.ts'

const FINDING: Actor = { kind: 'system', part: 'finding' }
const every = minutes(1)
const homesAtOnceMax = 500

/**
 * Makes homes findable that somebody wrote without knowing how (an older server, a gateway's own empty home): once at the
 * start, then every minute. Several servers may do it beside each other; they come to the same.
 */
export function startFindable(
  database: Database,
  clock: Clock,
  log: { error(detail: object, message: string): void },
): { catchUp(): Promise<void>; stop(): Promise<void> } {
  const catchUp = async (isStopping = () => false) => {
    for (let found = homesAtOnceMax; found === homesAtOnceMax && !isStopping(); )
      found = await database.transaction(FINDING, async (tx) => {
        const rows = await tx.query<{ id: string }>(
          `select id from home where find_name is null order by id limit ${homesAtOnceMax} for no key update skip locked`,
        )
        await refreshFinding(
          tx,
          rows.map(({ id }) => id),
        )
        return rows.length
      })
  }
  const rounds = startRounds(catchUp, { every, clock, database, log, trouble: 'homes could not be made findable' })
  rounds.wake()
  return { catchUp, stop: rounds.stop }
}
