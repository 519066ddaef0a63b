import type { AlarmId } from '@anju/contract'
import type { Transaction } from '../ports.ts'
import { Recent } from '../recent.ts'
import { episodeOf } from './episode-key.ts'
import type { Place } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { lockOpen, readAlarms } from './repository.ts'

const alarmsMax = 20_000

/**
 * Alarms as this process last committed them. A row that is locked and has the same version is the same in every column, for
 * every save makes the version grow: then its three dozen columns need not be read again. And a row that is written only if it
 * still has that version need not be locked before, either.
 */
export class RememberedAlarms {
  readonly #known = new Recent<AlarmId, AlarmRecord>(alarmsMax)
  /** The newest of each open episode, be it committed or only sent: what the next one in line builds on. */
  readonly #newest = new Recent<string, AlarmRecord>(alarmsMax)

  /** The open alarms of these places, locked until the transaction ends. */
  async lockOpen(tx: Transaction, places: readonly Place[]): Promise<AlarmRecord[]> {
    const locked = await lockOpen(tx, places)
    const open = new Map(locked.map(({ id, version }) => [id, this.#as(id, version)]))
    const unread = locked.filter(({ id }) => !open.get(id)).map(({ id }) => id)
    for (const alarm of unread.length > 0 ? await readAlarms(tx, unread) : []) open.set(alarm.id, alarm)
    return [...open.values()].filter((alarm) => alarm !== undefined)
  }

  /** The open alarms of these episodes, as they will be when all that was sent is committed; undefined when one is not remembered. */
  openOf(episodes: Iterable<string>): AlarmRecord[] | undefined {
    const open: AlarmRecord[] = []
    for (const episode of episodes) {
      const alarm = this.#newest.get(episode)
      if (!alarm) return undefined
      open.push(alarm)
    }
    return open
  }

  /** Written in line and not committed yet. */
  sent(alarms: readonly AlarmRecord[]): void {
    for (const alarm of alarms) this.#newest.set(episodeOf(alarm), alarm)
  }

  /** What was sent and refused: how these alarms are is in the table only. */
  refused(alarms: readonly AlarmRecord[]): void {
    for (const alarm of alarms) {
      const key = episodeOf(alarm)
      if (this.#newest.get(key) === alarm) this.#newest.delete(key)
    }
  }

  /** What was sent has been committed: as the newest it is remembered already. */
  saved(alarms: readonly AlarmRecord[]): void {
    for (const alarm of alarms) this.#known.set(alarm.id, alarm)
  }

  /** After their commit; never before. */
  committed(alarms: readonly AlarmRecord[]): void {
    for (const alarm of alarms) {
      const key = episodeOf(alarm)
      if (alarm.case.handling.at === 'closed') {
        this.#known.delete(alarm.id)
        this.#newest.delete(key)
        continue
      }
      this.#known.set(alarm.id, alarm)
      // What was sent behind it is newer.
      if ((this.#newest.get(key)?.version ?? 0) < alarm.version) this.#newest.set(key, alarm)
    }
  }

  #as(id: AlarmId, version: number): AlarmRecord | undefined {
    const alarm = this.#known.get(id)
    return alarm?.version === version ? alarm : undefined
  }
}
