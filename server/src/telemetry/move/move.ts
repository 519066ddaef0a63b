import { type Clock, millis, type Random } from '@anju/contract'
import { type ComparedAll, compareAll } from './compare.ts'
import { copyAll, keptFrom } from './copy.ts'
import { type End, earliest } from './end.ts'
import { Erased, type ReadErased } from './erased.ts'
import { type MoveLedger, type MoveState, nothingYet } from './ledger.ts'
import { Patience } from './patience.ts'
import type { Said } from './said.ts'
import { SteadyArchive } from './steady.ts'
import { TargetWriter } from './target-writer.ts'

export interface MoveParts {
  readonly source: End
  readonly target: End
  readonly ledger: MoveLedger
  readonly readErased: ReadErased
  readonly clock: Clock
  readonly random: Random
  /** Ends the move where it can go on later; then it throws what the signal says. */
  readonly signal: AbortSignal
  readonly tell: (said: Said) => void
  /** Rows in a batch, fewer than usual. */
  readonly batchRowsMax?: number
}
export interface MoveWishes {
  /** Epoch ms. Without them everything up to now. */
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Begin anew, whatever is unfinished. */
  readonly restart: boolean
  /** Only compare, and change nothing anywhere. */
  readonly compareOnly: boolean
  /** What the target does not keep may stay where it is. */
  readonly leaveOld: boolean
  /** A server writes to the target. */
  readonly inUse: boolean
}

export type Moved =
  /** Nothing was begun: the source has samples from before what the target keeps, and nobody said they may stay behind. */
  | { readonly is: 'too-old'; readonly series: number; readonly keptFrom: number }
  | { readonly is: 'compared'; readonly found: ComparedAll }

/**
 * Copies everything one store has to the other, then compares both for themselves. Whatever ends it, the next call goes on.
 * @throws DomainError `telemetry-unavailable` when a store stays away
 */
export async function move(parts: MoveParts, wishes: MoveWishes): Promise<Moved> {
  const { source, target, clock, random, signal, tell } = parts
  const patience = new Patience({ clock, random, signal, onWait: (wait, why) => tell({ is: 'waiting', wait, why }) })
  // The first question is asked once: a wrong address or token shows at once.
  const kept = await target.keptFor()
  const sourceKept = await source.keptFor()
  const ledger: MoveLedger = {
    last: () => parts.ledger.last(),
    take: (state) => patience.with(() => parts.ledger.take(state)),
    save: (state) => patience.with(() => parts.ledger.save(state)),
  }
  const from = new SteadyArchive(source.archive, patience)
  const erased = new Erased(parts.readErased, patience, clock)
  const writer = new TargetWriter(target, patience, erased, parts.batchRowsMax)
  const shared = { source: from, writer, ledger, clock, signal, tell, kept }

  const last = await ledger.last()
  const resumed = !wishes.restart && !wishes.compareOnly && last !== undefined && last.phase !== 'done'
  let state = resumed ? last : fresh(wishes, last, clock.now())
  if (!resumed && !wishes.compareOnly && !wishes.leaveOld) {
    const begins = keptFrom(shared, state.since)
    const series = await seriesBefore(from, state.since, begins)
    if (series > 0) return { is: 'too-old', series, keptFrom: begins }
  }
  try {
    const seriesTotal = await countSeries(from)
    if (!wishes.compareOnly) await ledger.take(state)
    tell({ is: 'begun', state, resumed, seriesTotal })
    if (state.phase === 'copy') {
      state = { ...(await copyAll(shared, state)), phase: 'verify', position: undefined }
      await ledger.save(state)
    }
    const comparing = {
      ...shared,
      target: new SteadyArchive(target.archive, patience),
      // What either end forgets by itself is no difference.
      kept: kept && sourceKept ? millis(Math.min(kept, sourceKept)) : (kept ?? sourceKept),
      erased,
      inUse: wishes.inUse,
      mends: !wishes.compareOnly,
      ledger: wishes.compareOnly ? { save: () => Promise.resolve() } : ledger,
    }
    const found = await compareAll(comparing, state)
    const done = found.different === 0
    if (!wishes.compareOnly)
      await ledger.save({ ...found.state, ...(done ? { phase: 'done' as const, position: undefined } : {}) })
    return { is: 'compared', found }
  } finally {
    await writer.close()
  }
}

/**
 * Who only compares compares what was moved last. What was moved before is compared at once: that copies what has come since,
 * and nothing twice.
 */
function fresh(wishes: MoveWishes, last: MoveState | undefined, now: number): MoveState {
  const before = wishes.compareOnly ? last : undefined
  const movedBefore = last?.phase === 'done' && !wishes.restart
  return {
    phase: wishes.compareOnly || movedBefore ? 'verify' : 'copy',
    since: wishes.since ?? before?.since ?? earliest,
    until: wishes.until ?? before?.until ?? now,
    position: undefined,
    counts: nothingYet,
  }
}

async function countSeries(archive: SteadyArchive): Promise<number> {
  let count = 0
  for await (const _ of archive.series()) count++
  return count
}

async function seriesBefore(archive: SteadyArchive, since: number, begins: number): Promise<number> {
  if (begins <= since) return 0
  let count = 0
  for await (const series of archive.series())
    for await (const _ of archive.samples(series, since, begins)) {
      count++
      break
    }
  return count
}
