import type { CentreId } from '@anju/contract'

type Ids = Map<CentreId, number>

/** One write of the disk that is waited for, and up to which ids it was asked for before it began. */
interface Flight {
  readonly wanted: Ids
  readonly done: Promise<void>
}

/**
 * Up to which id of each centre's stream the disk has what readers have read. Ids are committed in order, so that whoever has one
 * on the disk has those before it. Hundreds of consoles read the same press at once: they wait for one flush together, and at most
 * one is on its way.
 */
export class DurableUpTo {
  readonly #flush: () => Promise<void>
  readonly #known: Ids = new Map()
  #running: Flight | undefined
  #next: Flight | undefined

  /** `flush` resolves when the disk has whatever could be read before it was called. */
  constructor(flush: () => Promise<void>) {
    this.#flush = flush
  }

  /** This process has waited for the disk up to `id` itself. */
  reached(centre: CentreId, id: number): void {
    raise(this.#known, centre, id)
  }

  /** Where the stream ends, as was read. Of a restored database the ids beyond are given out anew, and nothing is known of them. */
  endsAt(centre: CentreId, last: number): void {
    if (last < (this.#known.get(centre) ?? 0)) this.#known.set(centre, last)
  }

  /**
   * Resolves when the disk has the stream up to `id`, which has been read: so a flush that begins now covers it.
   * @throws what the flush throws; the next who waits has another one.
   */
  async until(centre: CentreId, id: number): Promise<void> {
    if (covers(this.#known, centre, id)) return
    // Somebody had read it before that one began.
    if (this.#running && covers(this.#running.wanted, centre, id)) return this.#running.done
    this.#next ??= this.#flight()
    raise(this.#next.wanted, centre, id)
    return this.#next.done
  }

  #flight(): Flight {
    const wanted: Ids = new Map()
    return { wanted, done: this.#fly(wanted) }
  }

  /** Behind the one that is on its way. */
  async #fly(wanted: Ids): Promise<void> {
    await this.#running?.done.catch(() => undefined)
    this.#running = this.#next
    this.#next = undefined
    try {
      await this.#flush()
      for (const [centre, id] of wanted) raise(this.#known, centre, id)
    } finally {
      this.#running = undefined
    }
  }
}

const covers = (ids: Ids, centre: CentreId, id: number): boolean => id <= (ids.get(centre) ?? 0)

function raise(ids: Ids, centre: CentreId, id: number): void {
  if (!covers(ids, centre, id)) ids.set(centre, id)
}
