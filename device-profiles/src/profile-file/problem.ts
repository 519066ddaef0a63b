/** What is wrong with a file, and on which of its lines. */
export interface Problem {
  readonly line: number
  readonly why: string
}

export type Path = readonly (string | number)[]
/** The line on which a part of the file stands. */
export type LineOf = (path: Path) => number
