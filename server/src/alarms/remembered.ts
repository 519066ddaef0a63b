import type { AlarmId } from '@anju/contract'
import type { Transaction } from '../ports.ts'
import type { Place } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { lockOpen, readAlarms } from './repository.ts'

const alarmsMax = 20_000

/**
 * Alarms as this process last committed them. A row that is locked and has the same version is the same in every column, for
 * every save makes the version grow: then its three dozen columns need not be read again. Of a burst that is most of the work.
 */
export class RememberedAlarms {
  readonly #known = new Map<AlarmId, AlarmRecord>()

  /** The open alarms of these places, locked until the transaction ends. */
  async lockOpen(tx: Transaction, places: readonly Place[]): Promise<AlarmRecord[]> {
    const locked = await lockOpen(tx, places)
    const open = new Map(locked.map(({ id, version }) => [id, this.#as(id, version)]))
    const unread = locked.filter(({ id }) => !open.get(id)).map(({ id }) => id)
    for (const alarm of unread.length > 0 ? await readAlarms(tx, unread) : []) open.set(alarm.id, alarm)
    return [...open.values()].filter((alarm) => alarm !== undefined)
  }

  /** After their commit; never before. */
  committed(alarms: readonly AlarmRecord[]): void {
    for (const alarm of alarms) {
      // Deleted first, so that what is touched most is forgotten last.
      this.#known.delete(alarm.id)
      if (alarm.case.handling.at !== 'closed') this.#known.set(alarm.id, alarm)
    }
    for (const id of this.#known.keys()) {
      if (this.#known.size <= alarmsMax) break
      this.#known.delete(id)
    }
  }

  #as(id: AlarmId, version: number): AlarmRecord | undefined {
    const alarm = this.#known.get(id)
    return alarm?.version === version ? alarm : undefined
  }
}
