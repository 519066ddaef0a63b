import { hours, type Instant, minutes, plus } from '@anju/contract'
import { type Span, united } from './span.ts'

/** Who sees today that nobody is there tonight can still ask somebody. */
export const dutyAhead = hours(12)
/** How soon it is looked again: what was found is looked at more often, for it is being mended. */
export const dutyLooksEvery = { well: hours(1), told: minutes(5) } as const

/** Of what is told of a centre and of no home in it. */
const PREFIX = 'duty-'
export const dutyPlacement = (centre: string): string => `${PREFIX}${centre}`
export const dutyAt = (placement: string): string | undefined =>
  placement.startsWith(PREFIX) ? placement.slice(PREFIX.length) : undefined

/** The first time, beginning soon, in which some policy reaches nobody; undefined: there is none. */
export function nextGap(gaps: readonly Span[], now: Instant): Span | undefined {
  return united(gaps).find(({ from }) => from < plus(now, dutyAhead))
}

/** Whether this is still what was told: a gap that has begun, or whose end has moved, is the same one. */
export const isSameGap = (one: Span | undefined, other: Span | undefined): boolean =>
  one === undefined || other === undefined ? one === other : one.from <= other.to && other.from <= one.to
