import { elapsed, invariant, type Millis, millis, minutes, seconds } from '@anju/contract'
import type { SamplePage } from '../archive.ts'
import { type CopyParts, copySeries, keptFrom } from './copy.ts'
import { differencesOf, isLoss } from './differences.ts'
import { digestOf, isSame } from './digest.ts'
import type { Erased } from './erased.ts'
import { joined, type Pair } from './joined.ts'
import type { MoveLedger, MoveState } from './ledger.ts'
import type { Compared } from './said.ts'
import { compareNames, type SeriesName } from './series.ts'
import type { SteadyArchive } from './steady.ts'

/** A home's backlog that arrives while we look at its series makes it differ once, hardly twice. */
const looksMax = 3
/** What the target forgets while a series is looked at is nobody's loss. */
const forgettingMargin = minutes(10)
const saveEvery = seconds(1)

export interface CompareParts extends Omit<CopyParts, 'ledger'> {
  readonly ledger: Pick<MoveLedger, 'save'>
  readonly target: SteadyArchive
  readonly erased: Erased
  /** How long both ends keep samples. */
  readonly kept: Millis | undefined
  /** A server writes to the target: what it has besides is no difference. */
  readonly inUse: boolean
  /** Whether a series that lacks something is copied once more. */
  readonly mends: boolean
}

export interface ComparedAll {
  readonly state: MoveState
  readonly series: number
  readonly copiedAgain: number
  readonly samplesCopied: number
  readonly more: number
  readonly different: number
}

/**
 * Reads both ends for themselves and compares each series by how many samples it has and by a hash over all of them. The place
 * is saved as long as all is the same, so that whoever goes on sees every difference again.
 */
export async function compareAll(parts: CompareParts, begin: MoveState): Promise<ComparedAll> {
  const { source, target, ledger, clock, tell } = parts
  let state = begin
  let saved = clock.monotonic()
  let samples = 0
  const sum = { series: 0, copiedAgain: 0, samplesCopied: 0, more: 0, different: 0 }

  for await (const pair of joined(source.series(begin.position?.series), target.series(begin.position?.series))) {
    parts.signal.throwIfAborted()
    const name = nameIn(pair)
    if (begin.position && compareNames(begin.position.series, name) === 0) continue
    const compared = await compareSeries(parts, begin, pair)
    samples += compared.source.count
    sum.series++
    if (compared.samplesCopied > 0) sum.copiedAgain++
    sum.samplesCopied += compared.samplesCopied
    if (compared.outcome.is !== 'same') sum[compared.outcome.is]++
    const counts = { ...state.counts, compared: state.counts.compared + (compared.outcome.is === 'different' ? 0 : 1) }
    state = { ...state, counts, position: sum.different === 0 ? { series: name, at: undefined } : state.position }
    tell({ is: 'compared', compared })
    tell({ is: 'comparing', counts, samples })
    if (elapsed(saved, clock.monotonic()) >= saveEvery && sum.different === 0) {
      await ledger.save(state)
      saved = clock.monotonic()
    }
  }
  return { state, ...sum }
}

async function compareSeries(parts: CompareParts, { since, until }: MoveState, pair: Pair): Promise<Compared> {
  const kept: Millis | undefined = parts.kept === undefined ? undefined : millis(parts.kept - forgettingMargin)
  let samplesCopied = 0
  for (let looks = 1; ; looks++) {
    await parts.erased.refreshNowAndThen()
    // What was erased is nobody's any more, and may still lie at one end.
    const left = parts.erased.left(nameIn(pair).home)
    const from = Math.max(keptFrom({ clock: parts.clock, kept }, since), left.from)
    const to = Math.min(until, left.to)
    const here = () => samplesOf(parts.source, pair.source, from, to)
    const there = () => samplesOf(parts.target, pair.target ?? pair.source, from, to)
    const [source, target] = await Promise.all([digestOf(here()), digestOf(there())])
    const found: Compared = { series: nameIn(pair), source, target, outcome: { is: 'same' }, samplesCopied }
    if (isSame(source, target)) return found
    await parts.erased.refresh()
    if (parts.erased.left(found.series.home).from !== left.from && looks < looksMax) continue
    const differences = await differencesOf(here(), there())
    const { first } = differences
    if (first !== undefined && parts.inUse && !isLoss(differences))
      return { ...found, outcome: { is: 'more', differences } }
    // Hashes that differ where nothing does side by side: something came between the two looks.
    const mayChange = first === undefined || (parts.mends && isLoss(differences))
    if (!mayChange || looks === looksMax) return { ...found, outcome: { is: 'different', differences } }
    // Before the first difference nothing is to be done: a year that was moved before costs its reading only.
    if (first !== undefined) samplesCopied += await copyAgain(parts, pair, Math.max(first, keptFrom(parts, since)))
  }
}

async function copyAgain(parts: CompareParts, { source }: Pair, from: number): Promise<number> {
  if (!source) return 0
  let written = 0
  const flush = async () => {
    written += (await parts.writer.flush()).written
  }
  await copySeries(parts, source, from, flush)
  await flush()
  return written
}

const samplesOf = (archive: SteadyArchive, series: Pair['source'], from: number, to: number) =>
  series && from < to ? archive.samples(series, from, to) : nothing()
async function* nothing(): AsyncGenerator<SamplePage> {}

function nameIn({ source, target }: Pair): SeriesName {
  const name = source?.name ?? target?.name
  invariant(name, 'a pair has a series')
  return name
}
