import { type Clock, minutes } from '@anju/contract'
import type { Buckets } from '../influx-setup/bucket-names.ts'
import { pieceFrom } from '../pieces.ts'
import type { InfluxWire, KeptBucket } from './wire.ts'

/** What is there until the end of its retention may go at any moment after it. */
const marginMs = 3_600_000
const lookAgainAfter = minutes(10)
/** Nobody keeps anything for less. */
const keptMsMin = 86_400_000

/** A bucket of sums, and from when on it is complete. */
export interface SumShelf extends Begin {
  readonly bucket: string
  readonly of: 'five-minutes' | 'days'
}
interface Begin {
  /** Kept from here on as things are now; −Infinity when it is for ever. */
  readonly from: number
  /** From here on whatever was said before: what a shorter retention forgot does not come back with a longer one. */
  readonly surelyFrom: number
}
export interface Kept {
  readonly samples: Begin
  /** The finest first; none where setup never ran. */
  readonly sums: readonly SumShelf[]
}

/** What is kept, as InfluxDB says itself: retentions are changed by hand, and setup may never have run. */
export class Shelves {
  readonly #wire: Pick<InfluxWire, 'kept'>
  readonly #buckets: Buckets
  readonly #clock: Clock
  #found: { readonly at: number; readonly kept: readonly (KeptBucket | undefined)[] } | undefined

  constructor(wire: Pick<InfluxWire, 'kept'>, buckets: Buckets, clock: Clock) {
    this.#wire = wire
    this.#buckets = buckets
    this.#clock = clock
  }

  /** @throws DomainError `telemetry-unavailable` */
  async now(): Promise<Kept> {
    const { raw, fiveMinutes, days } = this.#buckets
    const now = this.#clock.now()
    if (!this.#found || now - this.#found.at >= lookAgainAfter) {
      const kept = await Promise.all([raw, fiveMinutes, days].map((name) => this.#wire.kept(name)))
      this.#found = { at: now, kept }
    }
    const [ofRaw, ofFiveMinutes, ofDays] = this.#found.kept
    return {
      samples: beginOf(ofRaw ?? { keptS: 0, unchangedSince: Number.POSITIVE_INFINITY }, now),
      sums: [
        ...(ofFiveMinutes
          ? [{ bucket: fiveMinutes, of: 'five-minutes' as const, ...beginOf(ofFiveMinutes, now) }]
          : []),
        ...(ofDays ? [{ bucket: days, of: 'days' as const, ...beginOf(ofDays, now) }] : []),
      ],
    }
  }
}

function beginOf({ keptS, unchangedSince }: KeptBucket, now: number): Begin {
  const from = keptS === 0 ? Number.NEGATIVE_INFINITY : pieceFrom(now - keptS * 1_000 + marginMs)
  return { from, surelyFrom: Math.max(from, Math.min(unchangedSince, now - keptMsMin)) }
}
