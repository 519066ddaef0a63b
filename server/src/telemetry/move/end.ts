import type { Millis } from '@anju/contract'
import type { TelemetryArchive } from '../archive.ts'
import type { Refusal, TelemetryBatch, TelemetryStore } from '../store.ts'

/** One end of a move: a store of measurements, as far as moving needs to know it. */
export interface End {
  /** What a move is remembered by: no secret, and the same whenever it is the same store. */
  readonly id: string
  readonly archive: TelemetryArchive
  /** With a dictionary of series of its own. Closing it leaves the archive open. */
  open(): TelemetryStore
  /** What it would refuse before anything is sent, message by message; for one dictionary of series. */
  judge(): (batch: TelemetryBatch) => ReadonlyMap<number, Refusal>
  /**
   * How long it keeps samples: older ones it does not take, or forgets. Undefined for ever.
   * @throws DomainError `telemetry-unavailable`
   */
  keptFor(): Promise<Millis | undefined>
}

/** Before and behind every sample that any store can have: the uplink's own limits of time. */
export const earliest = -62_135_596_800_000
export const latest = 253_402_300_800_000 + 31 * 86_400_000
