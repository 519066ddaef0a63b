import { type Clock, EARLIEST_CREDIBLE, type Instant, type Millis, type Monotonic, type Timer } from '@anju/contract'

/**
 * A wall clock that never shows a time before the last one the gateway knew: after a power cut the machine may believe it is
 * 1970, and certificates, ages and charts would all be wrong. From the last known time on, the monotonic clock carries it.
 */
export class RestoredClock implements Clock {
  readonly #clock: Clock
  #known: { readonly at: Instant; readonly mono: Monotonic } | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  restore(lastKnown: Instant): void {
    this.#known = { at: lastKnown, mono: this.#clock.monotonic() }
  }

  now(): Instant {
    const now = this.#clock.now()
    if (!this.#known || now >= this.#known.at) return now
    return (this.#known.at + Math.max(0, this.#clock.monotonic() - this.#known.mono)) as Instant
  }

  /** Whether the machine's own clock can be believed. */
  get synced(): boolean {
    const now = this.#clock.now()
    return now >= EARLIEST_CREDIBLE && (!this.#known || now >= this.#known.at)
  }

  /** How far the machine's clock is behind what we know, in ms; null when it is not. */
  get offsetMs(): number | null {
    return this.synced ? null : Math.round(this.#clock.now() - this.now())
  }

  monotonic(): Monotonic {
    return this.#clock.monotonic()
  }

  after(delay: Millis, task: () => void): Timer {
    return this.#clock.after(delay, task)
  }

  every(period: Millis, task: () => void): Timer {
    return this.#clock.every(period, task)
  }
}
