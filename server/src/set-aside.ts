import { type Clock, elapsed, errorCode, type Monotonic, seconds } from '@anju/contract'

const asideFor = seconds(2)
const keysMax = 10_000

/**
 * What could not be worked off, each by its key: tried again soon, and not before the others. Left at the front of what is due,
 * enough of it would keep everybody else waiting for ever.
 */
export class SetAside<Key> {
  readonly #clock: Clock
  /** Oldest first. */
  readonly #since = new Map<Key, Monotonic>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(key: Key): void {
    this.#since.delete(key)
    this.#since.set(key, this.#clock.monotonic())
    const [oldest] = this.#since.keys()
    if (this.#since.size > keysMax && oldest !== undefined) this.#since.delete(oldest)
  }

  /** Those not to be tried yet. */
  get keys(): Key[] {
    for (const [key, since] of this.#since) {
      if (elapsed(since, this.#clock.monotonic()) < asideFor) break
      this.#since.delete(key)
    }
    return [...this.#since.keys()]
  }
}

/**
 * Whether it may be this one thing alone: its own fault, or that it waited for too long in a database that answers others. Then
 * they are tried without it.
 */
export const isOneAlone = (error: unknown, database: { readonly healthy: boolean }): boolean =>
  isItsOwnFault(error) || (errorCode(error) === 'store-unavailable' && database.healthy)

/** Whether it is the thing's own fault: a database that is away, or that too many wanted at once, fails whatever was asked of it. */
export const isItsOwnFault = (error: unknown): boolean => {
  const code = errorCode(error)
  return code !== 'store-unavailable' && code !== 'overloaded'
}
