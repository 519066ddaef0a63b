import type { Track as TrackName, TrackPolicy } from '@anju/contract/api'
import { hasAnswered, hasConsole, isGone, isOwn, LADDERED, LYING, lostAt, type Row, whoOf } from './rows.ts'

/** A wave that was asked. */
export interface Asked {
  readonly round: number
  readonly step: number
  readonly wave: number
  readonly at: number
  readonly xact: string
}

export interface Place {
  readonly step: number
  readonly wave: number
}
/** Whom a wave means, and how; of a test nobody hears but by our own consoles. */
export function placeIn({ steps }: TrackPolicy, { step, wave }: Place, inTest: boolean) {
  const { targets = [], waves = [] } = steps[step] ?? {}
  const channels = waves[wave]?.channels ?? []
  return inTest
    ? { targets: targets.filter(isOwn), channels: channels.filter((one) => one === 'console') }
    : { targets, channels }
}
/** The waves of a round's later steps that come before this one: of a step that was begun the rest may have been of no use. */
export const between = ({ steps }: TrackPolicy, before: Place | null, next: Place): Place[] =>
  steps
    .flatMap(({ waves }, step) => waves.map((_, wave): Place => ({ step, wave })))
    .filter(
      ({ step, wave }) => step > (before?.step ?? -1) && (step < next.step || (step === next.step && wave < next.wave)),
    )

/** How it stood when somebody took it; `byHome`: for another alarm of the home. */
export interface Before {
  readonly at: number
  readonly freeSince: number | null
  readonly acceptEnd: number
  readonly last: Asked | null
  readonly byHome: boolean
}

/** Somebody has it, whatever anybody accepted: nobody is to be asked on this track. */
export function isHandled(name: TrackName, alarm: Row, policy: TrackPolicy): boolean {
  const { handling, test } = alarm
  if (handling === 'closed') return true
  if (test === true && name === 'long-lie') return handling !== 'new' || alarm['class'] !== 'life'
  if (test === true && !policy.steps.some(({ targets, waves }) => targets.some(isOwn) && waves.some(hasConsole)))
    return true
  if (handling === 'new') return false
  return name === 'centre' || (name === 'family' && policy.quietWhileHeld)
}

/** Who lies on a floor has lain there since it happened; everybody else is waited for since we know. */
export function clockFrom(name: TrackName, { type, received_at: receivedAt, late_by_ms: lateByMs }: Row): number {
  const isLying = name === 'long-lie' && LYING.includes(String(type))
  return Number(receivedAt) - (isLying ? Number(lateByMs) : 0)
}

/** Whether who is off duty may be called at all, when a round has reached nobody. */
export const mayWakeOffDuty = (name: TrackName, alarm: Row): boolean =>
  (name === 'long-lie' || (name === 'centre' && alarm['test'] !== true)) && LADDERED.includes(String(alarm['class']))

/** What of a round stands in the ledger has failed; `rows`: all that this track asked. */
export function reachedNobody(
  name: TrackName,
  { steps }: TrackPolicy,
  last: Asked,
  rows: readonly Row[],
  at: number,
): boolean {
  const round = rows.filter(
    (row) =>
      row['round'] === last.round &&
      row['address'] !== 'app' &&
      (name !== 'long-lie' || row['recipient_kind'] !== 'queue'),
  )
  // What failed only when the round was over, or at that very moment, had been waited for.
  const timeoutMs = (steps[last.step]?.waves[last.wave]?.timeoutS ?? 0) * 1_000
  const isInLast = (row: Row) => row['step'] === last.step && row['wave'] === last.wave
  return (
    last.step < steps.length &&
    at < last.at + timeoutMs &&
    round.every((row) => isGone(row) && (isInLast(row) || lostAt(row) < at))
  )
}

/** What each person of a wave was asked, on however many channels. */
export const wavePeople = (rows: readonly Row[], { round, step, wave }: Asked): Row[][] => {
  const own = rows.filter((row) => row['round'] === round && row['step'] === step && row['wave'] === wave)
  return [
    ...Map.groupBy(
      own.filter((row) => row['address'] !== 'app'),
      whoOf,
    ).values(),
  ]
}
/** They may yet answer; `stalled`: what did not leave and will not soon. */
export const isPending = (rows: readonly Row[], stalled: ReadonlySet<string>): boolean =>
  !hasAnswered(rows) && !rows.every((row) => isGone(row) || stalled.has(String(row['id'])))
