import Type, { type TOptional, type TSchema } from 'typebox'

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
/** A person's, a seat's. */
export const Name = Type.String({ minLength: 1, maxLength: 100 })
/** A calendar day, `YYYY-MM-DD`. */
export const Day = Type.String({ format: 'date' })
export const line = (lengthMax: number, lengthMin = 0) => Type.String({ minLength: lengthMin, maxLength: lengthMax })

/** Each may be left out: of a change, and of what has a default. */
export const optional = <T extends Record<string, TSchema>>(properties: T) =>
  Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, Type.Optional(schema)])) as {
    [K in keyof T]: TOptional<T[K]>
  }
