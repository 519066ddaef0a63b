import { assertNever } from '@anju/contract'
import type { Condition } from '@anju/contract/api'

/** What is said of the thing itself; who handles it is a machine of its own, and neither knows the other. */
export type ConditionInput = 'raised' | 'returned' | 'unheard'

/** `unheard`: the device or its gateway fell silent. A return stays a return when nobody can be heard any more. */
export function condition(now: Condition, input: ConditionInput): Condition {
  switch (input) {
    case 'raised':
      return 'active'
    case 'returned':
      return 'returned'
    case 'unheard':
      return now === 'active' ? 'unknown' : now
    default:
      return assertNever(input)
  }
}
