import type { SeriesName } from './series.ts'

/** Everything of the series before it is at the target, durably, and of this one everything up to `at`, or all of it. */
export interface Position {
  readonly series: SeriesName
  readonly at: number | undefined
}

/** Of the samples; over all runs of a move. */
export interface Counts {
  readonly series: number
  readonly samples: number
  /** From before what the target keeps: left where they are. */
  readonly tooOld: number
  /** What the target would not have for another reason. */
  readonly refused: number
  /** Of homes whose measurements were erased: they are not brought back. */
  readonly erased: number
  /** From after `until`: copied besides, looked at by the next move. */
  readonly later: number
  /** Series that were found equal at both ends. */
  readonly compared: number
}
export const nothingYet: Counts = { series: 0, samples: 0, tooOld: 0, refused: 0, erased: 0, later: 0, compared: 0 }

export interface MoveState {
  readonly phase: 'copy' | 'verify' | 'done'
  /** What is moved and compared, epoch ms: [since, until). Both stand still while the homes go on. */
  readonly since: number
  readonly until: number
  /** Of the phase. Undefined at its beginning. */
  readonly position: Position | undefined
  readonly counts: Counts
}

/** Remembers how far a move between two stores has come, also when the process is killed. */
export interface MoveLedger {
  last(): Promise<MoveState | undefined>
  /** From now on it is ours: a process that still works on it cannot save any more, and ends. */
  take(state: MoveState): Promise<void>
  /** @throws DomainError `request-malformed` when another process has taken it */
  save(state: MoveState): Promise<void>
}
