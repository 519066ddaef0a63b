import { type Clock, days, elapsed, type Monotonic, seconds } from '@anju/contract'
import type { ErasedHome } from '../erasure/erased-homes.ts'
import type { Patience } from './patience.ts'

/** Every home that was ever erased, and until when. */
export type ReadErased = () => Promise<readonly ErasedHome[]>

const refreshEvery = seconds(1)
/** What the clock of a home dates further ahead is no sample of a home that goes on measuring: it is erased with the rest. */
const aheadMax = days(1)

/**
 * What was erased is not brought back by a move: not from a store that nobody erased, nor with a batch that was read before.
 * Asked before every batch, because a batch may have waited for its store while the home was erased.
 */
export class Erased {
  readonly #read: ReadErased
  readonly #patience: Patience
  readonly #clock: Clock
  #until: ReadonlyMap<string, number> = new Map()
  #asked: Monotonic | undefined

  constructor(read: ReadErased, patience: Patience, clock: Clock) {
    this.#read = read
    this.#patience = patience
    this.#clock = clock
  }

  async refresh(): Promise<void> {
    const homes = await this.#patience.with(this.#read)
    this.#until = new Map(homes.map(({ home, until }) => [home, until]))
    this.#asked = this.#clock.monotonic()
  }

  async refreshNowAndThen(): Promise<void> {
    if (this.#asked === undefined || elapsed(this.#asked, this.#clock.monotonic()) >= refreshEvery) await this.refresh()
  }

  get isEmpty(): boolean {
    return this.#until.size === 0
  }

  has(home: string, at: number): boolean {
    const { from, to } = this.left(home)
    return at < from || at >= to
  }

  /** What such a home may still have: epoch ms, `to` is not in it. */
  left(home: string): { readonly from: number; readonly to: number } {
    const until = this.#until.get(home)
    if (until === undefined) return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY }
    return { from: until, to: Math.max(until, this.#clock.now()) + aheadMax }
  }
}
