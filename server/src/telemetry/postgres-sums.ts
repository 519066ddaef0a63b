import { DomainError } from '@anju/contract'
import type { Actor, Database, Transaction } from '../ports.ts'
import { pieceMs, pieceOf } from './pieces.ts'

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
/**
 * Of one series in one transaction, which takes a fraction of a second then: as long as it lasts, whoever writes something late
 * of this series waits for it.
 */
const samplesAtOnceMax = 50_000
/** When so few take too long, fewer will not help. */
const samplesAtOnceMin = 500
/** So many that cannot be summed are not these series' fault. */
const failuresMax = 20

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
 * Sums what has settled, a transaction for each series, until nothing is due or somebody says stop. Any number of processes may
 * do it at once: each takes what nobody else holds. What takes too long is tried in smaller parts; a series that cannot be summed
 * holds up no other, and is told of when those are done.
 * @throws DomainError `store-unavailable`, or whatever was wrong with the first that could not be summed
 */
export async function sumDue(database: Database, signal?: AbortSignal): Promise<void> {
  /** How many samples at once, of those that took too long. */
  const fewer = new Map<number, number>()
  const failures = new Map<number, unknown>()
  const stopped = () => signal?.aborted === true
  while (!stopped() && failures.size < failuresMax) {
    const held: { series?: number } = {}
    const atOnce = () => fewer.get(held.series ?? 0) ?? samplesAtOnceMax
    try {
      const summed = await database.transaction(actor, (tx) =>
        sumNext(tx, [...failures.keys()], (series) => {
          held.series = series
          return atOnce()
        }),
      )
      if (!summed) break
    } catch (error) {
      if (held.series === undefined || (isAway(error) && !tookTooLong(error))) throw error
      if (tookTooLong(error) && atOnce() > samplesAtOnceMin) fewer.set(held.series, Math.ceil(atOnce() / 2))
      else failures.set(held.series, error)
    }
  }
  for (const failure of failures.values()) throw failure
}

/** The series that waits longest; false when none does. `hold` is told which it is, and answers how many samples may be summed. */
async function sumNext(
  tx: Transaction,
  passedOver: readonly number[],
  hold: (series: number) => number,
): Promise<boolean> {
  const [clock] = await tx.query<{ now: number }>('select (extract(epoch from app_now()) * 1000)::bigint as now')
  const settled = pieceOf((clock?.now ?? 0) - settledAfterMs)
  const [due] = await tx.query<DueSeries>(DUE, [settled - againAfterMs, passedOver])
  if (!due) return false
  const samplesMax = hold(due.id)
  const [found] = await tx.query<Found>(FIND, [due.id, due.summed_to, samplesMax])
  const from = Math.min(settled, pieceOf(found?.first ?? settled))
  // A piece cannot be cut, however much there is in it.
  const end = Math.max(pieceOf(found?.beyond ?? settled), from + pieceMs)
  const to = Math.max(due.summed_to ?? from, Math.min(settled, end))
  await tx.query(SUM, [due.id, from, to])
  await tx.query(SUMMED, [due.id, to])
  return true
}

const isAway = (error: unknown): boolean => error instanceof DomainError && error.code === 'store-unavailable'
/** A statement that runs too long is cancelled, which looks like a database that is away. */
const tookTooLong = (error: unknown): boolean =>
  isAway(error) && ((error as Error).cause as { code?: string } | undefined)?.code === '57014'

interface DueSeries {
  readonly id: number
  readonly summed_to: number | null
}
interface Found {
  /** The first sample that is not summed. */
  readonly first: number | null
  /** The first that is too many. */
  readonly beyond: number | null
}
// In one order everywhere; whoever sums passes over what a writer of something late holds.
const HOLD = `select from series where id = any($1::integer[]) order by id for no key update`
const SUM_AGAIN = `
  select sum_pieces(array_agg(late.series), array_agg(late.piece))
  from unnest($1::integer[], $2::bigint[]) as late(series, piece) join series on series.id = late.series
  where late.piece < series.summed_to
  having count(*) > 0`
// As a writer of something late does: whoever writes something new waits for neither.
const DUE = `
  select id, summed_to from series where (summed_to is null or summed_to < $1) and id <> all($2::integer[])
  order by summed_to nulls first limit 1 for no key update skip locked`
const unsummed = `from measurement where series = $1 and ($2::bigint is null or at >= $2) order by at`
const FIND = `
  select (select at ${unsummed} limit 1) as first, (select at ${unsummed} offset $3 limit 1) as beyond`
const SUM = `
  select sum_pieces(array_agg($1::integer), array_agg(begins))
  from (select distinct piece_of(at) as begins from measurement where series = $1 and at >= $2 and at < $3) as piece
  having count(*) > 0`
const SUMMED = `update series set summed_to = $2 where id = $1`
