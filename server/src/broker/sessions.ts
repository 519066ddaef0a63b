import type { GatewayId } from '@anju/contract'
import type { Client } from './aedes-client.ts'
import { Session } from './session.ts'

export const sessionsPerGatewayMax = 8
export const filtersPerSessionMax = 16
/** A home that does not take our words is not sent more of them. */
const unsentBytesMax = 256 * 1024

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
