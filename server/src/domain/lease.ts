import { type Instant, type Millis, type PersonId, plus, type SessionId } from '@anju/contract'

/** Who takes an alarm: a session, not an account. A second session of one person is another claimant. */
export interface Claimant {
  readonly person: PersonId
  readonly name: string
  readonly session: SessionId
}

/** A claim that ends by itself. Its token is a fence: it only grows, and what carries an older one is refused. */
export interface Lease {
  readonly token: number
  readonly by: Claimant
  readonly until: Instant
}

export const grant = (by: Claimant, fence: number, now: Instant, length: Millis): Lease => ({
  token: fence + 1,
  by,
  until: plus(now, length),
})

export const extend = (lease: Lease, now: Instant, length: Millis): Lease => ({ ...lease, until: plus(now, length) })

/** A lease holds before its end, not at it. */
export const holdsUntil = (lease: Lease, now: Instant): boolean => now < lease.until

export const sameClaimant = (one: Claimant, other: Claimant): boolean => one.session === other.session
