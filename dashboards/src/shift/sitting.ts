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
  #choices = 0
  #said: Promise<void> = Promise.resolve()
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
  sit(seat: string | null): Promise<void> {
    this.#remembered = null
    this.#choices++
    const said = this.#said.then(() => this.#say(seat))
    // One after the other: what was chosen last is what holds, here and at the server.
    this.#said = said.catch(() => undefined)
    return said
  }

  /** The next one to log in at this browser sits where it stands. Called each second while the line is up; once said, it does nothing. */
  async remember(): Promise<void> {
    const seat = this.#remembered
    if (seat === null) return
    const choices = this.#choices + 1
    try {
      await this.sit(seat)
    } catch (error) {
      // Somebody chose meanwhile.
      if (this.#choices !== choices) return
      const again = () => {
        this.#remembered = seat
      }
      const refused = error instanceof Refusal && error.status >= 400 && error.status < 500
      // Not heard: said again with the next second.
      if (!refused) again()
      // One that is no more. The server has this console there all the same, and counts on it for no other seat until it hears so.
      else if (error.code === 'seat-unknown') await this.sit(null).catch(again)
    }
  }

  async #say(seat: string | null): Promise<void> {
    const person = await consoles.sit(seat)
    kept.write('seat', person.seat?.id ?? null)
    this.#seat = person.seat
    for (const listener of this.#listeners) listener()
  }
}
