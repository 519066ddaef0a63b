import type { Millis } from '@anju/contract'

export interface LatencySummary {
  readonly count: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
}

/** Bounded by keeping every nth once it is full: percentiles stay honest, memory stays small. */
const keptMax = 200_000

/** Collects latencies and says their percentiles (nearest rank). */
export class Latencies {
  #kept: number[] = []
  #every = 1
  #count = 0
  #max = Number.NEGATIVE_INFINITY

  add(latency: Millis): void {
    this.#max = Math.max(this.#max, latency)
    if (this.#count % this.#every === 0) this.#kept.push(latency)
    this.#count += 1
    if (this.#kept.length < keptMax) return
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0)
    this.#every *= 2
  }

  summary(): LatencySummary {
    const sorted = Float64Array.from(this.#kept).sort()
    const rank = (part: number) => {
      const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]
      return value === undefined ? null : Math.round(value * 10) / 10
    }
    const maxMs = this.#count > 0 ? Math.round(this.#max * 10) / 10 : null
    return { count: this.#count, p50Ms: rank(0.5), p95Ms: rank(0.95), p99Ms: rank(0.99), maxMs }
  }
}
