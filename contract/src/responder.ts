import Type, { type Static } from 'typebox'
import { writtenFrom } from './changed.ts'
import { RESPONDER_KINDS } from './escalation.ts'
import { HoursList } from './hours.ts'
import { LANGUAGES } from './language.ts'
import { body, Name, nullable, oneOf, optional } from './schema.ts'
import { Way, Ways } from './way.ts'

/** Who can be asked to go to a home. */

export const Responder = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  name: Type.String(),
  phone: Type.String(),
  kind: oneOf(RESPONDER_KINDS),
  /** The beginning of an administrative code; empty is everywhere in the centre. */
  zone: Type.String(),
  language: oneOf(LANGUAGES),
  hours: HoursList,
  organisation: Type.String(),
  ways: Type.Array(Way),
})
export type Responder = Static<typeof Responder>

/** Somebody of the centre whom an operator can ask to go to a home. */
export const OfferedResponder = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** One that lives, if they have one; empty: none. */
  phone: Type.String(),
  phoneDead: Type.Optional(Type.Boolean()),
  kind: Type.Optional(oneOf(RESPONDER_KINDS)),
  organisation: Type.Optional(Type.String()),
  /** On a shift right now. */
  onDuty: Type.Optional(Type.Boolean()),
  /** May be asked at this hour for what can wait. */
  withinHours: Type.Optional(Type.Boolean()),
  /** The home lies where they go. */
  inZone: Type.Optional(Type.Boolean()),
  /** From where they usually set out, as the crow flies. */
  distanceKm: Type.Optional(nullable(Type.Number())),
})
export type OfferedResponder = Static<typeof OfferedResponder>

const responderFields = {
  name: Name,
  kind: oneOf(RESPONDER_KINDS),
  zone: Type.String({ pattern: '^\\d{0,12}$' }),
  language: oneOf(LANGUAGES),
  hours: HoursList,
  organisation: Type.String({ maxLength: 200 }),
  /** Where they usually set out from. */
  base: nullable(
    body({
      latitude: Type.Number({ minimum: -90, maximum: 90 }),
      longitude: Type.Number({ minimum: -180, maximum: 180 }),
    }),
  ),
  ways: Ways,
}

const { name: responderName, ...responderExtras } = responderFields

export const ResponderAdd = body({ name: responderName, ...optional(responderExtras) })
export type ResponderAdd = Static<typeof ResponderAdd>

export const ResponderChange = body({
  ...optional(responderFields),
  removed: Type.Optional(Type.Literal(false)),
  ...writtenFrom,
})
export type ResponderChange = Static<typeof ResponderChange>
