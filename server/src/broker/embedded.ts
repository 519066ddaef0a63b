import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import { type Clock, DomainError, type DownKind, downTopic, type GatewayId, gatewayId } from '@anju/contract'
import type { GatewayDirectory } from '../ports.ts'
import type { Broker, BrokerFigures, Uplink, UplinkHandler } from '../uplink-ports.ts'
import { AuthErrorCode, type Client } from './aedes-client.ts'
import { ConsumingAedes } from './aedes-consuming.ts'
import { openFastLane } from './fast-lane.ts'
import { Outgoing } from './outgoing.ts'
import { guardPacketBytes } from './packet-guard.ts'
import type { Session } from './session.ts'
import { filtersPerSessionMax, Sessions } from './sessions.ts'

export interface EmbeddedBrokerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly tls?: {
    /** Unless given, where plaintext is. */
    readonly host?: string
    readonly port: number
    readonly cert: string
    readonly key: string
    /** Who signs the gateways' certificates; without it a gateway proves itself by its password. */
    readonly clientCa?: string
  }
  readonly directory: GatewayDirectory
  readonly clock: Clock
  readonly connectionsMax?: number
}

export interface EmbeddedBroker extends Broker {
  readonly port: number
  readonly tlsPort: number | undefined
}

const connectTimeoutMs = 10_000
/** A client that takes nothing for so long is cut off; what it did not take is bounded by it. */
const drainTimeoutMs = 10_000

