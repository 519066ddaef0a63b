import type { Instant } from '@anju/contract'
import type { ChannelAdapter, Sent } from '../../server/src/notifications/channel.ts'

/** A process that stands still in the middle of what it does, and goes on later or never. */
export class Hold {
  #still: (() => void)[] | undefined
  /** What it had asked of a provider when it stood still, or died. */
  readonly caught = new Set<string>()
  dead = false

  get standing(): boolean {
    return this.#still !== undefined
  }
  stands(): void {
    this.#still ??= []
  }
  goesOn(): void {
    const still = this.#still ?? []
    this.#still = undefined
    for (const go of still) go()
  }
  dies(): void {
    this.dead = true
    this.goesOn()
  }
  whenGoing(task: () => void): void {
    if (this.#still) this.#still.push(task)
    else task()
  }
  async passed(id: string): Promise<void> {
    if (!this.#still) return
    this.caught.add(id)
    await new Promise<void>((resolve) => this.whenGoing(resolve))
    if (this.dead) throw new Error('the process died')
    this.caught.delete(id)
  }
}

/** One try of one attempt, as the provider's side of it saw it. */
export interface Try {
  readonly id: string
  readonly at: Instant
  /** It was asked, and did not say that it had sent nothing. */
  mayHaveLeft: boolean
}

/** What becomes of what is sent: providers that are away, answers that are lost, processes that stop in between. */
export class Weather {
  readonly tries: Try[] = []
  /** Channels whose provider answers 503. */
  readonly away = new Set<string>()
  /** The next so many answers are lost. */
  answersLost = 0
  /** The next so many are refused, and nobody's number is to blame. */
  refusals = 0
  /** Whether a process that stands still does so before it asked, or after. */
  standsAfter = false
  readonly #now: () => Instant

  constructor(now: () => Instant) {
    this.#now = now
  }

  over(adapter: ChannelAdapter, hold: Hold): ChannelAdapter {
    return { ...adapter, send: (message, signal) => this.#send(adapter, hold, message, signal) }
  }

  async #send(
    adapter: ChannelAdapter,
    hold: Hold,
    message: Parameters<ChannelAdapter['send']>[0],
    signal: AbortSignal,
  ): Promise<Sent> {
    if (!this.standsAfter) await hold.passed(message.id)
    if (this.away.has(adapter.channel)) return { outcome: 'retry', why: 'http-503', afterMs: null }
    const tried: Try = { id: message.id, at: this.#now(), mayHaveLeft: true }
    this.tries.push(tried)
    const sent = this.refusals > 0 ? this.#refusal() : await adapter.send(message, signal)
    if (sent.outcome === 'failed' || sent.outcome === 'retry') tried.mayHaveLeft = false
    if (this.standsAfter) await hold.passed(message.id)
    if (this.answersLost > 0) {
      this.answersLost -= 1
      throw new Error('the answer was lost on its way')
    }
    return sent
  }
  #refusal(): Sent {
    this.refusals -= 1
    return { outcome: 'failed', why: '30007', addressDead: false }
  }
}
