import Type, { type Static } from 'typebox'
import { writtenFromOrNone } from './changed.ts'
import { PLACE_LIMITS } from './place-limits.ts'
import { body, Day, line, nullable, oneOf, optional } from './schema.ts'

/** Who lives in a home. */

/** `special`: special difficulty, in the words of the municipal documents. */
export const RISKS = ['high', 'special', 'standard'] as const
export type Risk = (typeof RISKS)[number]

/** Whom a responder goes to, as far as this reader may know. */
export const Resident = Type.Object({
  version: Type.Integer(),
  name: Type.String(),
  age: nullable(Type.Integer()),
  address: Type.String(),
  access: Type.String(),
  medical: Type.Array(Type.String()),
  language: Type.String(),
  /** How to address them. */
  callName: Type.Optional(Type.String()),
  risk: Type.Optional(oneOf(RISKS)),
  categories: Type.Optional(Type.Array(Type.String())),
  /** Limits of hearing and speech. */
  hearing: Type.Optional(Type.String()),
  livesAlone: Type.Optional(Type.Boolean()),
  /** How one arrives at the home, as a stranger needs to be told. */
  arrival: Type.Optional(Type.String()),
})
export type Resident = Static<typeof Resident>

const lines = (maxItems: number, maxLength: number) => Type.Array(line(maxLength, 1), { maxItems })

export const ResidentPatch = body({
  ...optional({
    name: line(PLACE_LIMITS.residentNameChars, 1),
    bornOn: nullable(Day),
    callName: line(PLACE_LIMITS.callNameChars),
    risk: oneOf(RISKS),
    categories: lines(PLACE_LIMITS.categories, PLACE_LIMITS.categoryChars),
    medical: lines(PLACE_LIMITS.medicalLines, PLACE_LIMITS.medicalChars),
    language: line(PLACE_LIMITS.languageChars),
    hearing: line(PLACE_LIMITS.hearingChars),
    livesAlone: Type.Boolean(),
    /** How one gets in: shown only inside an alarm one owns. */
    access: line(PLACE_LIMITS.accessChars),
  }),
  ...writtenFromOrNone,
})
export type ResidentPatch = Static<typeof ResidentPatch>
