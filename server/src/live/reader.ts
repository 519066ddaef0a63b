import type { CentreId } from '@anju/contract'
import { type Frame, position, resetAt } from './frame.ts'
import type { LiveStore } from './log.ts'

/** Where frames go: one open response. */
export interface Sink {
  /** False when the reader is too slow and must go. */
  write(bytes: Buffer): boolean
  end(): void
}

/**
 * One console's place in its centre's stream. It is told of new frames as they commit and takes those that follow its place;
 * whenever one does not follow, it reads what it missed from the store. So nothing can be skipped or told twice.
 */
export class Reader {
  readonly centre: CentreId
  readonly #store: LiveStore
  readonly #sink: Sink
  #at: number | undefined
  #reading = false
  #behind = false
  #ended = false

  constructor(centre: CentreId, store: LiveStore, sink: Sink) {
    this.centre = centre
    this.#store = store
    this.#sink = sink
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Finds the place: after `lastEventId` when that can be replayed, else at the end, saying `reset` when one was asked for. */
  async start(lastEventId: string | undefined): Promise<void> {
    const { last, oldest } = await this.#store.extent(this.centre)
    const wanted = lastEventId === undefined ? undefined : replayable(lastEventId, last, oldest)
    if (lastEventId === undefined) this.write(position(last))
    else if (wanted === undefined) this.write(resetAt(last))
    this.#at = wanted ?? last
    await this.catchUp()
  }

  /** Frames that have just been committed, in order. */
  offer(frames: readonly Frame[]): void {
    if (this.#at === undefined || this.#ended) return
    // While it reads pages, what is told meanwhile is in the store too.
    if (this.#reading) {
      this.#behind = true
      return
    }
    for (const frame of frames) {
      if (frame.id <= this.#at) continue
      if (frame.id !== this.#at + 1) return void this.catchUp()
      if (!this.#take(frame)) return
    }
  }

  /** The last id written; undefined until the reader has found its place. */
  get at(): number | undefined {
    return this.#at
  }

  /** The stream is known to have got this far; `before` is where this reader stood when that was asked. */
  offerHead(last: number, before: number | undefined): void {
    if (this.#at === undefined) return
    if (last > this.#at) void this.catchUp()
    // It cannot be behind its reader, unless the database was restored: its ids are given out anew, and each is news again.
    else if (before !== undefined && last < before && this.write(resetAt(last))) this.#at = last
  }

  /** Reads until there is nothing more. A store that is away is asked again when the next head is offered. */
  async catchUp(): Promise<void> {
    if (this.#reading || this.#ended || this.#at === undefined) {
      this.#behind = true
      return
    }
    this.#reading = true
    try {
      for (;;) {
        this.#behind = false
        const frames = await this.#store.after(this.centre, this.#at)
        for (const frame of frames) if (!this.#take(frame)) return
        if (frames.length === 0 && !this.#behind) return
      }
    } catch {
      this.#behind = true
    } finally {
      this.#reading = false
    }
  }

  write(bytes: Buffer): boolean {
    if (this.#ended) return false
    if (this.#sink.write(bytes)) return true
    this.end()
    return false
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#sink.end()
  }

  #take(frame: Frame): boolean {
    if (!this.write(frame.bytes)) return false
    this.#at = frame.id
    return true
  }
}

/** The id to go on from; undefined when it is none of ours, from the future (a restored database), or too old to replay. */
function replayable(lastEventId: string, last: number, oldest: number): number | undefined {
  if (!/^\d{1,15}$/.test(lastEventId)) return undefined
  const id = Number(lastEventId)
  return id <= last && id >= oldest - 1 ? id : undefined
}
