import type { Transaction } from '../ports.ts'
import { inPieces, type Piece, pieceFrom, pieceOf } from './pieces.ts'
import type { Series } from './postgres-series.ts'

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
/**
 * What lies in [begins, ends), piece by piece: where a range's pieces are is said by `placesOf`. Each of the three is read from
 * its primary key, in the order of time.
 */
const piecesIn = (begins: string, ends: string) => `
    ${samplesIn(`greatest(${begins}, $2::bigint)`, `least(${ends}, $3::bigint)`)}
    union all
    select at, count, sum, min, max from measurement_sum
    where series = $1 and at >= greatest(${begins}, $3::bigint) and at < least(${ends}, $4::bigint)
    union all
    ${samplesIn(`greatest(${begins}, $4::bigint)`, `least(${ends}, $5::bigint)`)}`
function samplesIn(from: string, to: string): string {
  return `select piece_of(at) as at, count(value)::integer as count, sum(value order by at) as sum, min(value) as min, max(value) as max
    from measurement where series = $1 and at >= ${from} and at < ${to} group by 1`
}
// A step at a time, so that nothing but the pieces of one step is ever sorted; what was last is the last sample itself.
const STEPS = `
  select step::integer, said.*,
         (select value from measurement where series = $1 and at >= greatest(begins, $2) and at < least(ends, $5) and value is not null
          order by at desc limit 1) as last,
         case when said.count = 0 then
           (select absent from measurement where series = $1 and at >= greatest(begins, $2) and at < least(ends, $5) order by at desc limit 1)
         end as absent
  from (
    select begins, lead(begins, 1, $5::bigint) over (order by step) as ends, step
    from unnest($6::bigint[]) with ordinality as given(begins, step)
  ) as steps cross join lateral (
    select sum(count)::integer as count, sum(sum order by at) / nullif(sum(count), 0)::float8 as mean, min(min) as min, max(max) as max
    from (${piecesIn('begins', 'ends')}) as piece
  ) as said
  where said.count is not null`
const VALUES_OF_PIECES = `
  select at, count, min, max,
         (select value from measurement where series = $1 and measurement.at >= greatest(piece.at, $2) and measurement.at < least(piece.at + 300000, $5) and value is not null
          order by measurement.at desc limit 1) as last
  from (${piecesIn('$2', '$5')}) as piece where count > 0 order by at`
