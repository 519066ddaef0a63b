import Type, { type Static } from 'typebox'
import { Time } from './schema.ts'

/** Whoever holds an alarm holds a lease of it; what only they may do names its token. */

export const Lease = Type.Object({ token: Type.String(), expiresAt: Time })
export type Lease = Static<typeof Lease>

export const leaseField = { lease: Type.String({ minLength: 1, maxLength: 40 }) }
