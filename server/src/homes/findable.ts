import { type Clock, errorMessage, minutes } from '@anju/contract'
import type { Actor, Database } from '../ports.ts'
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
  let running: Promise<void> | undefined
  const stopped = new AbortController()
  const catchUp = async () => {
    for (let found = homesAtOnceMax; found === homesAtOnceMax && !stopped.signal.aborted; )
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
  const turn = () => {
    running ??= catchUp()
      .catch((error: unknown) => {
        if (database.healthy) log.error({ why: errorMessage(error) }, 'homes could not be made findable')
      })
      .finally(() => {
        running = undefined
      })
  }
  turn()
  const timer = clock.every(every, turn)
  return {
    catchUp,
    async stop() {
      stopped.abort()
      timer.cancel()
      await running
    },
  }
}
