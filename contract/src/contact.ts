import Type, { type Static } from 'typebox'
import { writtenFrom } from './changed.ts'
import { CONTACT_OUTCOMES } from './disposition.ts'
import { CONTACT_ROLES } from './escalation.ts'
import { HoursList } from './hours.ts'
import { LANGUAGES } from './language.ts'
import { body, Name, nullable, oneOf, optional, PersonsId, Time } from './schema.ts'
import { Way, Ways } from './way.ts'

/** Family, neighbours and key holders of a home. */

export const Contact = Type.Object({
  id: Type.String(),
  /** Grows with every change of them and of their numbers; what a number has proven is none. */
  version: Type.Integer(),
  name: Type.String(),
  relation: Type.String(),
  phone: Type.String(),
  keyHolder: Type.Boolean(),
  order: Type.Integer(),
  lastProvenOn: nullable(Time),
  lastOutcome: nullable(oneOf(CONTACT_OUTCOMES)),
  role: Type.Optional(oneOf(CONTACT_ROLES)),
  language: Type.Optional(oneOf(LANGUAGES)),
  /** When they may be asked for what can wait, in the home's own time; null: always. A life alarm asks at any hour. */
  hours: Type.Optional(HoursList),
  distanceM: Type.Optional(nullable(Type.Integer())),
  note: Type.Optional(Type.String()),
  ways: Type.Optional(Type.Array(Way)),
  /** What the account of this contact has put in by itself: theirs to change, and asked before `ways`. */
  accountWays: Type.Optional(Type.Array(Way)),
  /** The resident withdrew their consent that this one is told of alarms: nobody asks them. */
  withdrawn: Type.Optional(Type.Boolean()),
})
export type Contact = Static<typeof Contact>

const Text = Type.String({ maxLength: 500 })

const contactFields = {
  name: Name,
  relation: Type.String({ minLength: 1, maxLength: 40 }),
  role: oneOf(CONTACT_ROLES),
  keyHolder: Type.Boolean(),
  language: oneOf(LANGUAGES),
  hours: HoursList,
  distanceM: nullable(Type.Integer({ minimum: 0, maximum: 20_000_000 })),
  note: Text,
  ways: Ways,
}

const { name, relation, ...contactExtras } = contactFields

export const ContactAdd = body({ name, relation, ...optional(contactExtras) })
export type ContactAdd = Static<typeof ContactAdd>

/** `removed: false` brings a removed one back. */
export const ContactChange = body({
  ...optional(contactFields),
  removed: Type.Optional(Type.Literal(false)),
  ...writtenFrom,
})
export type ContactChange = Static<typeof ContactChange>

/** Every contact of the home once, first to be asked first. */
export const OrderBody = body({ contacts: Type.Array(PersonsId, { maxItems: 50 }), ...writtenFrom })
