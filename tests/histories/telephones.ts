import { DomainError, integerBetween, type Random } from '@anju/contract'
import type { Report } from '../../server/src/notifications/channel.ts'
import { type Arrived, storyUrl } from '../harness/story/phones.ts'
import { persisting } from './passing.ts'
import type { World } from './world.ts'

const latestMax = 14
type Said = { readonly said: string; readonly start: () => Promise<void> } | undefined

/** What providers say of what they took, and what people answer who got it: late, twice, in any order, or never. */
export class Telephones {
  /** Attempts that a provider said had not arrived. */
  readonly saidLost = new Set<string>()
  answers = 0
  callbacks = 0
  readonly #world: World
  readonly #random: Random
  #given = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  anyCallback(): Said {
    const of = this.#latest(({ channel }) => channel !== 'push')
    if (!of) return undefined
    const fields = this.#one(of.channel === 'sms' ? MESSAGE : CALL)
    const times = this.#random.uniform() < 0.2 ? 2 : 1
    const reports = this.#world.phones.reports(of, fields)
    if (reports.some(({ says }) => says === 'failed')) this.saidLost.add(of.id)
    this.callbacks += times
    return {
      said: `the provider says of ${this.#name(of)}: ${JSON.stringify(fields)} ${times} times`,
      start: async () => {
        await Promise.all(Array.from({ length: times }, () => this.#report(reports)))
      },
    }
  }

  anyAnswer(): Said {
    const of = this.#latest()
    if (!of) return undefined
    this.answers += 1
    if (of.channel === 'voice') {
      const digit = this.#one(['1', '1', '2', '9'])
      const reports = this.#world.phones.reports(of, { Digits: digit })
      return { said: `${this.#name(of)}: key ${digit}`, start: () => this.#report(reports) }
    }
    if (of.channel === 'sms' && this.#random.uniform() < 0.2) {
      const body = this.#one(['1', '2', 'who is this?'])
      const reports = this.#world.phones.reports(of, { Body: body, From: of.to })
      return { said: `${this.#name(of)} writes back ${body}`, start: () => this.#report(reports) }
    }
    const secret = of.answerUrl?.slice(`${storyUrl}/a/`.length)
    if (!secret) return undefined
    const answer = this.#one(['going', 'going', 'cannot', 'seen'] as const)
    const eta = answer === 'going' ? this.#one([undefined, 1, 3, 20]) : undefined
    const key = `answer ${++this.#given}`
    return {
      said: `${this.#name(of)}: ${answer} ${eta ?? ''}`,
      start: () => this.#give(secret, { answer, ...(eta ? { etaMinutes: eta } : {}) }, key),
    }
  }

  async #give(secret: string, body: { answer: 'going' | 'cannot' | 'seen'; etaMinutes?: number }, key: string) {
    try {
      await persisting(() => this.#world.anyServer().answers.give(secret, body, key))
    } catch (error) {
      // A message whose sending was rolled back has arrived with a link that nobody knows.
      if (!(error instanceof DomainError) || error.code !== 'answer-unknown') throw error
    }
  }

  async #report(reports: readonly Report[]): Promise<void> {
    await persisting(() => this.#world.anyServer().reports.apply(reports))
  }

  #latest(suits: (of: Arrived) => boolean = () => true): Arrived | undefined {
    const found = this.#world.arrivals.map(({ message }) => message).filter(suits)
    return found.length === 0 ? undefined : this.#one(found.slice(-latestMax))
  }
  #name = (of: Arrived): string => `${of.channel} of ${this.#world.addresses.whose(of)} (${of.id.slice(-4)})`
  #one<T>(of: readonly T[]): T {
    return of[integerBetween(this.#random, 0, of.length - 1)] as T
  }
}

type Fields = Readonly<Record<string, string>>
const MESSAGE: readonly Fields[] = [
  { MessageStatus: 'delivered' },
  { MessageStatus: 'delivered' },
  { MessageStatus: 'read' },
  { MessageStatus: 'undelivered', ErrorCode: '30003' },
  { MessageStatus: 'undelivered', ErrorCode: '30005' },
  { MessageStatus: 'sent' },
]
const CALL: readonly Fields[] = [
  { CallStatus: 'completed' },
  { CallStatus: 'in-progress' },
  { CallStatus: 'no-answer' },
  { CallStatus: 'no-answer' },
  { CallStatus: 'busy' },
  { CallStatus: 'failed', SipResponseCode: '404' },
]
