import { DomainError } from '@anju/contract'
import type { Dlt645Data } from '../protocols/dlt645/exchange.ts'
import { identifierOf, readValues } from '../protocols/dlt645/identifiers.ts'
import type { Dialect } from '../protocols/dlt645/message.ts'
import type { Decoded } from '../src/profile.ts'

/**
 * Of a single-phase meter only the first value of an answer means anything: the total, or phase A. In the blocks it fills
 * phases B and C with zeros, which are no power cut. `points`: data identifier → what its first value is.
 */
export const firstValue =
  <Point extends string>(dialect: Dialect, points: Readonly<Record<string, Point>>) =>
  ({ di, data }: Dlt645Data): Decoded => {
    const point = points[di]
    const identifier = identifierOf(dialect, di)
    if (!point || !identifier)
      throw new DomainError('frame-unknown', `data identifier ${di} is none of this meter's`, { di })
    const [first] = readValues(identifier, data).values
    return { readings: first ? { [point]: first.reading } : {}, events: [] }
  }
