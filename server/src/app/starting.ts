import { type Clock, DomainError, errorMessage, millis, seconds, sleep } from '@anju/contract'
import { failureOf } from '../database/failure.ts'
import { openWaitingRoom, type WaitingRoom } from '../http/waiting-room.ts'

const againAfter = millis(500)
/** A step that takes no longer needs no word. */
const sayAfter = seconds(2)
const sayEvery = seconds(10)

export interface StartingParts {
  /** Where the server will be reached. */
  readonly http: { readonly host: string; readonly port: number }
  readonly clock: Clock
  readonly log: { warn(detail: object, message: string): void }
  /** Whoever started it wants it no more. */
  readonly stopped?: AbortSignal | undefined
}

/** A start that no slow or absent database ends: it waits for as long as that takes, and says so in the log and on `/readyz`. */
export interface Starting {
  /**
   * One step that needs the database, `what` in words: tried again until it is there. A step may be tried in the middle of itself.
   * @throws what no waiting mends, and DomainError `store-unavailable` once the start is not wanted any more.
   */
  step<T>(what: string, work: () => Promise<T>): Promise<T>
  /** Frees the server's address: from here on it answers itself, or nobody. */
  end(): Promise<void>
}

export function createStarting({ http, clock, log, stopped }: StartingParts): Starting {
  let waitsFor = ''
  let room: Promise<WaitingRoom | undefined> | undefined

  function say(what: string, why: string): void {
    waitsFor = what
    log.warn({ waitsFor, why }, 'the start waits')
    room ??= openWaitingRoom(http, () => waitsFor).catch((error: unknown) => {
      log.warn({ why: errorMessage(error) }, 'nobody is answered while the start waits')
      return undefined
    })
  }

  return {
    async step(what, work) {
      let why = 'it takes its time'
      const timers = [clock.after(sayAfter, () => say(what, why)), clock.every(sayEvery, () => say(what, why))]
      try {
        for (;;) {
          try {
            return await work()
          } catch (error) {
            if (!mayPass(error)) throw error
            why = reasonOf(error)
          }
          await sleep(clock, againAfter, stopped)
          if (stopped?.aborted)
            throw new DomainError('store-unavailable', `stopped while it waited for ${what}`, { why })
        }
      } finally {
        for (const timer of timers) timer.cancel()
      }
    },
    async end() {
      const opened = room
      room = undefined
      await (await opened)?.close()
    },
  }
}

/** A database that is away, or one in which others hold what is wanted (a migration behind a dump). */
function mayPass(error: unknown): boolean {
  if (failureOf(error) === 'unavailable') return true
  if (error instanceof DomainError) return error.code === 'overloaded'
  const { cause } = error as Error
  return cause !== undefined && mayPass(cause)
}

function reasonOf(error: unknown): string {
  const why = error instanceof DomainError ? error.detail['why'] : undefined
  return typeof why === 'string' ? `${errorMessage(error)}: ${why}` : errorMessage(error)
}
