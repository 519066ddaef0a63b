import type { Clock, Random } from '@anju/contract'
import { monotonicFactory } from 'ulid'

/** ULIDs that only grow. Their time part must be positive; a clock that stands before 1970 gets the first millisecond. */
export function newIds(clock: Clock, random: Random): () => string {
  const mint = monotonicFactory(() => random.uniform())
  return () => mint(Math.max(1, clock.now()))
}
