import { type Clock, elapsed, errorMessage, type Millis, type Monotonic, millis, sleep } from '@anju/contract'
import type { Database } from './ports.ts'

/** Where every commit wakes, many times a second on a bad day: what is due together is worked off together. */
export const betweenRounds = millis(100)

export interface RoundsOptions {
  /** How often we look; what is waited for stands in rows. */
  readonly every: Millis
  /** How long after the beginning of a round the next one begins at the earliest: what there is to do gathers meanwhile. */
  readonly gathersFor?: Millis
  readonly clock: Clock
  readonly database: Pick<Database, 'healthy'>
  readonly log: { error(detail: object, message: string): void }
  /** What the log says of a round that failed. */
  readonly trouble: string
}

export interface Rounds {
  /** There is something to do: a round begins now, or after the one that is under way and what it is to gather for. */
  readonly wake: () => void
  /** No round begins any more; resolves when the one under way has ended. */
  readonly stop: () => Promise<void>
  /** The round that is under way, with those that follow it at once. */
  readonly underWay: Promise<void> | undefined
}

/**
 * Work that is looked for again and again, one round at a time; a long round asks whether it is to end. One that fails is told of and keeps nothing from the next; a
 * database that is away is said by its probe, and the rows are still there when it is back.
 */
export function startRounds(round: (isStopping: () => boolean) => Promise<unknown>, options: RoundsOptions): Rounds {
  const { clock, database, log, trouble } = options
  const stopping = new AbortController()
  const isStopping = () => stopping.signal.aborted
  let running: Promise<void> | undefined
  let again = false
  let began = Number.NEGATIVE_INFINITY as Monotonic

  async function rounds(): Promise<void> {
    do {
      const early = (options.gathersFor ?? 0) - elapsed(began, clock.monotonic())
      if (early > 0) await sleep(clock, millis(early), stopping.signal)
      if (isStopping()) return
      again = false
      began = clock.monotonic()
      try {
        await round(isStopping)
      } catch (error) {
        if (database.healthy) log.error({ why: errorMessage(error) }, trouble)
      }
    } while (again && !isStopping())
  }

  function begin(): void {
    if (isStopping()) return
    running ??= rounds().finally(() => {
      running = undefined
      // Woken between the last round and here.
      if (again) begin()
    })
  }

  const timer = clock.every(options.every, begin)
  return {
    get underWay() {
      return running
    },
    wake() {
      again = true
      begin()
    },
    async stop() {
      stopping.abort()
      timer.cancel()
      await running
    },
  }
}
