import type { Instant } from '@anju/contract'
import type { EventEntry } from '../ports.ts'

const keptMax = 4_096

/** When an event's fsync returned; its row can only know the moment before. */
export class StoredTimes {
  readonly #times = new Map<string, Instant>()

  remember(id: string, at: Instant): void {
    this.#times.set(id, at)
    if (this.#times.size > keptMax) this.#times.delete(this.#times.keys().next().value ?? '')
  }

  stamped(entry: EventEntry): EventEntry {
    return { ...entry, storedAt: this.#times.get(entry.id) ?? entry.storedAt }
  }
}
