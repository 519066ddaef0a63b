import { type CentreId, type Clock, DomainError, type PersonId, type SessionId, seconds, sleep } from '@anju/contract'
import { type Frame, HEARTBEAT, unnumbered } from './frame.ts'
import type { LiveStore } from './log.ts'
import { Reader, type Sink } from './reader.ts'
import type { StatusBoard } from './status.ts'

const heartbeatEvery = seconds(10)
/** How far behind another process a console may fall when a notification is lost. */
const pollEvery = seconds(2)
/** How soon a console that came while the store was away is tried again. */
const retryEvery = seconds(1)
/** How long a stream outlives the session it was opened with: it goes on for hours, and its session may end meanwhile. */
const recheckEvery = seconds(10)
const readersMax = 2_000

export interface HubOptions {
  readonly store: LiveStore
  readonly status: StatusBoard
  readonly clock: Clock
}

/** Asked before a console's stream begins, and while it goes on. */
export interface Admission {
  /** Awaited before anything personal is written: it commits the audit row. */
  authorise(): Promise<void>
  /** False once its session has ended or its role no longer allows it; a failure to find out ends nothing. */
  stillAllowed(): Promise<boolean>
  /** Whether who reads may take an alarm: others look on, and nobody waits for them. */
  readonly takesAlarms: boolean
  /** Who reads. */
  readonly person: PersonId
  readonly session: SessionId
}

/** Somebody who looks at a centre's queue and may take an alarm from it. */
export interface Watching {
  readonly centre: CentreId
  readonly person: PersonId
  readonly session: SessionId
}

/** Who listens, and what they are told: committed frames, how the parts are, and that the line is alive. */
export class LiveHub {
  readonly #store: LiveStore
  readonly #status: StatusBoard
  readonly #clock: Clock
  readonly #readers = new Map<CentreId, Set<Reader>>()
  readonly #admissions = new Map<Reader, Admission>()
  readonly #stops: (() => void)[]
  #onFirst: (() => void) | undefined
  #count = 0
  #polling = false
  #rechecking = false

  constructor({ store, status, clock }: HubOptions) {
    this.#store = store
    this.#status = status
    this.#clock = clock
    const heartbeat = clock.every(heartbeatEvery, () => this.#all((reader) => reader.write(HEARTBEAT)))
    const poll = clock.every(pollEvery, () => void this.poll())
    const stopStatus = status.onChange(() => {
      const bytes = this.#statusBytes()
      this.#all((reader) => reader.write(bytes))
    })
    const recheck = clock.every(recheckEvery, () => void this.#recheck())
    this.#stops = [() => heartbeat.cancel(), () => poll.cancel(), () => recheck.cancel(), stopStatus]
  }

  get readers(): number {
    return this.#count
  }

  /** Who looks at a queue here and may take an alarm from it; once, at however many pages of one session. */
  get watching(): Watching[] {
    const taking = [...this.#admissions].flatMap(([{ centre }, { takesAlarms, person, session }]) =>
      takesAlarms ? [[session, { centre, person, session }] as const] : [],
    )
    return [...new Map(taking).values()]
  }

  /** Called when somebody begins to look at a queue here who did not yet. */
  onFirst(listener: () => void): void {
    this.#onFirst = listener
  }

  /**
   * Opens a console's stream. While the store is away it carries `status` only, and finds its place when the store is back.
   * @throws DomainError `overloaded` when too many listen already.
   */
  open(centre: CentreId, sink: Sink, lastEventId: string | undefined, admission: Admission): Reader {
    if (this.#count >= readersMax)
      throw new DomainError('overloaded', `at most ${readersMax} consoles per server process`)
    const reader = new Reader(centre, this.#store, sink)
    const group = this.#readers.get(centre) ?? new Set()
    const first = admission.takesAlarms && !this.watching.some(({ session }) => session === admission.session)
    this.#readers.set(centre, group.add(reader))
    this.#admissions.set(reader, admission)
    this.#count++
    if (first) this.#onFirst?.()
    reader.write(this.#statusBytes())
    void this.#begin(reader, lastEventId, admission)
    return reader
  }

  close(reader: Reader): void {
    if (this.#readers.get(reader.centre)?.delete(reader)) this.#count--
    this.#admissions.delete(reader)
    reader.end()
  }

  /** The fast path: frames of a transaction of this process, right after its COMMIT. */
  announce(centre: CentreId, frames: () => readonly Frame[]): void {
    if (!this.#readers.get(centre)?.size) return
    const made = frames()
    this.#each(centre, (reader) => reader.offer(made))
  }

  /** Another process says that this centre's stream grew. */
  grew(centre: CentreId): void {
    this.#each(centre, (reader) => void reader.catchUp())
  }

  /** Whatever was not told in any other way is found by asking. */
  async poll(): Promise<void> {
    if (this.#polling || this.#count === 0) return
    this.#polling = true
    try {
      const places = new Map([...this.#admissions.keys()].map((reader) => [reader, reader.at]))
      for (const [centre, last] of await this.#store.heads())
        this.#each(centre, (reader) => reader.offerHead(last, places.get(reader)))
    } catch {
      // Said by the status board; the next poll asks again.
    } finally {
      this.#polling = false
    }
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    this.#all((reader) => this.close(reader))
  }

  async #begin(reader: Reader, lastEventId: string | undefined, admission: Admission): Promise<void> {
    while (!reader.ended) {
      try {
        await admission.authorise()
        return await reader.start(lastEventId)
      } catch (error) {
        const away = error instanceof DomainError && error.code === 'store-unavailable'
        if (!away) return this.close(reader)
        await sleep(this.#clock, retryEvery)
      }
    }
  }

  /** One after the other: hundreds of consoles must not take all connections to the store at once. */
  async #recheck(): Promise<void> {
    if (this.#rechecking) return
    this.#rechecking = true
    for (const [reader, admission] of this.#admissions)
      if (!(await admission.stillAllowed().catch(() => true))) this.close(reader)
    this.#rechecking = false
  }

  #each(centre: CentreId, task: (reader: Reader) => void): void {
    for (const reader of this.#readers.get(centre) ?? []) {
      task(reader)
      if (reader.ended) this.close(reader)
    }
  }

  #all(task: (reader: Reader) => void): void {
    for (const centre of this.#readers.keys()) this.#each(centre, task)
  }

  #statusBytes(): Buffer {
    const { event, data } = this.#status.item()
    return unnumbered(event, data)
  }
}
