import { slabsMax } from '../../../server/src/telemetry/feed.ts'
import { slabBytes } from '../../../server/src/telemetry/slab.ts'
import { percentile } from '../../bench/figures.ts'
import type { MeasuringHomes } from '../../harness/measuring-homes.ts'
import type { PressingHomes } from '../../harness/pressing-homes.ts'
import type { RunningServer } from '../../harness/server.ts'
import { pause, until } from '../../harness/wait.ts'
import { heldMiB, type MemoryWatch } from '../memory.ts'
import { type Expectations, rounded } from '../observation.ts'
import { type Failure, type Scene, telemetryIs } from './failures.ts'

const noticedWithinMs = 10_000
/** A home that was told to come back later does so after half a minute. */
const caughtUpWithinMs = 90_000
/** Beside the quiet times before and after: twice as long, and what two clock ticks of a busy machine are. */
const p50Most = (quietMs: number) => quietMs * 2 + 20
/** Button to screen is a second; on a machine that is slower than that by itself, one in a hundred swings. */
const p99Most = (quietMs: number) => Math.max(1_000, quietMs * 3)
const MiB = 2 ** 20
/** Beyond it homes are sent away. */
const waitingMaxMiB = ((slabsMax + 1) * slabBytes) / MiB
/** What waits, as much again while it is made into lines, and room for garbage: a heap is a saw, whose teeth are not a slope. */
const teethMaxMiB = 4 * waitingMaxMiB
/** Five failures: what each of them let wait would be more, did it stay. */
const leftMaxMiB = waitingMaxMiB / 2

interface Phase {
  readonly how: string
  /** What the server holds at the end of a quiet time, garbage gone. */
  readonly heldMiB: number | undefined
  readonly fromPress: number
  readonly toPress: number
  readonly from: number
  readonly to: number
  readonly more: Readonly<Record<string, number | string>>
}
export interface PhasesParts {
  readonly server: RunningServer
  readonly presses: PressingHomes
  readonly homes: MeasuringHomes
  readonly memory: MemoryWatch
  /** A server of a minute's age has not collected its first garbage yet: what it takes is shown and not judged. */
  readonly warm: boolean
  readonly expect: Expectations
  readonly say: (line: string) => void
}

/** The same life of the homes through one time after the other: before and after each failure a quiet one, which it is held against. */
export class Phases {
  readonly #parts: PhasesParts
  readonly #phases: Phase[] = []
  #quietTimes = 0
  readonly #skipped: [how: string, why: string][] = []

  constructor(parts: PhasesParts) {
    this.#parts = parts
  }

