import Type, { type Static } from 'typebox'
import { writtenFrom, writtenFromOrNone } from './changed.ts'
import { body, nullable, oneOf, Time } from './schema.ts'

/** Places and who lives there: areas by code and day, homes, residents, and the import of lists of them. */

/** From the top of the tree; the 12 digits of a code are 2 + 2 + 2 + 3 + 3. */
export const AREA_LEVELS = ['province', 'city', 'county', 'street', 'community'] as const
export type AreaLevel = (typeof AREA_LEVELS)[number]

/** The last four are the levels people work at. */
export const AREA_CODE_PATTERN = '^[0-9]{12}$'
/** A calendar day, `YYYY-MM-DD`. */
export const Day = Type.String({ format: 'date' })

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

const line = (maxLength: number, minLength = 0) => Type.String({ minLength, maxLength })
const lines = (maxItems: number, maxLength: number) => Type.Array(line(maxLength, 1), { maxItems })

/** How long each text may be; the same for a form and for a list. */
export const PLACE_LIMITS = {
  homeNameChars: 80,
  addressChars: 200,
  arrivalChars: 500,
  externalRefChars: 64,
  residentNameChars: 60,
  callNameChars: 40,
  accessChars: 300,
  languageChars: 60,
  hearingChars: 100,
  medicalLines: 20,
  medicalChars: 200,
  categories: 20,
  categoryChars: 40,
  relationChars: 20,
  contactNameChars: 60,
} as const
const max = PLACE_LIMITS

const homeFields = {
  name: line(max.homeNameChars, 1),
  timeZone: line(64, 1),
  address: line(max.addressChars),
  arrival: line(max.arrivalChars),
  /** Null: in no area. */
  areaCode: nullable(Type.String({ pattern: AREA_CODE_PATTERN })),
  /** Both or none. */
  latitude: nullable(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: nullable(Type.Number({ minimum: -180, maximum: 180 })),
  /** The household's number in the list it is kept in. */
  externalRef: nullable(line(max.externalRefChars, 1)),
}
type Fields = Record<string, Parameters<typeof Type.Optional>[0]>
const optional = <T extends Fields>(fields: T) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, Type.Optional(field)])) as {
    [K in keyof T]: ReturnType<typeof Type.Optional<T[K]>>
  }

export const HomePatch = body({ ...optional(homeFields), ...writtenFrom })
export type HomePatch = Static<typeof HomePatch>
export const HomeBody = body({ ...optional(homeFields), name: homeFields.name })
export type HomeBody = Static<typeof HomeBody>

export const ResidentPatch = body({
  ...optional({
    name: line(max.residentNameChars, 1),
    bornOn: nullable(Day),
    callName: line(max.callNameChars),
    risk: oneOf(RISKS),
    categories: lines(max.categories, max.categoryChars),
    medical: lines(max.medicalLines, max.medicalChars),
    language: line(max.languageChars),
    hearing: line(max.hearingChars),
    livesAlone: Type.Boolean(),
    /** How one gets in: shown only inside an alarm one owns. */
    access: line(max.accessChars),
  }),
  ...writtenFromOrNone,
})
export type ResidentPatch = Static<typeof ResidentPatch>

/** One cell, or one row, that could not be taken as it stands. */
export const ImportProblem = Type.Object({
  /** Of the file, from 1: where the row begins. */
  line: Type.Integer(),
  /** As the file heads it; empty when the whole row is meant. */
  column: Type.String(),
  code: Type.String(),
  /** In the language of the file's own headings. */
  reason: Type.String(),
})
export type ImportProblem = Static<typeof ImportProblem>

/** What an import did, or would do. Everything is counted; lists are cut off where they say so. */
export const ImportReport = Type.Object({
  dryRun: Type.Boolean(),
  encoding: oneOf(['utf-8', 'gb18030'] as const),
  rows: Type.Integer(),
  created: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  /** Rows left out, each for one or more of the problems. */
  bad: Type.Integer(),
  problemCount: Type.Integer(),
  problems: Type.Array(ImportProblem),
  /** What a changed household differs in, by line. */
  changes: Type.Array(
    Type.Object({
      line: Type.Integer(),
      externalRef: Type.String(),
      homeId: Type.String(),
      fields: Type.Array(Type.String()),
    }),
  ),
  at: Time,
})
export type ImportReport = Static<typeof ImportReport>
