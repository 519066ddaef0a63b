import type { Transaction } from '../ports.ts'
import type { Ledger, TrackOfAlarm, Wave } from './ports.ts'

/**
 * Whom the tracks of many alarms ask, and whom no more, as long as it does not stand in the ledger: written together, it is a few
 * statements, and not a few for each of them. A track that is withdrawn asks nobody any more in the same breath, so what is asked is
 * written before what is withdrawn.
 */
export class Decided {
  readonly #tx: Transaction
  readonly #ledger: Ledger
  #waves: Wave[] = []
  #withdrawn: TrackOfAlarm[] = []

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

  /** Writes what this track asks, before the ledger is asked about it. */
  writeBeforeReading({ alarm, track }: TrackOfAlarm): void {
    if (this.#waves.some((wave) => wave.track === track && wave.alarm.alarm === alarm)) this.write()
  }

  write(): void {
    this.#ledger.queue(this.#tx, this.#waves)
    this.#ledger.withdraw(this.#tx, this.#withdrawn)
    this.#waves = []
    this.#withdrawn = []
  }
}