/**
 * A broker inside the server: every message of a gateway is consumed here and goes to nobody else. PUBACK is sent by us when
 * the handler says so (aedes would send it before the work is done), and the connection reads on meanwhile: an event that
 * waits for its commit holds up neither a ping nor the next press.
 * Sessions end with their connection: what a home missed it is told by state, not by a queue.
 * @throws DomainError `port-unavailable`
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const { directory } = options
  const sessions = new Sessions()
  const outgoing = new Outgoing(options.clock)
  const figures = { connections: 0, refusedConnections: 0, aclViolations: 0, undelivered: 0 }
  let handler: UplinkHandler | undefined
  let closing = false

  const aedes = new ConsumingAedes({
    id: 'anju',
    concurrency: 100,
    heartbeatInterval: 3_600_000, // it tells other brokers of a cluster that we live; there are none
    connectTimeout: connectTimeoutMs,
    drainTimeout: drainTimeoutMs,
    queueLimit: 64,
    maxClientsIdLength: 128,
    maxTopicLevels: 16,
    preConnect(_client, packet, done) {
      // Every session is a clean one: no offline queue that a home could make grow.
      packet.clean = true
      if (handler && !closing) done(null, true)
      else done(new Error('not taking connections'), false)
    },
    authenticate(client, username, password, done) {
      void admit(client as unknown as Client, username, password?.toString('utf8'), (refused) => {
        if (refused) figures.refusedConnections++
        done(refused, refused === null)
      })
    },
    authorizePublish(given, packet, done) {
      const client = given as unknown as Client
      const session = client.anjuSession
      if (closing || !handler) return outgoing.release(done)
      if (!session) return done(new Error('not authenticated'))
      if (packet.qos === 2) return done(new Error('QoS 2 is not part of the uplink'))
      const messageId = packet.qos === 1 ? packet.messageId : undefined
      packet.qos = 0 // so that aedes does not acknowledge by itself
      packet.retain = false
      const { topic } = packet
      const kind = session.kindOf(topic)
      if (!kind && !topic.startsWith(session.upPrefix)) figures.aclViolations++
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
      take(client, session, { kind, topic, payload, messageId })
      outgoing.release(done)
    },
    authorizeSubscribe(given, subscription, done) {
      const session = (given as unknown as Client).anjuSession
      const own = session && subscription.topic.startsWith(session.downPrefix)
      if (!own || session.filters.size >= filtersPerSessionMax) {
        figures.aclViolations++
        return done(null, null)
      }
      const qos = Math.min(subscription.qos, 1) as 0 | 1
      session.filters.set(subscription.topic, qos)
      done(null, { ...subscription, qos })
    },
  })
  aedes.on('unsubscribe', (topics, client) => {
    for (const topic of topics) (client as unknown as Client).anjuSession?.filters.delete(topic)
  })
  // A client that misbehaves or vanishes is cut off by aedes; without a listener nothing else happens either.
  aedes.on('connectionError', () => figures.refusedConnections++)
  await aedes.listen()

  async function admit(
    client: Client,
    username: string | undefined,
    password: string | undefined,
    done: (refused: Refusal | null) => void,
  ): Promise<void> {
    let gateway: GatewayId | undefined
    try {
      gateway = await identify(client, username, password)
    } catch {
      return done(refusal(AuthErrorCode.unavailable))
    }
    done(gateway && sessions.open(client, gateway) ? null : refusal(AuthErrorCode.badCredentials))
  }

  function take(
    client: Client,
    { gateway }: Session,
    { kind, topic, payload, messageId }: Omit<Uplink, 'gateway'> & { readonly messageId: number | undefined },
  ): void {
    if (closing || !handler) return
    const verdict = handler({ gateway, kind, topic, payload })
    if (messageId === undefined) return
    if (verdict === true) outgoing.ackLazily(client, messageId)
    else void acknowledgeWhen(verdict, client, messageId)
  }

  async function acknowledgeWhen(verdict: Promise<boolean>, client: Client, messageId: number): Promise<void> {
    if (await verdict) outgoing.ack(client, messageId)
  }

  /** The gateway behind a connection; its MQTT client id is then made one that no other gateway can evict. */
  async function identify(client: Client, username?: string, password?: string): Promise<GatewayId | undefined> {
    const gateway = (await byCertificate(client)) ?? (await byPassword(username, password))
    if (gateway) client.id = client.id === gateway ? gateway : `${gateway}:${client.id}`
    return gateway
  }

  async function byPassword(username?: string, password?: string): Promise<GatewayId | undefined> {
    return username && password ? await directory.authenticate(username, password) : undefined
  }

  async function byCertificate(client: Client): Promise<GatewayId | undefined> {
    const socket = client.conn as Partial<TLSSocket>
    if (!socket.authorized) return undefined
    const name = socket.getPeerCertificate?.().subject?.CN
    if (typeof name !== 'string' || client.id !== name) return undefined
    const gateway = gatewayId(name)
    return (await directory.homeOf(gateway)) ? gateway : undefined
  }

  const accept = (socket: Parameters<typeof aedes.handle>[0]) => {
    figures.connections++
    socket.once('close', () => figures.connections--)
    const client = aedes.handle(socket) as unknown as Client
    guardPacketBytes(client)
    openFastLane(client, take)
  }
  const listeners: (Server | TlsServer)[] = [createServer({ noDelay: true }, accept)]
  if (options.tls) {
    const { cert, key, clientCa } = options.tls
    const trust = clientCa ? { ca: clientCa, requestCert: true, rejectUnauthorized: false } : {}
    const secure = createTlsServer({ cert, key, minVersion: 'TLSv1.2', noDelay: true, ...trust }, accept)
    // A failed handshake is the client's affair.
    secure.on('tlsClientError', () => figures.refusedConnections++)
    listeners.push(secure)
  }
  for (const [index, listener] of listeners.entries()) {
    listener.maxConnections = options.connectionsMax ?? 60_000
    if (index === 0) await listen(listener, options.port, options.host)
    else await listen(listener, options.tls?.port ?? 0, options.tls?.host ?? options.host)
  }

  const sendText = (gateway: GatewayId, kind: DownKind, json: string) => {
    const topic = downTopic(gateway, kind)
    let taken = false
    for (const { client, qos } of sessions.listeners(gateway, topic)) {
      outgoing.publish(client, topic, json, qos)
      taken = true
    }
    if (!taken) figures.undelivered++
  }
  return {
    port: portOf(listeners[0]) ?? 0,
    tlsPort: portOf(listeners[1]),
    get ready() {
      return !closing && listeners.every((listener) => listener.listening)
    },
    get figures(): BrokerFigures {
      return { ...figures }
    },
    onUplink(given) {
      handler = given
    },
    sendText,
    send: (gateway, kind, message) => sendText(gateway, kind, JSON.stringify(message)),
    disconnect: (gateway) => sessions.disconnect(gateway),
    async close() {
      if (closing) return
      closing = true
      outgoing.close()
      const closed = listeners.map((listener) => new Promise<void>((resolve) => listener.close(() => resolve())))
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      await Promise.all(closed)
    },
  }
}

function listen(server: Server | TlsServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new DomainError('port-unavailable', `cannot listen on ${host}:${port}`, { host, port }, { cause })),
    )
    server.listen(port, host, 4_096, resolve)
  })
}

/** With the return code that CONNACK carries. */
type Refusal = Error & { readonly returnCode: number }
const refusal = (returnCode: number): Refusal => Object.assign(new Error('refused'), { returnCode })

const portOf = (listener: Server | TlsServer | undefined) => (listener?.address() as AddressInfo | undefined)?.port
