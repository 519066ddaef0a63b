import type { Contact, Way } from '@anju/contract/api'

/** The ways that were tested from this page, each with the day on which it had been proven before. */
export type Tested = ReadonlyMap<string, string | null>

/** A test was sent there, and nobody has opened or answered it yet. */
export const isTested = ({ id, lastProvenOn }: Way, tested: Tested): boolean =>
  tested.has(id) && tested.get(id) === lastProvenOn

export const isAwaited = (contacts: readonly Contact[], tested: Tested): boolean =>
  contacts.flatMap(({ ways = [], accountWays = [] }) => [...accountWays, ...ways]).some((way) => isTested(way, tested))