  async quiet(ms: number): Promise<void> {
    const before = this.#phases.at(-1)
    await this.#lived(before ? `quiet after ${before.how}` : 'quiet', async () => {
      await pause(ms)
      return {}
    })
    // Not part of the time that presses are judged by: to collect stops everything.
    const held = await heldMiB(this.#parts.server.part, ++this.#quietTimes)
    this.#phases.push({ ...(this.#phases.pop() as Phase), heldMiB: held })
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
          withinMs: noticedWithinMs,
        })
        more['degraded after ms'] = rounded(performance.now() - began)
        more['the log says'] = lastReason(scene.server.part.log())
      }
      await pause(Math.max(0, ms - (performance.now() - began)))
      const waiting = rounded((await waitingBytes(scene.server)) / MiB)
      expect.that(waiting <= waitingMaxMiB, `${how}: ${waiting} MiB waited for the store, at most ${waitingMaxMiB} may`)
      return { ...more, 'waiting for the store, MiB': waiting }
    })
    const last = this.#phases.at(-1)
    const mending = performance.now()
    const byHand = await failure.mend(scene)
    if (byHand) say(`${how}: ${byHand}`)
    await homes.caughtUp(caughtUpWithinMs)
    const caughtUpMs = performance.now() - mending
    expect.that(homes.figures.receipted > receipted, `${how}: nothing was receipted afterwards`)
    Object.assign(last?.more ?? {}, {
      'caught up after s': rounded(caughtUpMs / 1_000),
      ...(byHand ? { 'by hand': byHand } : {}),
    })
  }

  figures(): Record<string, number | string> {
    const { memory } = this.#parts
    const figures: Record<string, number | string> = {}
    for (const [index, phase] of this.#phases.entries()) {
      const { how, from, to, more, heldMiB: held } = phase
      const { p50, p99 } = this.#pressesOf(phase)
      Object.assign(figures, {
        [`${how}: for s`]: rounded((to - from) / 1_000),
        [`${how}: press p50 ms`]: p50,
        [`${how}: press p99 ms`]: p99,
        [`${how}: memory peak MiB`]: memory.peak(from, to),
        // Its first third is the filling of what there is room for.
        ...(held === undefined ? {} : { [`${how}: held MiB, garbage gone`]: held }),
        [`${how}: memory MiB a minute`]: memory.slope(from + (to - from) / 3, to),
        ...Object.fromEntries(Object.entries(more).map(([what, figure]) => [`${how}: ${what}`, figure])),
      })
      if (held === undefined) this.#hold(phase, [this.#phases[index - 1], this.#phases[index + 1]])
    }
    this.#holdFlat()
    for (const [how, why] of this.#skipped) figures[`${how}: not done`] = why
    return figures
  }

  #hold(phase: Phase, neighbours: readonly (Phase | undefined)[]): void {
    const { expect, memory, warm } = this.#parts
    const { how, from, to } = phase
    const now = this.#pressesOf(phase)
    const quiet = neighbours.flatMap((one) => (one ? [this.#pressesOf(one)] : []))
    const most = {
      p50: p50Most(Math.max(...quiet.map(({ p50 }) => p50))),
      p99: p99Most(Math.max(...quiet.map(({ p99 }) => p99))),
    }
    expect.that(now.p50 <= most.p50, `${how}: half of the presses took more than ${most.p50} ms: ${now.p50} ms`)
    expect.that(
      now.p99 <= most.p99,
      `${how}: a press in a hundred took ${now.p99} ms, at most ${most.p99} ms are right`,
    )
    const [first] = this.#phases
    const [peak, allowed] = [memory.peak(from, to), memory.peak(first?.from ?? 0, first?.to ?? 0) + teethMaxMiB]
    expect.that(
      !warm || peak <= allowed,
      `${how}: the server's memory reached ${peak} MiB, at most ${allowed} MiB are right`,
    )
  }

  #holdFlat(): void {
    const { expect, warm } = this.#parts
    const [first, ...later] = this.#phases.filter((phase) => phase.heldMiB !== undefined)
    const most = (first?.heldMiB ?? 0) + leftMaxMiB
    for (const { how, heldMiB: held = 0 } of later)
      expect.that(!warm || held <= most, `${how}: the server holds ${held} MiB, at most ${most} are right`)
  }

  #pressesOf({ fromPress, toPress }: Phase): { p50: number; p99: number } {
    const took = this.#parts.presses.presses
      .slice(fromPress, toPress)
      .map(({ sentAt, receiptedAt }) => (receiptedAt ?? Number.POSITIVE_INFINITY) - sentAt)
    return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) }
  }

  async #lived(how: string, life: () => Promise<Readonly<Record<string, number | string>>>): Promise<void> {
    const { presses } = this.#parts
    const [fromPress, from] = [presses.presses.length, performance.now()]
    const more = await life()
    this.#phases.push({
      how,
      heldMiB: undefined,
      fromPress,
      toPress: presses.presses.length,
      from,
      to: performance.now(),
      more,
    })
  }
}

/** Why the store does not answer, as the server's log says it; without where a disk happens to lie. */
const lastReason = (log: string): string =>
  log
    .split('\n')
    .findLast((line) => line.includes('the telemetry store does not answer'))
    ?.match(/"why":"((?:[^"\\]|\\.)*)"/)?.[1]
    ?.replaceAll('\\"', '"')
    .replace(/\S*\/engine\//, 'engine/') ?? 'nothing'

async function waitingBytes({ url }: RunningServer): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^anju_telemetry_waiting_bytes (\d+)/m.exec(metrics)?.[1])
}
