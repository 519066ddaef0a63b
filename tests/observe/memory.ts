import { join } from 'node:path'
import { type Part, rssKiB } from '../harness/child.ts'
import { repositoryRoot } from '../harness/root.ts'
import { until } from '../harness/wait.ts'
import { rounded } from './observation.ts'

const everyMs = 500

/** The resident memory of a process, looked at twice a second for as long as it lasts. */
export class MemoryWatch {
  readonly #samples: { readonly at: number; readonly mib: number }[] = []
  readonly #timer: NodeJS.Timeout

  constructor(pid: number) {
    this.#timer = setInterval(() => this.#samples.push({ at: performance.now(), mib: rssKiB(pid) / 1_024 }), everyMs)
  }

  /** The most of it between two moments, in MiB. */
  peak(from: number, to: number): number {
    return rounded(Math.max(0, ...this.#between(from, to).map(({ mib }) => mib)))
  }

  /** How fast it grew between two moments, by least squares, in MiB a minute. */
  slope(from: number, to: number): number {
    const samples = this.#between(from, to)
    const mean = (of: (sample: { at: number; mib: number }) => number) =>
      samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
    const [at, mib] = [mean((sample) => sample.at), mean((sample) => sample.mib)]
    const together = samples.reduce((sum, one) => sum + (one.at - at) * (one.mib - mib), 0)
    const alone = samples.reduce((sum, one) => sum + (one.at - at) ** 2, 0)
    return alone === 0 ? 0 : rounded((together / alone) * 60_000)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #between(from: number, to: number) {
    return this.#samples.filter(({ at }) => at >= from && at <= to)
  }
}

/** The environment of a server that can be asked what it holds. */
export const COLLECTING = {
  NODE_OPTIONS: `--expose-gc --import=${join(repositoryRoot, 'tests/observe/collect-on-signal.ts')}`,
}
/** The server's own and the telemetry worker's. */
const threads = 2
const collectedWithinMs = 10_000

/** What the threads of a server hold when all of their garbage is gone, heaps and buffers, in MiB; `time`: how often it was asked, this time included. */
export async function heldMiB(part: Part, time: number): Promise<number> {
  process.kill(part.pid, 'SIGUSR2')
  const said = () => [
    ...part.log().matchAll(new RegExp(`garbage collected ${time}: thread \\d+ holds (\\d+) bytes`, 'g')),
  ]
  await until('the garbage to be collected', () => said().length === threads, {
    withinMs: collectedWithinMs,
  })
  return rounded(said().reduce((sum, [, bytes]) => sum + Number(bytes), 0) / 2 ** 20)
}
