import { type Clock, DomainError, elapsed, type Monotonic, seconds } from '@anju/contract'

const failuresMax = 5
const windowLength = seconds(60)
/** Bounds the memory an attacker can take by inventing names; the oldest entry goes first. */
const entriesMax = 10_000

/** Counts wrong passwords, or wrong codes, per account and address, so that guessing from one place does not lock a seat out at another. */
export class LoginLimit {
  readonly #clock: Clock
  readonly #failures = new Map<string, { count: number; since: Monotonic }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Seconds until this account may be tried again from this address; 0 when now. */
  waitS(account: string, address: string): number {
    const entry = this.#failures.get(key(account, address))
    if (!entry) return 0
    const age = elapsed(entry.since, this.#clock.monotonic())
    if (age >= windowLength) {
      this.#failures.delete(key(account, address))
      return 0
    }
    return entry.count < failuresMax ? 0 : Math.ceil((windowLength - age) / 1_000)
  }

  /**
   * One more try, taken for a wrong one until it has `succeeded`: of many at once, none passes before the others are counted.
   * @throws DomainError `too-many-requests` while this account may not be tried from this address.
   */
  tries(account: string, address: string): void {
    const waitS = this.waitS(account, address)
    if (waitS > 0)
      throw new DomainError('too-many-requests', `too many wrong tries; try again in ${waitS} s`, { waitS })
    const name = key(account, address)
    const entry = this.#failures.get(name)
    if (entry) entry.count++
    else {
      const [oldest] = this.#failures.keys()
      if (this.#failures.size >= entriesMax && oldest) this.#failures.delete(oldest)
      this.#failures.set(name, { count: 1, since: this.#clock.monotonic() })
    }
  }

  /** It was none: whoever was to judge it could not. */
  untried(account: string, address: string): void {
    const entry = this.#failures.get(key(account, address))
    if (entry) entry.count--
  }

  succeeded(account: string, address: string): void {
    this.#failures.delete(key(account, address))
  }
}

const key = (account: string, address: string): string => `${account.toLowerCase()} ${address}`
