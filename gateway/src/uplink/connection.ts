import { readFileSync } from 'node:fs'
import { type Clock, millis, sleep } from '@anju/contract'
import mqtt from 'mqtt'

export interface ConnectionOptions {
  readonly url: string
  readonly clientId: string
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly tls?:
    | { readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined }
    | undefined
  readonly will: { readonly topic: string; readonly payload: Buffer }
  readonly subscribeTo: string
}
export interface ConnectionEvents {
  /** Subscribed: what is sent from now on can be answered. */
  onUp(): void
  /** Once, and last. */
  onDown(why: string): void
  onMessage(topic: string, payload: Uint8Array): void
  /** Anything at all came from the other end. */
  onSign(): void
}
/** One try to reach the server: used once, and thrown away when it fails. */
export interface Connection {
  publish(topic: string, payload: string | Buffer): void
  /** Says goodbye when it can, so that the server does not take a planned stop for a lost home. */
  close(): Promise<void>
  /** The other end does not answer: no goodbye. */
  abandon(): void
}
export type OpenConnection = (options: ConnectionOptions, events: ConnectionEvents) => Connection

const keepAliveS = 20
const connectTimeoutMs = 8_000
/** A stop must not wait for a server that no longer answers; the socket is destroyed afterwards. */
const goodbyeWithin = millis(500)

const pem = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file))

/** mqtt.js would reconnect and resend by itself, from memory and in its own order; here the outbox does both. */
export const connectionsWith =
  (clock: Clock): OpenConnection =>
  (options, events) => {
    const { url, clientId, username, password, tls, will, subscribeTo } = options
    const [ca, cert, key] = [pem(tls?.ca), pem(tls?.cert), pem(tls?.key)]
    const client = mqtt.connect(url, {
      clientId,
      clean: true,
      protocolVersion: 4,
      reconnectPeriod: 0,
      resubscribe: false,
      keepalive: keepAliveS,
      connectTimeout: connectTimeoutMs,
      queueQoSZero: false,
      will: { ...will, qos: 1, retain: false },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
    })
    let why = 'the connection was closed'
    let over = false
    const down = () => {
      if (over) return
      over = true
      client.end(true)
      events.onDown(why)
    }
    client.on('error', (error) => {
      why = error.message || 'the connection was refused'
    })
    client.on('close', down)
    client.on('message', (topic, payload) => events.onMessage(topic, payload))
    client.on('packetreceive', () => events.onSign())
    client.once('connect', () =>
      client.subscribe(subscribeTo, { qos: 1 }, (error, granted) => {
        if (error || granted?.some(({ qos }) => qos === 128)) {
          why = error?.message ?? `the server does not let us listen to ${subscribeTo}`
          down()
        } else if (!over) events.onUp()
      }),
    )
    return {
      publish(topic, payload) {
        if (!over) client.publish(topic, payload, { qos: 1 }, () => undefined)
      },
      async close() {
        if (over) return
        over = true
        await Promise.race([client.endAsync(false).catch(() => undefined), sleep(clock, goodbyeWithin)])
        client.end(true)
      },
      abandon: down,
    }
  }
