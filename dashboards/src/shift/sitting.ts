import type { SeatTaken } from '@anju/contract/api'
import { consoles } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { kept } from '../edge/page-store.ts'

/**
 * Which seat this console is. The browser remembers it: a desk stays where it is while people come and go. The server knows it for
 * as long as the session lasts, so that no step waits for a desk at which nobody sits.
 */
export class Sitting {
  #seat: SeatTaken | null
  /** What the browser remembers and the server has not heard yet. */
  #remembered: string | null
  #saying = false
  readonly #listeners = new Set<() => void>()

  constructor(seat: SeatTaken | null) {
    this.#seat = seat
    this.#remembered = seat === null ? kept.read('seat') : null
  }

  readonly view = (): SeatTaken | null => this.#seat
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** From now on; null: at none that is said. @throws Refusal */
  async sit(seat: string | null): Promise<void> {
    this.#remembered = null
    const person = await consoles.sit(seat)
    kept.write('seat', person.seat?.id ?? null)
    this.#seat = person.seat
    for (const listener of this.#listeners) listener()
  }

  /** The next one to log in at this browser sits where it stands. Called while the line is up; once it was said, it does nothing. */
  async remember(): Promise<void> {
    const seat = this.#remembered
    if (seat === null || this.#saying) return
    this.#saying = true
    try {
      await this.sit(seat)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'seat-unknown') kept.write('seat', null)
      // Not heard: said again at the next word of the line, unless somebody chose meanwhile.
      else this.#remembered ??= seat
    } finally {
      this.#saying = false
    }
  }
}
