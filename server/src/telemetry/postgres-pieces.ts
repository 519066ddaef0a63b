import type { Transaction } from '../ports.ts'
import { inPieces, type Piece, pieceFrom, pieceOf } from './pieces.ts'
import type { Series } from './postgres-questions.ts'

export interface BucketRow {
  readonly step: number
  readonly at: number
  readonly count: number
  readonly mean: number | null
  readonly min: number | null
  readonly max: number | null
  readonly last: number | null
  readonly absent: number | null
}
interface Range {
  readonly from: number
  readonly to: number
}

/** The steps that have anything, numbered from 1. */
export function askSteps(
  tx: Transaction,
  series: Series,
  { from, to }: Range,
  steps: readonly number[],
): Promise<BucketRow[]> {
  if (!inPieces(steps)) return tx.query(SHORT_STEPS, [series.id, from, to, steps])
  return tx.query(STEPS, [...placesOf(series, { from, to }), steps])
}

export const askPieces = (tx: Transaction, series: Series, range: Range): Promise<Piece[]> =>
  tx.query(VALUES_OF_PIECES, placesOf(series, range))

/** Where a range's pieces are: samples [from, sums), sums [sums, rest), samples [rest, to). A piece that a range cuts is not summed. */
function placesOf({ id, summed_to }: Series, { from, to }: Range): number[] {
  const first = pieceFrom(from)
  const end = Math.min(summed_to ?? first, pieceOf(to))
  return first < end ? [id, from, first, end, to] : [id, from, from, from, to]
}

// A sum depends on the order of what is summed: it is the order of time, so that any store answers the same digits.
const SHORT_STEPS = `
  select width_bucket(at, $4::bigint[]) as step, count(value)::integer as count, avg(value order by at) as mean, min(value) as min,
         max(value) as max, (array_agg(value order by at desc) filter (where value is not null))[1] as last,
         case when count(value) = 0 then (array_agg(absent order by at desc))[1] end as absent
  from measurement where series = $1 and at >= $2 and at < $3 group by 1`
const summed = (from: string, to: string) => `
    select piece_of(at) as at, count(value)::integer as count, sum(value order by at) as sum, min(value) as min, max(value) as max,
           (array_agg(value order by at desc) filter (where value is not null))[1] as last,
           (array_agg(absent order by at desc) filter (where absent is not null))[1] as absent
    from measurement where series = $1 and at >= ${from}::bigint and at < ${to}::bigint group by 1`
const PIECES = `
  with piece as (
    ${summed('$2', '$3')}
    union all
    select at, count, sum, min, max, last, absent from measurement_sum where series = $1 and at >= $3 and at < $4
    union all
    ${summed('$4', '$5')}
  )`
const STEPS = `${PIECES}
  select width_bucket(at, $6::bigint[]) as step, sum(count)::integer as count, sum(sum order by at) / nullif(sum(count), 0)::float8 as mean,
         min(min) as min, max(max) as max, (array_agg(last order by at desc) filter (where count > 0))[1] as last,
         case when sum(count) = 0 then (array_agg(absent order by at desc))[1] end as absent
  from piece group by 1`
const VALUES_OF_PIECES = `${PIECES}
  select at, count, min, max, last from piece where count > 0 order by at`
