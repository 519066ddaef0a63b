import type { Transaction } from '../ports.ts'
import type { EndedTrack, Ledger, TrackOfAlarm, Wave } from './ports.ts'

/**
 * What was decided of the tracks of many alarms and does not stand in the ledger yet: written together, it is a few statements, and
 * not a few for each of them. A track that is withdrawn asks nobody any more in the same breath, so its order is that of the calls.
 */
export class Decided {
  readonly #tx: Transaction
  readonly #ledger: Ledger
  #waves: Wave[] = []
  #withdrawn: TrackOfAlarm[] = []
  readonly #ended: EndedTrack[] = []

  constructor(tx: Transaction, ledger: Ledger) {
    this.#tx = tx
    this.#ledger = ledger
  }

  ask(wave: Wave): void {
    if (wave.attempts.length > 0) this.#waves.push(wave)
  }

  withdraw(track: TrackOfAlarm): void {
    this.#withdrawn.push(track)
  }

  standDown(track: EndedTrack): void {
    this.#ended.push(track)
  }

  /** Writes what this track asks, before the ledger is asked about it. */
  writeDown({ alarm, track }: TrackOfAlarm): void {
    if (this.#waves.some((wave) => wave.track === track && wave.alarm.alarm === alarm)) this.#write()
  }

  /** @returns the tracks of which somebody is still to be told that they need not go */
  async end(): Promise<ReadonlySet<EndedTrack>> {
    this.#write()
    return new Set(await this.#ledger.standDown(this.#tx, this.#ended))
  }

  #write(): void {
    this.#ledger.queue(this.#tx, this.#waves)
    this.#ledger.withdraw(this.#tx, this.#withdrawn)
    this.#waves = []
    this.#withdrawn = []
  }
}
