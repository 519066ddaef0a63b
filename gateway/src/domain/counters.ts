import { absent, definitionOf, hours, type Instant, type Quantity, type Reading } from '@anju/contract'
import type { Counter } from './memory.ts'
import type { OddityKind } from './oddities.ts'

export interface JudgedCounter {
  readonly counter: Counter | undefined
  readonly reading: Reading
  readonly oddity?: OddityKind
}

/** Readings come late and clocks are set: so much growth is always possible, whatever time seems to have passed. */
const graceHours = 1

/**
 * A counter only grows, and no faster than a home can use. One that steps back or jumps is either a glitch or another meter,
 * and only the next reading can tell: until then it is absent, never a negative consumption nor a false one. If the next one
 * goes on from there, the meter was replaced.
 */
export function judgeCounter(
  quantity: Quantity,
  before: Counter | undefined,
  given: Reading,
  at: Instant,
): JudgedCounter {
  if (given.is === 'absent') return { counter: before, reading: given }
  const { value } = given
  const taken = { counter: { last: value, at }, reading: given }
  if (!before || follows(quantity, before.last, before.at, value, at)) return taken
  const { candidate } = before
  if (candidate !== undefined && follows(quantity, candidate, before.at, value, at))
    return { ...taken, oddity: 'register-replaced' }
  return {
    counter: { ...before, candidate: value },
    reading: absent('implausible'),
    oddity: value < before.last ? 'register-back' : 'register-jumped',
  }
}

function follows(quantity: Quantity, last: number, lastAt: Instant | undefined, value: number, at: Instant): boolean {
  if (value < last) return false
  const { risePerHourMax } = definitionOf(quantity)
  // A gateway before this rule kept no times: what it last knew may be a year old.
  if (risePerHourMax === undefined || lastAt === undefined) return true
  const passedHours = Math.max(0, at - lastAt) / hours(1)
  return value - last <= risePerHourMax * (passedHours + graceHours)
}
