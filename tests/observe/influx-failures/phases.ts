import { percentile } from '../../bench/figures.ts'
import type { MeasuringHomes } from '../../harness/measuring-homes.ts'
import type { PressingHomes } from '../../harness/pressing-homes.ts'
import { pause, slowness, until } from '../../harness/wait.ts'
import type { MemoryWatch } from '../memory.ts'
import { type Expectations, rounded } from '../observation.ts'
import { type Failure, type Scene, telemetryIs } from './failures.ts'

const noticedWithinMs = 10_000
/** A home that was told to come back later does so after half a minute. */
const caughtUpWithinMs = 90_000
/** Button to screen is a second; a press has its receipt long before. */
const pressP99MaxMs = 1_000
/** Twice as long, and what two clock ticks of a busy machine are. */
const pressP50Most = (quietMs: number) => quietMs * 2 + 20
/** What may wait for the store (64 slabs of half a MiB), as much again while it is made into lines, and room for garbage. */
const growthMaxMiB = 128

interface Phase {
  readonly how: string
  readonly fromPress: number
  readonly toPress: number
  readonly from: number
  readonly to: number
  readonly more: Readonly<Record<string, number | string>>
}
export interface PhasesParts {
  readonly presses: PressingHomes
  readonly homes: MeasuringHomes
  readonly memory: MemoryWatch
  readonly expect: Expectations
  readonly say: (line: string) => void
}

/** The same life of the homes through one time after the other: first a quiet one, which the others are held against. */
export class Phases {
  readonly #parts: PhasesParts
  readonly #phases: Phase[] = []
  readonly #skipped: [how: string, why: string][] = []

  constructor(parts: PhasesParts) {
    this.#parts = parts
  }

  async quiet(ms: number): Promise<void> {
    await this.#lived('quiet', async () => {
      await pause(ms)
      return {}
    })
  }

  /** Fails for so long, is mended, and has nothing left to deliver when this resolves. */
  async failing(failure: Failure, scene: Scene, ms: number): Promise<void> {
    const { homes, expect, say } = this.#parts
    const { how, away } = failure
    const why = failure.whyNot?.(scene)
    if (why) {
      say(`NOT DONE: ${how}, because ${why}`)
      this.#skipped.push([how, why])
      return
    }
    say(how)
    const receipted = homes.figures.receipted
    await this.#lived(how, async () => {
      const began = performance.now()
      await failure.begin(scene)
      const more: Record<string, number | string> = {}
      if (away) {
        await until('telemetry to be degraded', () => telemetryIs(scene.server, 'degraded'), {
          withinMs: noticedWithinMs * slowness,
        })
        more['degraded after ms'] = rounded(performance.now() - began)
      }
      await pause(Math.max(0, ms - (performance.now() - began)))
      return more
    })
    const last = this.#phases.at(-1)
    const mending = performance.now()
    const byHand = await failure.mend(scene)
    if (byHand) say(`${how}: ${byHand}`)
    await homes.caughtUp(caughtUpWithinMs * slowness)
    const caughtUpMs = performance.now() - mending
    expect.that(homes.figures.receipted > receipted, `${how}: nothing was receipted afterwards`)
    Object.assign(last?.more ?? {}, {
      'caught up after s': rounded(caughtUpMs / 1_000),
      ...(byHand ? { 'by hand': byHand } : {}),
    })
  }

  figures(): Record<string, number | string> {
    const { memory } = this.#parts
    const [quiet] = this.#phases
    const figures: Record<string, number | string> = {}
    for (const phase of this.#phases) {
      const { how, from, to, more } = phase
      const presses = this.#pressesOf(phase)
      const [p50, p99] = [percentile(presses, 0.5), percentile(presses, 0.99)]
      const peak = memory.peak(from, to)
      Object.assign(figures, {
        [`${how}: for s`]: rounded((to - from) / 1_000),
        [`${how}: presses`]: presses.length,
        [`${how}: press p50 ms`]: p50,
        [`${how}: press p99 ms`]: p99,
        [`${how}: memory peak MiB`]: peak,
        // Its first third is the filling of what there is room for.
        [`${how}: memory MiB a minute`]: memory.slope(from + (to - from) / 3, to),
        ...Object.fromEntries(Object.entries(more).map(([what, figure]) => [`${how}: ${what}`, figure])),
      })
      if (quiet) this.#hold(phase, { p50, p99, peak }, quiet)
    }
    for (const [how, why] of this.#skipped) figures[`${how}: not done`] = why
    return figures
  }

  #hold({ how }: Phase, now: { p50: number; p99: number; peak: number }, quiet: Phase): void {
    const { expect, memory } = this.#parts
    const p50Most = pressP50Most(percentile(this.#pressesOf(quiet), 0.5))
    expect.that(
      now.p50 <= p50Most * slowness,
      `${how}: half of the presses took more than ${p50Most} ms: ${now.p50} ms`,
    )
    expect.that(now.p99 <= pressP99MaxMs * slowness, `${how}: a press in a hundred took ${now.p99} ms`)
    const most = memory.peak(quiet.from, quiet.to) + growthMaxMiB
    expect.that(now.peak <= most, `${how}: the server's memory reached ${now.peak} MiB, at most ${most} MiB are right`)
  }

  #pressesOf({ fromPress, toPress }: Phase): number[] {
    return this.#parts.presses.presses
      .slice(fromPress, toPress)
      .map(({ sentAt, receiptedAt }) => (receiptedAt ?? Number.POSITIVE_INFINITY) - sentAt)
  }

  async #lived(how: string, life: () => Promise<Readonly<Record<string, number | string>>>): Promise<void> {
    const { presses } = this.#parts
    const [fromPress, from] = [presses.presses.length, performance.now()]
    const more = await life()
    this.#phases.push({ how, fromPress, toPress: presses.presses.length, from, to: performance.now(), more })
  }
}
