import { DomainError } from '@anju/contract'
import { absenceNamed } from '../buckets.ts'
import { type LatestPoint, type LatestQuery, latestPointsMax } from '../questions.ts'
import type { Row } from './answer.ts'
import { type Inquiry, numberOf, within } from './inquiry.ts'
import { unitOf } from './line-protocol.ts'

/** A value and a reason of each point, and of some in more than one unit. */
const latestRowsMax = latestPointsMax * 4

export async function askLatest({ wire, scripts, series }: Inquiry, query: LatestQuery): Promise<LatestPoint[]> {
  const bound = within(query)
  const rows = bound ? await wire.query(scripts.latest, { ...series, ...bound }, latestRowsMax) : []
  const newest = new Map<string, LatestPoint>()
  for (const row of rows) {
    const found = pointOf(row)
    if (!found) continue
    const key = `${found.placement}/${found.point}`
    const known = newest.get(key)
    if (!known || holdsAgainst(found, known)) newest.set(key, found)
  }
  if (newest.size > latestPointsMax)
    throw new DomainError('range-too-long', `more than ${latestPointsMax} points in one home`)
  return [...newest.values()].sort((a, b) => order(a.placement, b.placement) || order(a.point, b.point))
}

function pointOf(row: Row): LatestPoint | undefined {
  const { result, field, at, value, placement, point } = row
  const unit = unitOf(field)
  if (unit === undefined || placement === undefined || point === undefined) return undefined
  const named = { placement, point, unit, at }
  return result === 'last'
    ? { ...named, value: numberOf(row) + 0, absent: null }
    : { ...named, value: null, absent: absenceNamed(value) }
}

/** What is newer holds; of one instant a unit's value holds against its reason, and the first unit against the others. */
const holdsAgainst = (one: LatestPoint, other: LatestPoint): boolean =>
  one.at !== other.at
    ? one.at > other.at
    : one.unit === other.unit
      ? other.value === null
      : order(one.unit, other.unit) < 0

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
