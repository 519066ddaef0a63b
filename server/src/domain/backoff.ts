import { type Instant, millis, plus, seconds } from '@anju/contract'

const backoffFirst = seconds(1)
const backoffMax = seconds(60)

/**
 * When to try again after so many tries: exponential, up to half of it taken off by chance (0 to 1), so that a provider that
 * comes back is not met by everybody at once.
 */
export function backoff(tries: number, now: Instant, chance: number): Instant {
  const full = Math.min(backoffFirst * 2 ** Math.max(0, tries - 1), backoffMax)
  return plus(now, millis(Math.round(full * (1 - chance / 2))))
}
