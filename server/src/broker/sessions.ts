import { type GatewayId, topicMatches } from '@anju/contract'
import type { Client } from './aedes-client.ts'

export const sessionsPerGatewayMax = 8
export const filtersPerSessionMax = 16
/** A home that does not take our words is not sent more of them. */
const unsentBytesMax = 256 * 1024
const noop = () => undefined

export class Session {
  readonly gateway: GatewayId
  readonly upPrefix: string
  readonly downPrefix: string
  /** What it listens to, and at which QoS. */
  readonly filters = new Map<string, 0 | 1>()
  /** Message ids that may be acknowledged at the end of this turn. */
  readonly acks: number[] = []

  constructor(gateway: GatewayId) {
    this.gateway = gateway
    this.upPrefix = `anju/v1/${gateway}/up/`
    this.downPrefix = `anju/v1/${gateway}/down/`
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

  /** Writes to every connection that listens; false when none took it. */
  deliver(gateway: GatewayId, topic: string, json: string): boolean {
    let taken = false
    for (const client of this.#byGateway.get(gateway) ?? []) {
      const qos = listensTo(client, topic)
      if (qos === undefined || !client.connected || client.conn.writableLength > unsentBytesMax) continue
      client.publish({ cmd: 'publish', topic, payload: json, qos, retain: false, dup: false }, noop)
      taken = true
    }
    return taken
  }

  disconnect(gateway: GatewayId): void {
    // Closing takes it off this list.
    for (const client of (this.#byGateway.get(gateway) ?? []).slice()) client.close()
  }
}

function listensTo(client: Client, topic: string): 0 | 1 | undefined {
  for (const [filter, qos] of client.anjuSession?.filters ?? []) if (topicMatches(filter, topic)) return qos
  return undefined
}
