import type { Clock, Millis } from '@anju/contract'
import { latest } from './end.ts'
import type { Counts, MoveLedger, MoveState, Position } from './ledger.ts'
import type { Said } from './said.ts'
import { compareNames, type NamedSeries, nameOf } from './series.ts'
import type { SteadyArchive } from './steady.ts'
import type { RefusedSample, TargetWriter } from './target-writer.ts'

const refusedToldMax = 20

export interface CopyParts {
  readonly source: SteadyArchive
  readonly writer: TargetWriter
  readonly ledger: MoveLedger
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly tell: (said: Said) => void
  /** How long the target keeps samples. */
  readonly kept: Millis | undefined
}

/** What the target keeps at this moment begins here; it moves on while we work. */
export const keptFrom = ({ clock, kept }: Pick<CopyParts, 'clock' | 'kept'>, since: number): number =>
  kept === undefined ? since : Math.max(since, clock.now() - kept)

/**
 * Copies series after series, from the place where it was left. The place is saved behind every batch the target has confirmed,
 * so that a process which is killed has at most that one to do again; to write a sample twice changes nothing.
 */
export async function copyAll(parts: CopyParts, begin: MoveState): Promise<MoveState> {
  const { source, writer, ledger, clock, tell } = parts
  let state = begin
  let counts: Counts = begin.counts
  let told = 0

  async function flush(position: Position | undefined): Promise<void> {
    const later = writer.gathered.reduce((sum, at) => (at >= state.until ? sum + 1 : sum), 0)
    const { written, refused, erased } = await writer.flush()
    const old = keptFrom(parts, state.since)
    const tooOld = refused.filter(({ at }) => at < old)
    for (const one of refused) if (!tooOld.includes(one) && told++ < refusedToldMax) tell(refusedOf(one))
    counts = {
      ...counts,
      samples: counts.samples + written,
      tooOld: counts.tooOld + tooOld.length,
      refused: counts.refused + refused.length - tooOld.length,
      erased: counts.erased + erased,
      later: counts.later + later,
    }
    state = { ...state, position, counts }
    await ledger.save(state)
    tell({ is: 'copying', counts })
  }

  let position = begin.position
  for await (const series of source.series(position?.series)) {
    parts.signal.throwIfAborted()
    const left = position && compareNames(position.series, series.name) === 0 ? position : undefined
    if (left && left.at === undefined) continue
    const from = keptFrom({ clock, kept: parts.kept }, state.since)
    // Told, not lost: they stay at the source.
    if (!left) counts = { ...counts, tooOld: counts.tooOld + (await countOf(source, series, state.since, from)) }
    await copySeries(parts, series, left?.at === undefined ? from : left.at + 1, (at) =>
      flush({ series: series.name, at }),
    )
    counts = { ...counts, series: counts.series + 1 }
    position = { series: series.name, at: undefined }
    tell({ is: 'copying', counts: { ...counts, samples: counts.samples + writer.gathered.length } })
  }
  await flush(position)
  return state
}

/** Everything from `from` on. What fills the batch is written by `flush`, which is told the instant it comes to; the rest waits in it. */
export async function copySeries(
  { source, writer, signal }: Pick<CopyParts, 'source' | 'writer' | 'signal'>,
  series: NamedSeries,
  from: number,
  flush: (at: number) => Promise<unknown>,
): Promise<void> {
  const key = series.keys.at(-1)
  if (!key) return
  for await (const page of source.samples(series, from, latest))
    for (let row = 0; row < page.at.length; ) {
      signal.throwIfAborted()
      row = writer.add(key, page, row)
      if (writer.isFull) await flush(page.at[row - 1] as number)
    }
}

async function countOf(source: SteadyArchive, series: NamedSeries, from: number, to: number): Promise<number> {
  let count = 0
  for await (const { at } of source.samples(series, from, to)) count += at.length
  return count
}

const refusedOf = ({ series, at, refusal }: RefusedSample): Said => ({
  is: 'refused',
  series: nameOf(series),
  at,
  why: refusal.why,
})
