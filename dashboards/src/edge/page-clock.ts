import type { Clock, Instant, Monotonic } from '@anju/contract/time'

/** The browser's clock, for the page and its worker: the only place here that reads it or sets a timer. */
export const pageClock: Clock = {
  now: () => Date.now() as Instant,
  monotonic: () => performance.now() as Monotonic,
  after(delay, task) {
    const handle = setTimeout(task, delay)
    return { cancel: () => clearTimeout(handle) }
  },
  every(period, task) {
    const handle = setInterval(task, period)
    return { cancel: () => clearInterval(handle) }
  },
}
