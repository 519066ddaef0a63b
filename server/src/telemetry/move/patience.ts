import {
  type Clock,
  DomainError,
  elapsed,
  errorCode,
  errorMessage,
  type Millis,
  type Monotonic,
  millis,
  minutes,
  type Random,
  sleep,
} from '@anju/contract'
import { retryAfterOf } from '../store.ts'

const delayFirst = millis(500)
const delayMax = millis(30_000)
/** A restart or an update is waited for; a token that was revoked is not, and what was done is kept. */
const giveUpAfter = minutes(15)

interface PatienceParts {
  readonly clock: Clock
  readonly random: Random
  /** Ends every waiting. */
  readonly signal: AbortSignal
  readonly onWait: (wait: Millis, why: string) => void
}

/** Waits for a store that is away, as long as it asked for and never at the same moment as everybody else. */
export class Patience {
  readonly #parts: PatienceParts

  constructor(parts: PatienceParts) {
    this.#parts = parts
  }

  tries(): Tries {
    return new Tries(this.#parts)
  }

  /**
   * It is tried once whatever the signal says: what is confirmed is to be written down.
   * @throws what `work` throws, unless it is `telemetry-unavailable`: that only after a long time.
   */
  async with<T>(work: () => Promise<T>): Promise<T> {
    const tries = this.tries()
    for (;;) {
      try {
        return await work()
      } catch (error) {
        await tries.failed(error)
      }
    }
  }
}

/** What is behind it, as far as it is ours: a page's reader is told less than whoever sits at a terminal. */
export function whyOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  return cause instanceof DomainError ? whyOf(cause) : errorMessage(error)
}

/** One thing that is tried until it works. */
export class Tries {
  readonly #parts: PatienceParts
  #since: Monotonic | undefined
  #delay: Millis = delayFirst

  constructor(parts: PatienceParts) {
    this.#parts = parts
  }

  /** Waits until it is worth another try; throws the error when it is not. */
  async failed(error: unknown): Promise<void> {
    const { clock, random, signal, onWait } = this.#parts
    if (errorCode(error) !== 'telemetry-unavailable') throw error
    signal.throwIfAborted()
    const now = clock.monotonic()
    this.#since ??= now
    if (elapsed(this.#since, now) >= giveUpAfter) throw error
    const wait = millis(Math.round(retryAfterOf(error) + this.#delay * (0.5 + random.uniform() / 2)))
    onWait(wait, whyOf(error))
    this.#delay = millis(Math.min(this.#delay * 2, delayMax))
    await sleep(clock, wait, signal)
    signal.throwIfAborted()
  }

  worked(): void {
    this.#since = undefined
    this.#delay = delayFirst
  }
}
