import { absent, type Reading } from '@anju/contract'
import type { Counter } from './memory.ts'

/**
 * A counter only grows. One that steps back is either a glitch or a replaced meter, and only the next reading can tell: until
 * then it is absent, never a negative consumption. If the next one goes on from the low value, the meter was replaced.
 */
export function judgeCounter(
  before: Counter | undefined,
  given: Reading,
): { readonly counter: Counter | undefined; readonly reading: Reading; readonly replaced: boolean } {
  if (given.is === 'absent') return { counter: before, reading: given, replaced: false }
  const { value } = given
  if (before && value === before.last && before.candidate === undefined)
    return { counter: before, reading: given, replaced: false }
  if (!before || value >= before.last) return { counter: { last: value }, reading: given, replaced: false }
  if (before.candidate !== undefined && value >= before.candidate)
    return { counter: { last: value }, reading: given, replaced: true }
  return { counter: { last: before.last, candidate: value }, reading: absent('implausible'), replaced: false }
}
