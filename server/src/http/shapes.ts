import Type, { type TSchema } from 'typebox'

/** Short words for the schemas of routes. */

export const Id = Type.String({ minLength: 1, maxLength: 64 })
export const NoBody = Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })])
export const Cursor = Type.Object(
  { cursor: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
)
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) })

/** A list that is never longer than a page. */
export const whole = <T>(items: T[]) => ({ items, nextCursor: null })
