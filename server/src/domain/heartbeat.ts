import { type Instant, type Monotonic, millis, minutes, seconds } from '@anju/contract'

/** What heartbeats show of the chain from a home to here, besides that it is there. */
export const FAULTS = ['clock-unsynced', 'heartbeat-late'] as const
export type Fault = (typeof FAULTS)[number]

export interface Heartbeat {
  readonly boot: number
  /** The gateway's own running time; no clock that is set can change it. */
  readonly uptimeS: number
  readonly sentAt: Instant
  /** What the gateway itself says of its clock. */
  readonly synced: boolean
  readonly offsetMs: number | null
  /** Ours: the time, and a clock that never jumps. */
  readonly arrivedAt: Instant
  readonly arrivedMono: Monotonic
}

/** What is remembered of one gateway between its heartbeats. */
export interface Chain {
  readonly boot: number
  /** The least that arrival was ever ahead of running time: a heartbeat that took longer than the quickest one is late by that. */
  readonly quickestMs: number
  readonly unsyncedSince: Monotonic | null
  /** So many heartbeats in a row spoke for it (above 0) or against it (below 0). */
  readonly clockRow: number
  readonly lateRow: number
  /** Undefined until enough heartbeats agree. */
  readonly holds: Readonly<Record<Fault, boolean | undefined>>
}

const skewMax = seconds(2)
/** It is right again below this: a clock at the border would else raise and return all day. */
const skewRight = seconds(1)
const unsyncedMax = minutes(10)
const lateMax = seconds(10)
const punctualWithin = seconds(5)
const toRaise = 3
const toReturn = 5
/** A crystal is off by up to a hundred parts in a million: without this, a gateway that runs slow would be later every day. */
const driftPerBeat = millis(6)
/** Running time is told in whole seconds. */
const uptimeStep = seconds(1)

/** Pure: how the chain stands after one more heartbeat, and what has just become so. */
export function heard(before: Chain | undefined, beat: Heartbeat): { chain: Chain; turned: readonly Fault[] } {
  const ahead = beat.arrivedMono - beat.uptimeS * 1_000
  const known = before?.boot === beat.boot ? before : undefined
  const quickestMs = Math.min(ahead, known ? known.quickestMs + driftPerBeat : ahead)
  const delay = millis(Math.max(0, ahead - quickestMs - uptimeStep))
  const unsure = delay > 0 ? uptimeStep : 0
  const skew = Math.max(Math.abs(beat.arrivedAt - delay - beat.sentAt), Math.abs(beat.offsetMs ?? 0))
  const unsyncedSince = beat.synced ? null : (before?.unsyncedSince ?? beat.arrivedMono)
  const longUnsynced = unsyncedSince !== null && beat.arrivedMono - unsyncedSince > unsyncedMax
  const clockRow = row(
    before?.clockRow,
    skew > skewMax + unsure || longUnsynced,
    skew < skewRight + unsure && beat.synced,
  )
  const lateRow = row(before?.lateRow, delay > lateMax, delay < punctualWithin)
  const holds = {
    'clock-unsynced': settled(before?.holds['clock-unsynced'], clockRow),
    'heartbeat-late': settled(before?.holds['heartbeat-late'], lateRow),
  }
  return {
    chain: { boot: beat.boot, quickestMs, unsyncedSince, clockRow, lateRow, holds },
    turned: FAULTS.filter((fault) => holds[fault] !== undefined && holds[fault] !== before?.holds[fault]),
  }
}

/** One more in the same direction, the first in the other, or none of both: between the two limits nothing is said. */
function row(before = 0, bad: boolean, good: boolean): number {
  if (bad) return Math.max(before, 0) + 1
  if (good) return Math.min(before, 0) - 1
  return 0
}

const settled = (before: boolean | undefined, inARow: number): boolean | undefined =>
  inARow >= toRaise ? true : inARow <= -toReturn ? false : before
