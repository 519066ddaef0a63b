import Type, { type Static } from 'typebox'
import { SeatTaken } from './account.ts'
import { nullable, Time } from './schema.ts'

const Named = Type.Object({ personId: Type.String(), name: Type.String() })

/** An alarm from hand to hand: it is `by`'s until `to` claims it, says that they cannot, or `until` has come. */
export const Offer = Type.Object({
  to: Named,
  by: Named,
  at: Time,
  until: Time,
  /** What they should know. */
  note: nullable(Type.String()),
})
export type Offer = Static<typeof Offer>

/** Somebody who looks at the queue now and may take an alarm from it. */
export const AtConsole = Type.Object({
  personId: Type.String(),
  name: Type.String(),
  role: Type.String(),
  /** Those at which they say that they sit, by name: a person may have two browsers. */
  seats: Type.Array(SeatTaken),
})
export type AtConsole = Static<typeof AtConsole>
/** An alarm nobody has taken that the escalation asks for at the caller's seat, and since when. Who it is about is not said here. */
export const AskedOfSeat = Type.Object({ alarm: Type.String(), at: Time })
export type AskedOfSeat = Static<typeof AskedOfSeat>
