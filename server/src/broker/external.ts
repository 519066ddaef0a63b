import {
  type Clock,
  DomainError,
  type DownKind,
  downTopic,
  errorMessage,
  type GatewayId,
  millis,
  parseUpTopic,
  type Random,
  seconds,
  sleep,
} from '@anju/contract'
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt'
import { ulid } from 'ulid'
import type { Broker, Log, UplinkHandler } from '../uplink-ports.ts'

export interface ExternalBrokerOptions {
  /** May carry the user name and password: `mqtts://user:password@host`. */
  readonly url: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Of this process, for events: as many commits can be waited for at once. */
  readonly eventConnections?: number
  readonly connectWithinMs?: number
}

/** Others of the group take what this one does not: `anju` is the group of all servers. */
const share = (filter: string) => `$share/anju/anju/v1/+/up/${filter}`
const telemetryConnections = 2
const connectWithinDefault = seconds(10)
const retryAfter = millis(500)
const reconnectAfter = seconds(1)
/** Words to homes that wait for the broker; it is their state that counts, so the oldest may go. */
const unsentMax = 10_000

/**
 * The client of a broker outside. mqtt.js acknowledges by itself unless `handleMessage` holds it back, and handles one
 * message at a time per connection: so there are several connections, and events have their own. A message that the store
 * did not take is tried again here until it is taken; meanwhile the broker keeps what follows, or gives it to another server.
 * @throws DomainError `port-unavailable` when the broker cannot be reached.
 */
export async function connectExternalBroker(options: ExternalBrokerOptions): Promise<Broker> {
  const { url, clock, random, log } = options
  const connectWithin = millis(options.connectWithinMs ?? connectWithinDefault)
  const closing = new AbortController()
  const clients: MqttClient[] = []
  let handler: UplinkHandler | undefined
  let undelivered = 0

  async function connect(name: string, filters: readonly string[]): Promise<MqttClient> {
    const client = mqtt.connect(url, {
      clientId: `anju-server-${name}-${ulid(clock.now(), () => random.uniform()).toLowerCase()}`,
      clean: true,
      keepalive: 30,
      reconnectPeriod: reconnectAfter,
      connectTimeout: connectWithin,
      queueQoSZero: false,
    })
    clients.push(client)
    client.handleMessage = (packet, done) => {
      void take(packet, done)
    }
    client.on('error', (error) => log.warn({ why: errorMessage(error), name }, 'the broker refused a connection'))
    client.on('close', () => {
      if (!closing.signal.aborted) log.warn({ name }, 'the broker is away')
    })
    const [connected, timeout] = [
      new Promise<boolean>((resolve) => client.once('connect', () => resolve(true))),
      new AbortController(),
    ]
    const up = await Promise.race([connected, sleep(clock, connectWithin, timeout.signal).then(() => false)])
    timeout.abort()
    if (!up) throw new DomainError('port-unavailable', `ANJU_MQTT_URL: no broker answers at ${new URL(url).host}`)
    for (const { qos } of await client.subscribeAsync([...filters], { qos: 1 }))
      if (qos === 128)
        throw new DomainError('config-malformed', `ANJU_MQTT_URL: the broker refuses ${filters.join(', ')}`)
    return client
  }

  /** Not acknowledged only when we are closing: its gateway has no receipt and sends it again, to another of the group. */
  async function take({ topic, payload }: IPublishPacket, done: (error?: Error) => void): Promise<void> {
    const parsed = parseUpTopic(topic)
    // Who may publish as whom is the outside broker's to enforce; a topic that names no gateway cannot be anyone's.
    if (!parsed) return done()
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    while (!closing.signal.aborted) {
      if (handler && (await handler({ ...parsed, topic, payload: bytes }))) return done()
      await sleep(clock, retryAfter, closing.signal)
    }
    done(new Error('closing'))
  }

  async function close(): Promise<void> {
    closing.abort()
    await Promise.all(clients.map((client) => client.endAsync(true)))
  }

  try {
    const events = Array.from({ length: options.eventConnections ?? 8 }, (_, index) =>
      connect(`event-${index}`, [share('event')]),
    )
    const telemetry = Array.from({ length: telemetryConnections }, (_, index) =>
      connect(`telemetry-${index}`, [share('telemetry')]),
    )
    await Promise.all([...events, ...telemetry, connect('words', [share('health'), share('result'), share('config')])])
  } catch (error) {
    await close()
    throw error
  }

  const sendText = (gateway: GatewayId, kind: DownKind, json: string) => {
    // Spread over the connections; to one gateway always by the same, so that its words keep their order.
    const client = clients[hash(gateway) % clients.length]
    if (!client?.connected || Object.keys(client.outgoing).length > unsentMax) {
      undelivered++
      return
    }
    client.publish(downTopic(gateway, kind), json, { qos: 1 }, (error) => {
      if (error) undelivered++
    })
  }
  return {
    onUplink(given) {
      handler = given
    },
    sendText,
    send: (gateway, kind, message) => sendText(gateway, kind, JSON.stringify(message)),
    get ready() {
      return !closing.signal.aborted && clients.every(({ connected }) => connected)
    },
    get figures() {
      return {
        connections: clients.filter(({ connected }) => connected).length,
        refusedConnections: 0,
        aclViolations: 0,
        undelivered,
      }
    },
    // The outside broker owns the sessions: ending one is done there.
    disconnect: () => undefined,
    close,
  }
}

function hash(text: string): number {
  let value = 2_166_136_261
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619)
  return value >>> 0
}
