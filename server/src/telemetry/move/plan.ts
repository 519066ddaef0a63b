import type { Clock, Random } from '@anju/contract'
import type { SamplePage } from '../archive.ts'
import type { SeriesKey } from '../store.ts'
import { MoveBatch } from './batch.ts'
import { keptFrom } from './copy.ts'
import { type End, earliest, latest } from './end.ts'
import type { MoveLedger, MoveState } from './ledger.ts'
import type { MoveWishes } from './move.ts'
import { Patience } from './patience.ts'
import { SteadyArchive } from './steady.ts'

/** A reason may name what is wrong, and that may be something else each time. */
const reasonsMax = 20

/** What a move would do, counted at the source; nothing is written anywhere. */
export interface MovePlan {
  readonly since: number
  readonly until: number
  readonly series: number
  /** Of [since, until). */
  readonly samples: number
  readonly later: number
  /** From before what the target keeps. */
  readonly tooOld: { readonly samples: number; readonly series: number; readonly keptFrom: number | undefined }
  /** What the target does not take, by its reason. */
  readonly refused: ReadonlyMap<string, number>
  /** A move that would go on instead. */
  readonly unfinished: MoveState | undefined
}

interface PlanParts {
  readonly source: End
  readonly target: End
  readonly ledger: Pick<MoveLedger, 'last'>
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
}

/** @throws DomainError `telemetry-unavailable` */
export async function plan(
  { source, target, ledger, clock, random, signal }: PlanParts,
  wishes: Pick<MoveWishes, 'since' | 'until'>,
): Promise<MovePlan> {
  const archive = new SteadyArchive(source.archive, new Patience({ clock, random, signal, onWait: () => undefined }))
  const kept = await target.keptFor()
  const last = await ledger.last()
  const since = wishes.since ?? earliest
  const until = wishes.until ?? clock.now()
  const begins = keptFrom({ clock, kept }, since)
  const tooOld = { samples: 0, series: 0, keptFrom: kept === undefined ? undefined : begins }
  const judge = new Judge(target)
  let [series, samples, later] = [0, 0, 0]
  for await (const one of archive.series()) {
    series++
    const before = tooOld.samples
    for await (const page of archive.samples(one, since, latest)) {
      signal.throwIfAborted()
      for (const at of page.at)
        if (at < begins) tooOld.samples++
        else if (at < until) samples++
        else later++
      judge.look(one.keys[0] as SeriesKey, page, begins)
    }
    if (tooOld.samples > before) tooOld.series++
  }
  const unfinished = last && last.phase !== 'done' ? last : undefined
  return { since, until, series, samples, later, tooOld, refused: judge.refused, unfinished }
}

/** Asks the target's own rules, a batch at a time. */
class Judge {
  readonly refused = new Map<string, number>()
  readonly #target: End
  #batch = new MoveBatch()
  #refusalsOf: ReturnType<End['judge']>

  constructor(target: End) {
    this.#target = target
    this.#refusalsOf = target.judge()
  }

  look(key: SeriesKey, page: SamplePage, begins: number): void {
    for (let row = 0; row < page.at.length; ) {
      if (this.#batch.isWide) {
        this.#batch = new MoveBatch()
        this.#refusalsOf = this.#target.judge()
      }
      this.#batch.clear()
      row = this.#batch.add(key, page, row)
      for (const [message, { why }] of this.#refusalsOf(this.#batch))
        if ((this.#batch.at[message] as number) >= begins) this.#count(why)
    }
  }

  #count(why: string): void {
    const reason = this.refused.has(why) || this.refused.size < reasonsMax ? why : 'for other reasons'
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1)
  }
}
