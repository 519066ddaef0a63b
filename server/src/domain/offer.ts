import { type Instant, type Millis, type PersonId, plus } from '@anju/contract'

export interface Colleague {
  readonly person: PersonId
  readonly name: string
}

/**
 * Whoever holds an alarm wants a colleague to take it on. It hangs on that holding and on nothing else: until the colleague
 * takes it the alarm is its holder's as ever, and whatever ends the holding ends the offer.
 */
export interface Offer {
  readonly to: Colleague
  readonly at: Instant
  /** From then on it is none. It needs no deadline of its own: every renewal of the lease hears the clock, and so does a claim. */
  readonly until: Instant
  readonly note: string | null
}

export const offerTo = (to: Colleague, note: string | null, at: Instant, length: Millis): Offer => ({
  to,
  at,
  until: plus(at, length),
  note,
})

/** By name: wherever they sit, at as many seats as they like. */
export const isOfferedTo = (offer: Offer | null, { person }: Colleague): boolean => offer?.to.person === person

/** An offer holds before its end, not at it: as a lease does. */
export const offerHolds = (offer: Offer, now: Instant): boolean => now < offer.until

/** Somebody in a log: their session is nobody's business there. */
export const named = ({ person, name }: Colleague) => ({ personId: person, name })
