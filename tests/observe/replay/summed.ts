import type { Database } from '../../../server/src/ports.ts'
import { sumDue } from '../../../server/src/telemetry/postgres-sums.ts'

/** What a server's writer does in the background, now: all that has settled is summed. Answers how many sums there are. */
export async function summed(database: Database): Promise<number> {
  await sumDue(database)
  const [row] = await database.transaction({ kind: 'system', part: 'replay' }, (tx) =>
    tx.query<{ sums: number }>('select count(*)::integer as sums from measurement_sum'),
  )
  return row?.sums ?? 0
}
