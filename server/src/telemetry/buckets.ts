import { ABSENCES, type Absence, formatInstant, instant } from '@anju/contract'
import type { Bucket } from '@anju/contract/api'

export interface Said {
  readonly count: number
  readonly mean: number | null
  readonly min: number | null
  readonly max: number | null
  readonly last: number | null
  readonly absent: Absence | null
}
const nothing: Said = { count: 0, mean: null, min: null, max: null, last: null, absent: 'not-reported' }

/** −0 is what some stores keep and JSON does not: here it is 0, whichever store it came from. */
const plain = (value: number | null): number | null => (value === null ? null : value + 0)

export const bucketAt = (at: number, { count, mean, min, max, last, absent }: Said): Bucket => ({
  t: formatInstant(instant(at)),
  count,
  mean: plain(mean),
  min: plain(min),
  max: plain(max),
  last: plain(last),
  absent,
})
export const nothingAt = (at: number): Bucket => bucketAt(at, nothing)
export const valueAt = (at: number, value: number): Bucket =>
  bucketAt(at, { count: 1, mean: value, min: value, max: value, last: value, absent: null })
export const absenceAt = (at: number, absent: Absence): Bucket => bucketAt(at, { ...nothing, absent })

/** A reason that a newer version wrote is still a reason. */
export const absenceNamed = (text: string): Absence => ABSENCES.find((why) => why === text) ?? 'invalid'
