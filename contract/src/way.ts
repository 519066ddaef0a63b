import Type, { type Static } from 'typebox'
import { writtenFrom } from './changed.ts'
import { CHANNELS } from './notification.ts'
import { body, nullable, oneOf, PersonsId, Time } from './schema.ts'

/** How somebody is reached. */

/** One number or address of somebody. What is a secret of its owner (a robot's address, a push subscription) is masked. */
export const Way = Type.Object({
  id: Type.String(),
  channel: oneOf(CHANNELS),
  address: Type.String(),
  /** When somebody last answered there; null: nobody has yet. */
  lastProvenOn: nullable(Time),
  /** The provider said that it will not work: not used until it is mended or proven. */
  dead: nullable(Type.Object({ since: Time, why: nullable(Type.String()) })),
})
export type Way = Static<typeof Way>

/** A test message was queued; whoever opens it proves the way. */
export const WayTest = Type.Object({ notificationId: Type.String() })
export type WayTest = Static<typeof WayTest>

/** In their own order, all of them: what is not in the list any more is forgotten. One that stays may be named by its id. */
export const Ways = Type.Array(
  Type.Union([
    body({ id: PersonsId }),
    body({ channel: oneOf(CHANNELS), address: Type.String({ minLength: 1, maxLength: 2_000 }) }),
  ]),
  { maxItems: 20 },
)
export type Ways = Static<typeof Ways>

export const WaysBody = body({ ways: Ways })

/** Somebody of the centre, and how they can be reached away from a console. */
export const Colleague = Type.Object({
  id: Type.String(),
  /** Of their ways: also a browser that they turn on or off by themselves is one more. */
  version: Type.Integer(),
  name: Type.String(),
  role: Type.String(),
  ways: Type.Array(Way),
})
export type Colleague = Static<typeof Colleague>

export const ColleagueWaysBody = body({ ways: Ways, ...writtenFrom })
