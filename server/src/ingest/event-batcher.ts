import { type ErrorCode, errorCode } from '@anju/contract'
import type { EventIntake, EventOutcome, HeardEvent } from '../ports.ts'
import { Recent } from '../recent.ts'

/** What became of one event; `unavailable`: nothing was committed, and nothing may be said to the gateway. */
export type Settled = EventOutcome['outcome'] | 'unavailable'
export type OnOutcome = (event: HeardEvent, outcome: EventOutcome) => void

export interface BatcherLimits {
  readonly eventsPerBatchMax: number
  readonly flightsMax: number
  /** Of each lane: a flood of technical events takes no place from a press. */
  readonly waitingEventsMax: number
}
export const batcherLimits: BatcherLimits = { eventsPerBatchMax: 288, flightsMax: 3, waitingEventsMax: 16_384 }
/** A failing event is refused only after so many tries of its own, while others went through. */
const triesMax = 3
const suspectsMax = 1_000

interface Waiting {
  readonly key: string
  readonly event: HeardEvent
  readonly settle: (settled: Settled) => void
}

/**
 * Group commit without a timer: an event that arrives while nothing is in flight leaves at once; what arrives meanwhile is
 * the next batch. A lone press waits for nobody, and a burst shares its commits. The life lane leaves first.
 */
export class EventBatcher {
  readonly #intake: EventIntake
  readonly #onOutcome: OnOutcome
  readonly #onFlight: () => void
  readonly #limits: BatcherLimits
  readonly #life: Waiting[] = []
  readonly #technical: Waiting[] = []
  /** Events on their way, so that a repetition waits for the same commit instead of taking a place of its own. */
  readonly #pending = new Map<string, Promise<Settled>>()
  readonly #suspects = new Recent<string, { tries: number; succeededBefore: number }>(suspectsMax)
  #flights = 0
  #succeeded = 0
  #idle: (() => void)[] = []

  /** `onOutcome` is called for each answered event, `onFlight` once after all of a batch: the receipts leave there. */
  constructor(intake: EventIntake, onOutcome: OnOutcome, onFlight: () => void, limits = batcherLimits) {
    this.#intake = intake
    this.#onOutcome = onOutcome
    this.#onFlight = onFlight
    this.#limits = limits
  }

  get waiting(): number {
    return this.#life.length + this.#technical.length
  }

  /** Resolves when the event's fate is known; never rejects. */
  add(event: HeardEvent): Promise<Settled> {
    const key = keyOf(event)
    const already = this.#pending.get(key)
    if (already) return already
    const lane = event.message.data.lane === 'life' ? this.#life : this.#technical
    if (lane.length >= this.#limits.waitingEventsMax) return Promise.resolve('unavailable')
    const settled = new Promise<Settled>((settle) => lane.push({ key, event, settle }))
    this.#pending.set(key, settled)
    this.#take()
    return settled
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async drained(): Promise<void> {
    if (this.#flights > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #take(): void {
    while (this.#flights < this.#limits.flightsMax) {
      const max = this.#limits.eventsPerBatchMax
      const batch = this.#life.splice(0, max)
      // A press never shares its commit's fate or its length with a backlog: it is followed, not accompanied.
      if (batch.length === 0) batch.push(...this.#technical.splice(0, max))
      if (batch.length === 0) break
      this.#flights++
      void this.#fly(batch)
    }
    if (this.#flights === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #fly(batch: readonly Waiting[]): Promise<void> {
    await this.#commit(batch)
    this.#onFlight()
    this.#flights--
    this.#take()
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    let outcomes: readonly EventOutcome[]
    try {
      outcomes = await this.#intake.commit(batch.map(({ event }) => event))
    } catch (error) {
      return this.#failed(batch, errorCode(error))
    }
    this.#succeeded++
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome) this.#settle(waiting, outcome)
      else this.#settleUnavailable(waiting)
    }
  }

  async #failed(batch: readonly Waiting[], code: ErrorCode): Promise<void> {
    if (code === 'store-unavailable' || code === 'overloaded') {
      for (const waiting of batch) this.#settleUnavailable(waiting)
      return
    }
    // Something in this batch breaks the intake. The others must not go down with it: halve until it stands alone.
    if (batch.length > 1) {
      const middle = batch.length >> 1
      await this.#commit(batch.slice(0, middle))
      return this.#commit(batch.slice(middle))
    }
    const [waiting] = batch
    if (!waiting) return
    if (this.#isPoison(waiting.key))
      this.#settle(waiting, { event: waiting.event.message.id as EventOutcome['event'], outcome: 'refused', code })
    else this.#settleUnavailable(waiting)
  }

  /** Only what fails again and again while others are committed is the event's own fault; else it is ours, and it is kept. */
  #isPoison(key: string): boolean {
    const suspect = this.#suspects.get(key) ?? { tries: 0, succeededBefore: this.#succeeded }
    suspect.tries++
    const poison = suspect.tries >= triesMax && this.#succeeded > suspect.succeededBefore
    if (poison) this.#suspects.delete(key)
    else this.#suspects.set(key, suspect)
    return poison
  }

  #settle({ key, event, settle }: Waiting, outcome: EventOutcome): void {
    this.#pending.delete(key)
    this.#onOutcome(event, outcome)
    settle(outcome.outcome)
  }

  #settleUnavailable({ key, settle }: Waiting): void {
    this.#pending.delete(key)
    settle('unavailable')
  }
}

const keyOf = ({ gateway, message }: HeardEvent) => `${gateway}/${message.id}`
