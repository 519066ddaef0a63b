import type { Clock, Instant, Millis, Monotonic, Timer } from './time.ts'

interface Pending {
  due: number
  order: number
  period?: Millis
  task: () => void
}

/** A clock that stands still until told to pass; timers run in the order they fall due. */
export class VirtualClock implements Clock {
  #now: number
  #order = 0
  readonly #started: number
  readonly #pending = new Set<Pending>()

  constructor(start: Instant) {
    this.#now = start
    this.#started = start
  }

  now(): Instant {
    return this.#now as Instant
  }

  monotonic(): Monotonic {
    return (this.#now - this.#started) as Monotonic
  }

  after(delay: Millis, task: () => void): Timer {
    return this.#add({ due: this.#now + delay, order: this.#order++, task })
  }

  every(period: Millis, task: () => void): Timer {
    return this.#add({ due: this.#now + period, order: this.#order++, period, task })
  }

  /** Lets `length` pass, running what falls due on the way and letting promises settle between timers. */
  async pass(length: Millis): Promise<void> {
    const end = this.#now + length
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.due
      if (next.period) next.due += next.period
      else this.#pending.delete(next)
      next.task()
      await settled()
    }
    this.#now = end
    await settled()
  }

  #add(pending: Pending): Timer {
    this.#pending.add(pending)
    return { cancel: () => this.#pending.delete(pending) }
  }

  #next(until: number): Pending | undefined {
    let first: Pending | undefined
    for (const pending of this.#pending) {
      if (pending.due > until) continue
      if (!first || pending.due < first.due || (pending.due === first.due && pending.order < first.order))
        first = pending
    }
    return first
  }
}

/** Microtasks that are ready now, and those they make ready. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve()
}
