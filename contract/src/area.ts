import Type, { type Static } from 'typebox'
import { Day, nullable, oneOf } from './schema.ts'

/** The tree of areas, by code and day. */

/** From the top of the tree; the 12 digits of a code are 2 + 2 + 2 + 3 + 3. */
export const AREA_LEVELS = ['province', 'city', 'county', 'street', 'community'] as const
export type AreaLevel = (typeof AREA_LEVELS)[number]

/** The last four are the levels people work at. */
export const AREA_CODE_PATTERN = '^[0-9]{12}$'

const areaFields = {
  code: Type.String(),
  name: Type.String(),
  level: oneOf(AREA_LEVELS),
  validFrom: Day,
  /** Exclusive; null: still so. */
  validTo: nullable(Day),
  /** What it became on that day: another code, or its own under another name. */
  became: nullable(Type.String()),
  /** The centre's homes in it and below it, on the day that was asked for. */
  homes: Type.Integer(),
}

export const AreaNode = Type.Object(areaFields)
export type AreaNode = Static<typeof AreaNode>

export const AreaList = Type.Object({
  on: Day,
  items: Type.Array(AreaNode),
  /** Homes whose code is the parent's own: in none of the children. */
  elsewhere: Type.Integer(),
  nextCursor: Type.Null(),
})
export type AreaList = Static<typeof AreaList>

export const AreaDetail = Type.Object({
  ...areaFields,
  on: Day,
  /** From the province down. */
  ancestors: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), level: oneOf(AREA_LEVELS) })),
})
export type AreaDetail = Static<typeof AreaDetail>
