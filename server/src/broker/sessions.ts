import { type GatewayId, type Monotonic, topicMatches, UP_KINDS, type UpKind } from '@anju/contract'
import type { Client } from './aedes-client.ts'

export const sessionsPerGatewayMax = 8
export const filtersPerSessionMax = 16
/** A home that does not take our words is not sent more of them. */
const unsentBytesMax = 256 * 1024

const kinds: ReadonlyMap<string, UpKind> = new Map(UP_KINDS.map((kind) => [kind, kind]))

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

/** The live connections of each gateway: usually one, for a moment two. */
export class Sessions {
  readonly #byGateway = new Map<GatewayId, Client[]>()

  /** False when the gateway has as many connections as it may. */
  open(client: Client, gateway: GatewayId): boolean {
    const clients = this.#byGateway.get(gateway)
    if (clients && clients.length >= sessionsPerGatewayMax) return false
    client.anjuSession = new Session(gateway)
    if (clients) clients.push(client)
    else this.#byGateway.set(gateway, [client])
    // Not aedes' own event: a connection that ends between authentication and registration would never be counted off.
    client.conn.once('close', () => this.close(client))
    return true
  }

  close(client: Client): void {
    const gateway = client.anjuSession?.gateway
    const clients = gateway && this.#byGateway.get(gateway)
    if (!clients) return
    const index = clients.indexOf(client)
    if (index >= 0) clients.splice(index, 1)
    if (clients.length === 0) this.#byGateway.delete(gateway)
  }

  /** The connections of a gateway that listen to a topic and take what is said. */
  *listeners(gateway: GatewayId, topic: string): Generator<{ client: Client; qos: 0 | 1 }> {
    for (const client of this.#byGateway.get(gateway) ?? []) {
      const qos = client.anjuSession?.listensTo(topic)
      if (qos !== undefined && client.connected && client.conn.writableLength <= unsentBytesMax) yield { client, qos }
    }
  }

  disconnect(gateway: GatewayId): void {
    // Closing takes it off this list.
    for (const client of (this.#byGateway.get(gateway) ?? []).slice()) client.close()
  }
}
