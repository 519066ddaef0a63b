import { type Clock, formatInstant } from '@anju/contract'
import type { LiveItem } from '@anju/contract/api'

export type PartState = 'ok' | 'degraded'
export type Part = 'store' | 'telemetry'

/** How the parts are that a console depends on. Kept in memory: it must be sayable while PostgreSQL is away. */
export class StatusBoard {
  readonly #clock: Clock
  readonly #states: Record<Part, PartState> = { store: 'ok', telemetry: 'ok' }
  readonly #listeners = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(part: Part, state: PartState): void {
    if (this.#states[part] === state) return
    this.#states[part] = state
    for (const listener of this.#listeners) listener()
  }

  get store(): PartState {
    return this.#states.store
  }

  /** @returns a function that stops the telling. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  item(): Extract<LiveItem, { event: 'status' }> {
    return { event: 'status', data: { prev: null, ...this.#states, at: formatInstant(this.#clock.now()) } }
  }
}
