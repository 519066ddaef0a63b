/**
 * A piece is five minutes of a series, from a multiple of five minutes on. It is what is kept when samples are forgotten, and
 * what the sums of longer steps are made of: a step is the sum of its pieces' sums in the order of time, each the sum of its
 * samples in the order of time. So sums that were made long ago and sums made now have the same digits.
 */
export const pieceMs = 300_000

export const pieceOf = (at: number): number => Math.floor(at / pieceMs) * pieceMs
export const pieceFrom = (at: number): number => Math.ceil(at / pieceMs) * pieceMs

/** Whether steps are made of whole pieces: as long as five minutes or a multiple of it, and beginning where a piece begins. */
export const inPieces = (steps: readonly number[]): boolean => steps.every((at) => at % pieceMs === 0)

/** What a piece's samples say; only of pieces that have a value. */
export interface Piece {
  readonly at: number
  readonly count: number
  readonly min: number
  readonly max: number
  readonly last: number
}
