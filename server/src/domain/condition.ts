import { assertNever } from '@anju/contract'
import type { Condition } from '@anju/contract/api'

/** What is said of the thing itself; who handles it is a machine of its own, and neither knows the other. */
export type ConditionInput = 'raised' | 'returned' | 'unheard' | 'heard'

/**
 * `unheard`: the device or its gateway fell silent. A return stays a return when nobody can be heard any more. `heard`: the
 * gateway is back, and what it last said of the thing holds again; had it ended meanwhile, the gateway has that on its disk.
 */
export function condition(now: Condition, input: ConditionInput): Condition {
  switch (input) {
    case 'raised':
      return 'active'
    case 'returned':
      return 'returned'
    case 'unheard':
      return now === 'active' ? 'unknown' : now
    case 'heard':
      return now === 'unknown' ? 'active' : now
    default:
      return assertNever(input)
  }
}
