import Type, { type TSchema } from 'typebox'

/** Short words for the schemas of this folder. */

/** The element type is stated by hand: a union built from an array, not a tuple, would otherwise be `never`. */
export const oneOf = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))))
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** RFC 3339 in UTC with milliseconds. */
export const Time = Type.String({ format: 'date-time' })
/** What a caller sends: a misspelt field is refused, not dropped. */
export const body = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })

/** Of whoever works here or is around a home, and of what is planned for them. */
export const PersonsId = Type.String({ minLength: 1, maxLength: 64 })
