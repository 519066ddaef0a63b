import type { Target } from '@anju/contract/api'

/** One version of a row, as it was written. */
export type Row = Readonly<Record<string, unknown>>

const LEFT = ['unknown', 'sent', 'delivered', 'seen', 'declined', 'accepted']
const OWN: readonly Target['to'][] = ['queue', 'seat', 'supervisors', 'shift']
export const LYING = ['fall-detected', 'long-lie', 'no-activity']
export const LADDERED = ['life', 'hazard']

export const latest = (accepted: readonly Row[]): number =>
  Math.max(Number.NEGATIVE_INFINITY, ...accepted.map((row) => Number(row['accepted_until'])))
export const whoOf = (row: Row): string => `${String(row['recipient_kind'])} ${String(row['recipient'])}`
export const isOwn = ({ to }: Target): boolean => OWN.includes(to)
export const hasConsole = ({ channels }: { readonly channels: readonly string[] }): boolean =>
  channels.includes('console')
/** It has left, or may have: also when a later try of it certainly failed. */
export const mayHaveLeft = ({ state, doubts }: Row): boolean =>
  LEFT.includes(String(state)) || (state === 'failed' && Number(doubts) > 0)
export const isAccepted = (row: Row): boolean => row['state'] === 'accepted'
export const hasAnswered = (rows: readonly Row[]): boolean =>
  rows.some(({ state }) => state === 'accepted' || state === 'declined')
/** It failed, or does not leave for now; whether soon is the server's to say. */
export const isLost = ({ state, why }: Row): boolean => state === 'failed' || (state === 'queued' && why !== null)
/** Of a try that is under way nothing is certain yet. */
export const isStalled = ({ state, why, tries, sending, due_at: dueAt }: Row, now: number): boolean =>
  state === 'queued' &&
  sending !== true &&
  why !== null &&
  (Number(tries) >= 3 || (dueAt !== null && Number(dueAt) - now > 10_000))
/** It certainly does not arrive. */
export const isGone = (row: Row) => row['state'] === 'failed' || row['state'] === 'cancelled'
export const lostAt = (row: Row) => Number(row['failed_at'] ?? row['cancelled_at'])
