import Type, { type Static } from 'typebox'
import { ABSENCES } from './reading.ts'
import { nullable, oneOf, Time } from './schema.ts'

/** What an answer about one point over a range begins with. */
const OF_A_POINT = {
  homeId: Type.String(),
  placement: Type.String(),
  point: Type.String(),
  unit: nullable(Type.String()),
  /** What is told of: with steps of five minutes and multiples of it the range that was asked for, widened to whole ones. */
  from: Time,
  to: Time,
}

/** One step of a series: what the samples in [t, t + every) say, and why there are none where there are none. */
export const Bucket = Type.Object({
  t: Time,
  count: Type.Integer(),
  mean: nullable(Type.Number()),
  min: nullable(Type.Number()),
  max: nullable(Type.Number()),
  last: nullable(Type.Number()),
  absent: nullable(oneOf(ABSENCES)),
})
export type Bucket = Static<typeof Bucket>
export const MeasurementAnswer = Type.Object({
  ...OF_A_POINT,
  /** Seconds; 0 for the raw samples. */
  everyS: Type.Number(),
  items: Type.Array(Bucket),
  nextCursor: Type.Null(),
})
export type MeasurementAnswer = Static<typeof MeasurementAnswer>

/** What each point of a home said last, in the order of placement and point. */
export const LatestAnswer = Type.Object({
  homeId: Type.String(),
  items: Type.Array(
    Type.Object({
      placement: Type.String(),
      point: Type.String(),
      unit: Type.String(),
      t: Time,
      value: nullable(Type.Number()),
      absent: nullable(oneOf(ABSENCES)),
    }),
  ),
  nextCursor: Type.Null(),
})
export type LatestAnswer = Static<typeof LatestAnswer>

/**
 * The 24 hours of a home's day over a range: of `steps` of five minutes `heard` had a value, and in `active` of those something
 * changed. Where nothing was heard nobody can tell: the routine is `active` of `heard`.
 */
export const ActivityAnswer = Type.Object({
  ...OF_A_POINT,
  items: Type.Array(
    Type.Object({
      hour: Type.Integer(),
      steps: Type.Integer(),
      heard: Type.Integer(),
      active: Type.Integer(),
      samples: Type.Integer(),
    }),
  ),
  nextCursor: Type.Null(),
})
export type ActivityAnswer = Static<typeof ActivityAnswer>

/** Where a point had no value for longer than asked, and the last reason it gave; null when it gave none. */
export const GapAnswer = Type.Object({
  ...OF_A_POINT,
  longerThanS: Type.Number(),
  items: Type.Array(Type.Object({ from: Time, to: Time, why: nullable(oneOf(ABSENCES)) })),
  nextCursor: Type.Null(),
})
export type GapAnswer = Static<typeof GapAnswer>
