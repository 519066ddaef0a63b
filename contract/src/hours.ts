import Type, { type Static } from 'typebox'
import { body, nullable } from './schema.ts'

/** Times by the clock on the wall. */

/** `HH:MM`, by the clock on the wall. */
export const WallTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })

export const Weekdays = Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
  minItems: 1,
  maxItems: 7,
  uniqueItems: true,
})

/** `to` at or before `from` is on the next day; the same time means 24 hours. 1 is Monday, the day on which it begins. */
export const Hours = body({ days: Weekdays, from: WallTime, to: WallTime })
export type Hours = Static<typeof Hours>

export const HoursList = nullable(Type.Array(Hours, { minItems: 1, maxItems: 21 }))
