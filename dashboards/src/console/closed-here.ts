import type { Alarm } from '@anju/contract/api'

interface Closed {
  readonly id: string
  /** Until when the server takes it back. */
  readonly until: string
}

/** Nobody closes more in a minute. */
const closedMax = 20

/** What was closed at this page and may still be taken back, in order. Like a lease it outlives a reload of the page. */
export class ClosedHere {
  #closed: readonly Closed[]
  readonly #remember: (text: string | null) => void

  /** `remembered` is what `remember` was last given. */
  constructor(remember: (text: string | null) => void, remembered: string | null) {
    this.#remember = remember
    this.#closed = closedIn(remembered)
  }

  add({ id, undoUntil }: Alarm): void {
    if (undoUntil === null) return
    this.#closed = [...this.#closed.filter((one) => one.id !== id), { id, until: undoUntil }].slice(-closedMax)
    this.#remember(JSON.stringify(this.#closed))
  }

  /** Those whose minute is not over, the last one closed at the end. */
  ids(serverNow: number): string[] {
    return this.#closed.filter(({ until }) => Date.parse(until) > serverNow).map(({ id }) => id)
  }
}

/** A tab's storage is anybody's to write: what is no list of ours is none. */
function closedIn(text: string | null): readonly Closed[] {
  try {
    const given: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(given) ? given.filter(isClosed).slice(-closedMax) : []
  } catch {
    return []
  }
}
const isClosed = (one: unknown): one is Closed =>
  typeof one === 'object' &&
  one !== null &&
  'id' in one &&
  typeof one.id === 'string' &&
  'until' in one &&
  typeof one.until === 'string'
