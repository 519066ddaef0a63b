import { type Clock, minutes } from '@anju/contract'
import type { Buckets } from '../influx-setup/bucket-names.ts'
import { pieceFrom } from '../pieces.ts'
import type { InfluxWire } from './wire.ts'

/** What is there until the end of its retention may go at any moment after it. */
const marginMs = 3_600_000
const lookAgainAfter = minutes(10)
/** Nobody keeps samples for less. */
const keptMsMin = 86_400_000

/** A bucket of sums, and from when on it is complete. */
export interface SumShelf {
  readonly bucket: string
  readonly of: 'five-minutes' | 'days'
  readonly from: number
}
export interface Kept {
  /** Samples are kept from here on; −Infinity when they are kept for ever. */
  readonly samplesFrom: number
  /** From here on they are kept whatever was said before: what a retention forgot does not come back with a longer one. */
  readonly samplesSurelyFrom: number
  /** The finest first; none where setup never ran. */
  readonly sums: readonly SumShelf[]
}

/** What is kept, as InfluxDB says itself: retentions are changed by hand, and setup may never have run. */
export class Shelves {
  readonly #wire: Pick<InfluxWire, 'keptS'>
  readonly #buckets: Buckets
  readonly #clock: Clock
  #found: { readonly at: number; readonly keptS: readonly (number | undefined)[] } | undefined

  constructor(wire: Pick<InfluxWire, 'keptS'>, buckets: Buckets, clock: Clock) {
    this.#wire = wire
    this.#buckets = buckets
    this.#clock = clock
  }

  /** @throws DomainError `telemetry-unavailable` */
  async now(): Promise<Kept> {
    const { raw, fiveMinutes, days } = this.#buckets
    const now = this.#clock.now()
    if (!this.#found || now - this.#found.at >= lookAgainAfter) {
      const keptS = await Promise.all([raw, fiveMinutes, days].map((name) => this.#wire.keptS(name)))
      this.#found = { at: now, keptS }
    }
    const [ofRaw, ofFiveMinutes, ofDays] = this.#found.keptS
    const from = (keptS: number | undefined) =>
      keptS === undefined || keptS === 0 ? Number.NEGATIVE_INFINITY : pieceFrom(now - keptS * 1_000 + marginMs)
    return {
      samplesFrom: from(ofRaw),
      samplesSurelyFrom: Math.max(from(ofRaw), now - keptMsMin),
      sums: [
        ...(ofFiveMinutes === undefined
          ? []
          : [{ bucket: fiveMinutes, of: 'five-minutes' as const, from: from(ofFiveMinutes) }]),
        ...(ofDays === undefined ? [] : [{ bucket: days, of: 'days' as const, from: from(ofDays) }]),
      ],
    }
  }
}
