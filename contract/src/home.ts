import Type, { type Static } from 'typebox'
import { AREA_CODE_PATTERN } from './area.ts'
import { writtenFrom } from './changed.ts'
import { CONSENT_PURPOSES } from './consent.ts'
import { Contact } from './contact.ts'
import { GatewayStatus } from './gateway.ts'
import { PLACE_LIMITS } from './place-limits.ts'
import { Placement } from './placement.ts'
import { Resident } from './resident.ts'
import { body, line, nullable, oneOf, optional, Time } from './schema.ts'

/** A household, with its own time zone. */

export const Home = Type.Object({
  id: Type.String(),
  name: Type.String(),
  timeZone: Type.String(),
  address: Type.String(),
  mode: Type.String(),
  modeUntil: nullable(Time),
  /** Grows with every correction of what can be corrected of it; its mode is none. */
  version: Type.Integer(),
  /** What the resident has not agreed that this reader is told: it is left out, and `mode` says `withheld`. */
  withheld: Type.Optional(oneOf(CONSENT_PURPOSES)),
  /** A hit of a search: the name and the address are covered until the home itself is opened, and so is this one. */
  residentName: Type.Optional(nullable(Type.String())),
  masked: Type.Optional(Type.Boolean()),
})
export type Home = Static<typeof Home>

export const HomeDetail = Type.Intersect([
  Home,
  Type.Object({
    resident: nullable(Resident),
    /** Where it lies today, the area's names from the province down. */
    area: Type.Optional(nullable(Type.Object({ code: Type.String(), names: Type.Array(Type.String()) }))),
    arrival: Type.Optional(Type.String()),
    latitude: Type.Optional(nullable(Type.Number())),
    longitude: Type.Optional(nullable(Type.Number())),
    externalRef: Type.Optional(nullable(Type.String())),
    contacts: Type.Array(Contact),
    /** Grows with every change of who is asked and in which order: what a new order is written from. */
    orderVersion: Type.Integer(),
    placements: Type.Array(Placement),
    gateway: nullable(GatewayStatus),
  }),
])
export type HomeDetail = Static<typeof HomeDetail>

const homeFields = {
  name: line(PLACE_LIMITS.homeNameChars, 1),
  timeZone: line(64, 1),
  address: line(PLACE_LIMITS.addressChars),
  arrival: line(PLACE_LIMITS.arrivalChars),
  /** Null: in no area. */
  areaCode: nullable(Type.String({ pattern: AREA_CODE_PATTERN })),
  /** Both or none. */
  latitude: nullable(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: nullable(Type.Number({ minimum: -180, maximum: 180 })),
  /** The household's number in the list it is kept in. */
  externalRef: nullable(line(PLACE_LIMITS.externalRefChars, 1)),
}

export const HomePatch = body({ ...optional(homeFields), ...writtenFrom })
export type HomePatch = Static<typeof HomePatch>

export const HomeBody = body({ ...optional(homeFields), name: homeFields.name })
export type HomeBody = Static<typeof HomeBody>
