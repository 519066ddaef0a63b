import type { Actor, Database, Transaction } from '../ports.ts'
import { pieceOf } from './pieces.ts'

const actor: Actor = { kind: 'system', part: 'telemetry' }

/** What is older when it comes may have been summed already. */
export const lateAfterMs = 3_600_000
/**
 * What is younger is not summed yet: whoever writes a sample that is not late looks at no sum, and must be done long before
 * somebody sums it.
 */
const settledAfterMs = 2 * lateAfterMs
/** A series is summed once a day, so that a question never reads more samples than a day's. */
const againAfterMs = 86_400_000
/** Of one series in one transaction: a meter that is asked every ten seconds has ninety thousand samples in it. */
const spanMsMax = 10 * 86_400_000
const seriesPerRunMax = 50

export interface LatePiece {
  readonly series: number
  readonly piece: number
}

/** Sums again what was summed before these came. Their series are held, so that whoever sums them next sees what came. */
export async function sumAgain(tx: Transaction, late: readonly LatePiece[]): Promise<void> {
  await tx.query(HOLD, [[...new Set(late.map(({ series }) => series))]])
  await tx.query(SUM_AGAIN, [late.map(({ series }) => series), late.map(({ piece }) => piece)])
}

/**
 * Sums what has settled, of some series; answers how many there were, 0 when everything is summed. Any number of processes
 * may do it at once: each takes series that nobody else has.
 */
export function sumSome(database: Database, seriesMax = seriesPerRunMax): Promise<number> {
  return database.transaction(actor, async (tx) => {
    const [clock] = await tx.query<{ now: number }>('select (extract(epoch from app_now()) * 1000)::bigint as now')
    const settled = pieceOf((clock?.now ?? 0) - settledAfterMs)
    const due = await tx.query<DueSeries>(DUE, [settled - againAfterMs, seriesMax])
    for (const { id, summed_to } of due) {
      const [first] = await tx.query<{ at: number | null }>(FIRST_AFTER, [id, summed_to])
      const from = Math.min(settled, pieceOf(first?.at ?? settled))
      const to = Math.max(summed_to ?? from, Math.min(settled, from + spanMsMax))
      await tx.query(SUM, [id, from, to])
    }
    return due.length
  })
}

interface DueSeries {
  readonly id: number
  readonly summed_to: number | null
}
// In one order everywhere; whoever sums passes over what a writer of something late holds.
const HOLD = `select from series where id = any($1::integer[]) order by id for no key update`
const SUM_AGAIN = `
  select sum_pieces(array_agg(late.series), array_agg(late.piece))
  from unnest($1::integer[], $2::bigint[]) as late(series, piece) join series on series.id = late.series
  where late.piece < series.summed_to
  having count(*) > 0`
const DUE = `
  select id, summed_to from series where summed_to is null or summed_to < $1
  order by summed_to nulls first limit $2 for update skip locked`
const FIRST_AFTER = `select min(at) as at from measurement where series = $1 and ($2::bigint is null or at >= $2)`
const SUM = `
  with fresh as (
    insert into measurement_sum (series, at, centre, count, sum, min, max, last, absent)
    select $1, piece_of(at), (select centre from series where id = $1), count(value), sum(value order by at), min(value), max(value),
           (array_agg(value order by at desc) filter (where value is not null))[1],
           (array_agg(absent order by at desc) filter (where absent is not null))[1]
    from measurement where series = $1 and at >= $2::bigint and at < $3::bigint group by 2
  )
  update series set summed_to = $3 where id = $1`
