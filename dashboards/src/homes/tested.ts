import type { Contact, Way } from '@anju/contract/api'

export interface SentTest {
  /** The day on which the way had been proven before. */
  readonly provenBefore: string | null
  readonly sentAtMs: number
}
/** The ways that were tested from this page. */
export type Tested = ReadonlyMap<string, SentTest>

/** Who is on the telephone with the contact sees at once that it arrived; after that nobody sits and waits for it. */
export const awaitedForMs = 120_000
/** Each look is written down: often enough to see what another has changed, and more often while an answer is awaited. */
const everyMs = 60_000
const everyWhileAwaitingMs = 5_000

/** A test was sent there, and nobody has opened or answered it yet. */
export function isTested({ id, lastProvenOn }: Way, tested: Tested): boolean {
  const test = tested.get(id)
  return test !== undefined && test.provenBefore === lastProvenOn
}

/** Until when an answer to any of the tests is awaited; 0: there is none to await. */
export function awaitedUntilMs(contacts: readonly Contact[], tested: Tested): number {
  const waiting = contacts
    .flatMap(({ ways = [], accountWays = [] }) => [...accountWays, ...ways])
    .filter((way) => isTested(way, tested))
  return Math.max(0, ...waiting.map(({ id }) => (tested.get(id)?.sentAtMs ?? 0) + awaitedForMs))
}

export const readEveryMs = (awaitedUntil: number, now: number): number =>
  now < awaitedUntil ? everyWhileAwaitingMs : everyMs
