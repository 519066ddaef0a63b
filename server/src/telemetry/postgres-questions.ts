import { ABSENCES, type Absence, DomainError } from '@anju/contract'
import type { Transaction } from '../ports.ts'
import { activityOf, checkedActivity } from './activity.ts'
import { checkedGaps, tooManyGaps } from './gaps.ts'
import { askPieces } from './postgres-pieces.ts'
import { seriesOf } from './postgres-series.ts'
import {
  type ActivityQuery,
  type ActivityResult,
  type GapQuery,
  type GapResult,
  gapsMax,
  type LatestPoint,
  type LatestQuery,
  latestPointsMax,
} from './questions.ts'

/** The reason behind a number of the table. */
export const reasonOf = (absent: number | null): Absence | null =>
  absent === null ? null : (ABSENCES[absent - 1] ?? 'invalid')

interface LatestRow extends Omit<LatestPoint, 'absent'> {
  readonly absent: number | null
}
export async function askLatest(tx: Transaction, { home, from, to }: LatestQuery): Promise<readonly LatestPoint[]> {
  const rows = await tx.query<LatestRow>(LATEST, [home, from, to, latestPointsMax + 1])
  if (rows.length > latestPointsMax)
    throw new DomainError('range-too-long', `more than ${latestPointsMax} points in one home`)
  return rows.map(({ placement, point, unit, at, value, absent }) => ({
    placement,
    point,
    unit,
    at,
    value: value === null ? null : value + 0,
    absent: reasonOf(absent),
  }))
}

export async function askActivity(tx: Transaction, query: ActivityQuery): Promise<ActivityResult> {
  checkedActivity(query)
  const series = await seriesOf(tx, query)
  const pieces = series ? await askPieces(tx, series, query) : []
  return { unit: series?.unit ?? null, hours: activityOf(pieces, series?.unit ?? null, query) }
}

interface GapRow {
  readonly from: number
  readonly to: number
  readonly absent: number | null
}
export async function askGaps(tx: Transaction, query: GapQuery): Promise<GapResult> {
  checkedGaps(query)
  const { from, to, longerThanMs } = query
  const series = await seriesOf(tx, query)
  if (!series) return { unit: null, gaps: to - from > longerThanMs ? [{ from, to, why: null }] : [] }
  const rows = await tx.query<GapRow>(GAPS, [series.id, from, to, longerThanMs, gapsMax + 1])
  if (rows.length > gapsMax) throw tooManyGaps()
  return { unit: series.unit, gaps: rows.map(({ from, to, absent }) => ({ from, to, why: reasonOf(absent) })) }
}

const LATEST = `
  select distinct on (placement collate "C", point collate "C") placement, point, unit, newest.at, newest.value, newest.absent
  from series cross join lateral (
    select at, value, absent from measurement where series = series.id and at >= $2 and at < $3 order by at desc limit 1
  ) as newest
  where home = $1
  order by placement collate "C", point collate "C", newest.at desc, unit collate "C" limit $4`
const GAPS = `
  with heard as (
    select at, lead(at, 1, $3::bigint) over (order by at) as next
    from measurement where series = $1 and at >= $2 and at < $3 and value is not null
  ), gap as (
    select at as begins, next as ends from heard where next - at > $4::bigint
    union all
    select $2::bigint, coalesce(min(at), $3) from heard having coalesce(min(at), $3) - $2 > $4
  )
  select begins as from, ends as to,
         (select absent from measurement
          where series = $1 and at >= begins and at < ends and absent is not null order by at desc limit 1) as absent
  from gap order by begins limit $5`
