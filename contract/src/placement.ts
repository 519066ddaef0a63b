import Type, { type Static } from 'typebox'
import { SLUG_PATTERN } from './ids.ts'
import { body, nullable } from './schema.ts'

/** A role in a home ("SOS button, bathroom"); it outlives the device in it. */

export const Placement = Type.Object({
  id: Type.String(),
  name: Type.String(),
  room: Type.String(),
  profile: nullable(Type.String()),
  points: Type.Array(Type.Object({ point: Type.String(), quantity: Type.String(), unit: Type.String() })),
})
export type Placement = Static<typeof Placement>

/** A device goes into service: from now on its silence is an event, also when it never says a word. */
export const PlacementBody = body({
  id: Type.String({ pattern: SLUG_PATTERN }),
  name: Type.String({ minLength: 1, maxLength: 80 }),
  room: Type.String({ maxLength: 80 }),
  profile: Type.String({ pattern: '^[a-z0-9-]+/[a-z0-9-]+$', maxLength: 80 }),
  /** The gateway that hears it; without one, the home's only gateway. */
  gatewayId: Type.Optional(Type.String({ maxLength: 64 })),
  lostAfterS: Type.Optional(Type.Integer({ minimum: 60 })),
  life: Type.Optional(Type.Boolean()),
})
export type PlacementBody = Static<typeof PlacementBody>

export const PlacementAnswer = Type.Intersect([
  Placement,
  Type.Object({ gatewayId: nullable(Type.String()), life: Type.Boolean(), lostAfterS: Type.Integer() }),
])
export type PlacementAnswer = Static<typeof PlacementAnswer>
