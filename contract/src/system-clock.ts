import { performance } from 'node:perf_hooks'
import type { Clock, Instant, Monotonic } from './time.ts'

/** The machine's clock: the only place that reads it or sets a timer. */
export const systemClock: Clock = {
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
