import Type, { type Static } from 'typebox'
import { body, nullable, Time } from './schema.ts'

/**
 * Two people who change the same thing: each says which version they had read, and the second one is told instead of
 * overwriting what they have never seen. A program that says nothing is answered as ever.
 */

/** Only grows, from 1. */
export const WrittenFrom = Type.Integer({ minimum: 1 })
/** Of what is there. */
export const writtenFrom = { writtenFrom: Type.Optional(WrittenFrom) }
/** Of what may not be there yet; null: there was nothing. */
export const writtenFromOrNone = { writtenFrom: Type.Optional(nullable(WrittenFrom)) }
/** The query of a removal. */
export const Removal = body(writtenFrom)

/** What kept something from being written or removed: its version now (null: it is not there), who made it so, and when, as far as that was kept. */
export const Changed = Type.Object({
  version: nullable(Type.Integer()),
  by: nullable(Type.String()),
  at: nullable(Time),
})
export type Changed = Static<typeof Changed>
