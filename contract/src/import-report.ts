import Type, { type Static } from 'typebox'
import { oneOf, Time } from './schema.ts'

/** Lists that are taken in, and what came of each. */

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
