import { DomainError, errorMessage, type Instant, parseInstant } from '@anju/contract'
import Type from 'typebox'

/** Of a query: a range that takes its beginning and leaves its end. */
export const RANGE = {
  from: Type.Optional(Type.String({ maxLength: 40 })),
  to: Type.Optional(Type.String({ maxLength: 40 })),
}
export interface GivenRange {
  readonly from?: string
  readonly to?: string
}
export interface Range {
  readonly from: Instant
  readonly to: Instant
}

/** @throws DomainError `time-malformed`, `request-malformed` for a range that holds nothing; both name the field */
export function rangeOf(given: GivenRange, otherwise: { to: Instant; from(to: Instant): Instant }): Range {
  const to = given.to === undefined ? otherwise.to : instantOf('to', given.to)
  const from = given.from === undefined ? otherwise.from(to) : instantOf('from', given.from)
  if (to <= from) throw new DomainError('request-malformed', 'from: must be before to')
  return { from, to }
}

function instantOf(field: string, text: string): Instant {
  try {
    return parseInstant(text)
  } catch (error) {
    throw new DomainError('time-malformed', `${field}: ${errorMessage(error)}`, {}, { cause: error })
  }
}
