import { type GatewayId, type Monotonic, topicMatches, UP_KINDS, type UpKind } from '@anju/contract'

const kinds: ReadonlyMap<string, UpKind> = new Map(UP_KINDS.map((kind) => [kind, kind]))

/** What a gateway's connection may say, what it listens to, and what is on its way to it. */
export class Session {
  readonly gateway: GatewayId
  readonly upPrefix: string
  readonly downPrefix: string
  /** What it listens to, and at which QoS. */
  readonly filters = new Map<string, 0 | 1>()
  /** Acknowledged and said, but not written yet. */
  readonly acks: number[] = []
  readonly words: Buffer[] = []
  dirty = false
  /** Acknowledgements wait for a word to travel with, the first of them since then. */
  lazy = false
  acksSince = 0 as Monotonic
  #messageId = 0

  constructor(gateway: GatewayId) {
    this.gateway = gateway
    this.upPrefix = `anju/v1/${gateway}/up/`
    this.downPrefix = `anju/v1/${gateway}/down/`
  }

  /** What it may publish there; undefined when the topic is not its own. */
  kindOf(topic: string): UpKind | undefined {
    return topic.startsWith(this.upPrefix) ? kinds.get(topic.slice(this.upPrefix.length)) : undefined
  }

  /** At which QoS it listens to a topic of its own; undefined when it does not. */
  listensTo(topic: string): 0 | 1 | undefined {
    const everything = this.filters.get(`${this.downPrefix}#`)
    if (everything !== undefined) return everything
    for (const [filter, qos] of this.filters) if (topicMatches(filter, topic)) return qos
    return undefined
  }

  nextMessageId(): number {
    this.#messageId = (this.#messageId % 65_535) + 1
    return this.#messageId
  }
}
