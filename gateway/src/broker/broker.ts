import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import {
  type Clock,
  DomainError,
  elapsed,
  errorMessage,
  type Monotonic,
  messageBytesMax,
  seconds,
} from '@anju/contract'
import { Aedes, type Client, type PublishPacket } from 'aedes'
import type { GatewayConfig } from '../config.ts'
import { isLoopback } from '../domain/loopback.ts'
import type { Published } from '../drivers/mqtt/driver.ts'
import type { Tally } from '../pipeline/tally.ts'
import type { Log } from '../ports.ts'
import { type Access, accessOf, mayPublish, maySubscribe } from './access.ts'
import { PacketLimiter } from './packet-limiter.ts'

export interface BrokerOptions {
  readonly config: GatewayConfig['broker']
  readonly clock: Clock
  readonly log: Log
  readonly tally: Tally
  /** Resolves when what the message meant is on the disk; only then is it acknowledged. Rejects when it could not be stored. */
  readonly onPublished: (published: Published) => Promise<void>
  /** A message larger than the limit; its beginning is in `payload`. */
  readonly onOversized: (published: Published) => Promise<void>
}
export interface Broker {
  readonly port: number
  readonly clients: number
  stop(): Promise<void>
}

const connectionsMax = 128
const subscriptionsMax = 64
const retainedTopicsMax = 512
/** A subscriber that reads nothing for so long is let go. */
const drainTimeoutMs = 10_000
const connectTimeoutMs = 10_000
/**
 * Towards a broker, `retain` only asks it to keep the message: a bridge set to retain presses sends each of them so, fresh. But
 * it also repeats the kept ones to a broker it has just connected to, and those are old.
 */
const replayedFor = seconds(10)

/**
 * The broker the home's devices and bridges publish to. aedes acknowledges before it calls `published`, so the work is done
 * in `authorizePublish`, which it awaits first. Refusing there closes the connection: a message we cannot read is therefore
 * counted, kept and acknowledged, and only one that could not be stored is not.
 * @throws DomainError `port-unavailable`
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { config, log, tally } = options
  const accesses = new WeakMap<Client, Access & { readonly since: Monotonic }>()
  const retainedTopics = new Set<string>()

  async function take(client: Client | null, packet: PublishPacket): Promise<void> {
    const access = client ? accesses.get(client) : undefined
    if (!access || !mayPublish(access, packet.topic)) {
      tally.count('publish-forbidden')
      throw new Error(`${access?.name ?? 'nobody'} may not publish to ${packet.topic}`)
    }
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    const heard = { at: options.clock.now(), mono: options.clock.monotonic() }
    const { messageId, dup } = packet as { messageId?: number; dup?: boolean }
    const published: Published = {
      topic: packet.topic,
      payload,
      retained: packet.retain && access !== undefined && elapsed(access.since, heard.mono) < replayedFor,
      heard,
      ...(client && packet.qos > 0 && { delivery: { key: `${client.id}/${messageId}`, repeated: dup ?? false } }),
    }
    boundRetained(packet)
    if (payload.byteLength <= messageBytesMax) return options.onPublished(published)
    // Cut by the limiter: nobody else should take the beginning for the message.
    packet.payload = Buffer.alloc(0)
    packet.retain = false
    return options.onOversized(published)
  }

  /** What aedes is told: null to go on and acknowledge, an error to close the connection. */
  async function answer(
    client: Client | null,
    packet: PublishPacket,
    done: (refusal: Error | null) => void,
  ): Promise<void> {
    let refusal: Error | null = null
    try {
      await take(client, packet)
    } catch (error) {
      log.error({ client: client?.id, topic: packet.topic, why: errorMessage(error) }, 'not acknowledged')
      refusal = error instanceof Error ? error : new Error(String(error))
    }
    done(refusal)
  }

  /** The broker keeps retained messages in memory, one a topic, and topics are the clients' to invent. */
  function boundRetained(packet: PublishPacket): void {
    if (!packet.retain) return
    if (packet.payload.length === 0) retainedTopics.delete(packet.topic)
    else if (retainedTopics.size < retainedTopicsMax) retainedTopics.add(packet.topic)
    else packet.retain = retainedTopics.has(packet.topic)
  }

  const aedes = await Aedes.createBroker({
    drainTimeout: drainTimeoutMs,
    connectTimeout: connectTimeoutMs,
    maxInflightInbound: 64,
    // Sessions of absent clients would queue without bound in memory; devices subscribe again when they return.
    preConnect(_client, packet, done) {
      packet.clean = true
      done(null, true)
    },
    authenticate(client, username, password, done) {
      const address = (client.conn as Socket).remoteAddress ?? ''
      const access = accessOf(config, username, password, isLoopback(address))
      if (access) accesses.set(client, { ...access, since: options.clock.monotonic() })
      else {
        tally.count('login-refused')
        log.warn({ client: client.id, username, address }, 'a device was refused')
      }
      done(null, access !== undefined)
    },
    authorizePublish(client, packet, done) {
      void answer(client, packet, done)
    },
    authorizeSubscribe(client, subscription, done) {
      const access = accesses.get(client)
      const held = Object.keys((client as unknown as { subscriptions: object }).subscriptions).length
      const allowed = access !== undefined && held < subscriptionsMax && maySubscribe(access, subscription.topic)
      if (!allowed) tally.count('subscribe-forbidden')
      done(null, allowed ? subscription : null)
    },
  })
  const problem = (client: Client, error: Error) =>
    log.debug({ client: client.id, why: error.message }, 'device connection')
  aedes.on('clientError', problem)
  aedes.on('connectionError', problem)

  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    limit(socket)
    aedes.handle(socket)
  })
  server.maxConnections = connectionsMax
  server.on('drop', () => tally.count('connection-dropped'))
  try {
    server.listen(config.port, config.host)
    await once(server, 'listening')
  } catch (error) {
    // aedes' own timers would keep the process alive.
    await new Promise<void>((resolve) => aedes.close(resolve))
    const where = `broker ${config.host}:${config.port}`
    throw new DomainError('port-unavailable', `${where}: ${errorMessage(error)}`, {}, { cause: error })
  }
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : config.port,
    get clients() {
      return aedes.connectedClients
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await new Promise<void>((resolve) => aedes.close(resolve))
      // Those that never said CONNECT are unknown to aedes.
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Puts the limiter between the socket and aedes, which reads with `conn.read(null)`. */
function limit(socket: Socket): void {
  const limiter = new PacketLimiter(messageBytesMax)
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null
    if (!chunk) return chunk
    try {
      const kept = limiter.push(chunk)
      // An empty buffer would be taken for the end of what there is to read; go on to the next chunk instead.
      return kept.byteLength > 0 ? Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength) : socket.read()
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)))
      return null
    }
  }
}
