import { rssKiB } from '../harness/child.ts'
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

  /** The least of it: what is left when the garbage is gone, if it was collected in between. */
  least(from: number, to: number): number {
    return rounded(Math.min(...this.#between(from, to).map(({ mib }) => mib)))
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
