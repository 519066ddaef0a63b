import Type, { type Static } from 'typebox'
import { body } from './schema.ts'

/** How a browser is made a way to reach the person who uses it. */

/** What `PushSubscription.toJSON()` gives. */
export const SubscriptionBody = body({
  endpoint: Type.String({ minLength: 1, maxLength: 1_500, pattern: '^https://' }),
  expirationTime: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
  keys: body({
    p256dh: Type.String({ pattern: '^[A-Za-z0-9_=-]{80,100}$' }),
    auth: Type.String({ pattern: '^[A-Za-z0-9_=-]{20,30}$' }),
  }),
})
export type SubscriptionBody = Static<typeof SubscriptionBody>

export const PushAnswer = Type.Object({
  /** The `applicationServerKey` to subscribe with. */
  publicKey: Type.String(),
  /** Whether anybody would ever send something to this account: a relative's must be one of the home's contacts. */
  asked: Type.Boolean(),
})
export type PushAnswer = Static<typeof PushAnswer>
