import type { Millis } from '@anju/contract'
import type { Differences } from './differences.ts'
import type { Digest } from './digest.ts'
import type { Counts, MoveState } from './ledger.ts'
import type { SeriesName } from './series.ts'

/** What a move has to say while it goes on. */
export type Said =
  | { readonly is: 'begun'; readonly state: MoveState; readonly resumed: boolean; readonly seriesTotal: number }
  | { readonly is: 'copying'; readonly counts: Counts }
  | { readonly is: 'comparing'; readonly counts: Counts; readonly samples: number }
  | { readonly is: 'waiting'; readonly wait: Millis; readonly why: string }
  /** One sample; no more than some of them are told, all are counted. */
  | { readonly is: 'refused'; readonly series: SeriesName; readonly at: number; readonly why: string }
  | { readonly is: 'compared'; readonly compared: Compared }

/** What came out for one series. */
export interface Compared {
  readonly series: SeriesName
  readonly source: Digest
  readonly target: Digest
  readonly outcome: Outcome
  /** How many were copied before that: something had come to the source since. */
  readonly samplesCopied: number
}
export type Outcome =
  | { readonly is: 'same' }
  /** Nothing of the source is missing; the target, which a server writes to, has more. */
  | { readonly is: 'more'; readonly differences: Differences }
  | { readonly is: 'different'; readonly differences: Differences }
