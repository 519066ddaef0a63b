import { DomainError } from '@anju/contract'
import { type GapQuery, gapDaysMax, gapLengthMsMin, gapsMax } from './questions.ts'

/** @throws DomainError `request-malformed`, `range-too-long` */
export function checkedGaps({ from, to, longerThanMs }: GapQuery): void {
  if (!Number.isInteger(longerThanMs) || longerThanMs < gapLengthMsMin)
    throw new DomainError('request-malformed', `longerThan: must be at least ${gapLengthMsMin / 1_000} s`)
  if (to - from > gapDaysMax * 86_400_000)
    throw new DomainError('range-too-long', `gaps of more than ${gapDaysMax} days: ask for less`)
}

export const tooManyGaps = () =>
  new DomainError('range-too-long', `more than ${gapsMax} gaps: ask for longer ones, or for less`)
