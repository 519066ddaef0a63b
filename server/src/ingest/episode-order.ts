import type { EventPhase } from '@anju/contract'
import type { HeardEvent } from '../ports.ts'
import type { Settled } from './event-batcher.ts'

/** Chains are short: a gateway has at most 16 events of a lane under way. */
const heldEventsMax = 4_096

interface Tail {
  readonly phase: EventPhase
  readonly held: boolean
  readonly settled: Promise<Settled>
}

/**
 * Two commits at once have no order between them. That is of no account for presses; but a beginning and an end of the same
 * thing must be committed one after the other, or an alarm stays open that is over, or is over while it burns. So of one
 * gateway's placement and type, what changes the phase waits until everything before it is settled; all else passes at once.
 */
export class EpisodeOrder {
  readonly #tails = new Map<string, Tail>()
  #held = 0

  /** `pass` hands the event on and says what became of it. When what was before it was not taken, it is not taken, either. */
  add(event: HeardEvent, pass: () => Promise<Settled>): Promise<Settled> {
    const { gateway, message } = event
    const key = `${gateway}/${message.subject}/${message.type}`
    const phase = message.data.phase ?? 'raised'
    const before = this.#tails.get(key)
    const held = before !== undefined && (before.held || before.phase !== phase)
    if (held && this.#held >= heldEventsMax) return Promise.resolve('unavailable')
    const settled = held ? this.#after(before.settled, pass) : pass()
    const tail: Tail = { phase, held, settled: before && !held ? both(before.settled, settled) : settled }
    this.#tails.set(key, tail)
    void this.#forget(key, tail)
    return settled
  }

  async #forget(key: string, tail: Tail): Promise<void> {
    await tail.settled
    if (this.#tails.get(key) === tail) this.#tails.delete(key)
  }

  async #after(before: Promise<Settled>, pass: () => Promise<Settled>): Promise<Settled> {
    this.#held++
    const became = await before
    this.#held--
    return became === 'unavailable' ? became : pass()
  }
}

async function both(one: Promise<Settled>, other: Promise<Settled>): Promise<Settled> {
  const [first, second] = await Promise.all([one, other])
  return first === 'unavailable' ? first : second
}
