/**
 * The bookkeeping of presses: what the button's side saw (published, PUBACKed or not) against what the centre has
 * (occurrences with the gateway's heardAt). Both sides are on one machine and so on one clock.
 */
export interface Press {
  readonly placement: string
  readonly sentAt: number
  /** The PUBACK; undefined when the gateway died first. */
  ackedAt?: number
  /** When the connection it was on ended. */
  brokenAt?: number
}
export interface Seen {
  readonly placement: string
  readonly heardAt: number
}
export interface Ledger {
  readonly acked: number
  /** Published, never PUBACKed: may be an occurrence or not, never two. */
  readonly unacked: number
  readonly unackedYetStored: number
  readonly occurrences: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  /** Occurrences nobody pressed for. */
  readonly unexplained: readonly string[]
}

/** Clocks are read before and after the thing itself; instants carry whole milliseconds. */
const slackMs = 3

/** Presses of one placement must not overlap: the caller keeps them a second apart. */
export function settleAccounts(presses: readonly Press[], seen: readonly Seen[]): Ledger {
  const counts = new Map<Press, number>()
  const unexplained: string[] = []
  for (const { placement, heardAt } of seen) {
    const press = presses.find(
      (one) =>
        one.placement === placement &&
        heardAt >= one.sentAt - slackMs &&
        heardAt <= (one.ackedAt ?? one.brokenAt ?? Number.POSITIVE_INFINITY) + slackMs,
    )
    if (press) counts.set(press, (counts.get(press) ?? 0) + 1)
    else unexplained.push(`${placement} heard at ${new Date(heardAt).toISOString()}`)
  }
  const name = ({ placement, sentAt }: Press) => `${placement} pressed at ${new Date(sentAt).toISOString()}`
  const acked = presses.filter(({ ackedAt }) => ackedAt !== undefined)
  const unacked = presses.filter(({ ackedAt }) => ackedAt === undefined)
  return {
    acked: acked.length,
    unacked: unacked.length,
    unackedYetStored: unacked.filter((press) => counts.has(press)).length,
    occurrences: seen.length,
    lost: acked.filter((press) => !counts.has(press)).map(name),
    doubled: presses.filter((press) => (counts.get(press) ?? 0) > 1).map(name),
    unexplained,
  }
}
