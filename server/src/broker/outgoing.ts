import { type Clock, elapsed, type Millis, type Monotonic, millis, type Timer } from '@anju/contract'
import type { Client } from './aedes-client.ts'

const PUBACK = 0x40
const PUBLISH = 0x30
/**
 * When very many messages arrive, an acknowledgement that nobody waits for travels with the next word to its gateway (for
 * telemetry that is its receipt), or alone after this long: a message then costs one write and not two.
 */
const lazyAckWithin = millis(250)
const lazyLookEvery = millis(50)
const lazyAcksMax = 1_024
/** Very many: so many in one window. Below it every message is acknowledged at once. */
const busyAcks = 100
const busyWindow = millis(50)
const noop = () => undefined

/** What goes to the connections, gathered so that each is written once for all that came up in the same moment. */
export class Outgoing {
  readonly #clock: Clock
  readonly #dirty: Client[] = []
  readonly #lazy: Client[] = []
  readonly #released: (() => void)[] = []
  #scheduled = false
  #timer: Timer | undefined
  #lazyAcks = 0
  #windowStart: Monotonic
  #windowAcks = 0
  #busy = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#windowStart = clock.monotonic()
  }

  /** Acknowledges now. */
  ack(client: Client, messageId: number): void {
    client.anjuSession?.acks.push(messageId)
    this.#write(client)
  }

  /** Acknowledges now, or soon when there is very much to do. */
  ackLazily(client: Client, messageId: number): void {
    const session = client.anjuSession
    if (!session) return
    session.acks.push(messageId)
    if (!this.#isBusy()) return this.#write(client)
    if (session.acks.length === 1) session.acksSince = this.#clock.monotonic()
    if (!session.lazy) this.#lazy.push(client)
    session.lazy = true
    if (++this.#lazyAcks >= lazyAcksMax) return this.#flushLazy(millis(0))
    this.#timer ??= this.#clock.after(lazyLookEvery, () => this.#flushLazy(lazyAckWithin))
  }

  /** Publishes to this one connection. */
  publish(client: Client, topic: string, json: string, qos: 0 | 1): void {
    const session = client.anjuSession
    if (!session) return
    session.words.push(publishPacket(topic, json, qos === 1 ? session.nextMessageId() : undefined))
    this.#write(client)
  }

  /** aedes' own "done with this packet": called at once it would make its parser re-enter itself. */
  release(done: () => void): void {
    this.#released.push(done)
    this.#schedule()
  }

  close(): void {
    this.#timer?.cancel()
  }

  #isBusy(): boolean {
    this.#windowAcks++
    const now = this.#clock.monotonic()
    const length = elapsed(this.#windowStart, now)
    if (length >= busyWindow) {
      this.#busy = this.#windowAcks / length >= busyAcks / busyWindow
      this.#windowStart = now
      this.#windowAcks = 0
    }
    return this.#busy
  }

  /** Writes what has waited so long; what has not may still travel with a word. */
  #flushLazy(waited: Millis): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const now = this.#clock.monotonic()
    for (const client of this.#lazy.splice(0)) {
      const session = client.anjuSession
      if (!session) continue
      session.lazy = session.acks.length > 0 && elapsed(session.acksSince, now) < waited
      if (session.lazy) this.#lazy.push(client)
      else flush(client)
    }
    this.#lazyAcks = this.#lazy.reduce((sum, client) => sum + (client.anjuSession?.acks.length ?? 0), 0)
    if (this.#lazy.length > 0) this.#timer = this.#clock.after(lazyLookEvery, () => this.#flushLazy(lazyAckWithin))
  }

  #write(client: Client): void {
    const session = client.anjuSession
    if (!session || session.dirty) return
    session.dirty = true
    this.#dirty.push(client)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(this.#flush)
  }

  readonly #flush = (): void => {
    this.#scheduled = false
    for (const client of this.#dirty.splice(0)) flush(client)
    for (const done of this.#released.splice(0)) done()
  }
}

function flush(client: Client): void {
  const session = client.anjuSession
  if (!session) return
  session.dirty = false
  const { acks, words } = session
  if (acks.length === 0 && words.length === 0) return
  const packets = acks.length === 0 && words.length === 1 ? words[0] : Buffer.concat([acknowledgements(acks), ...words])
  acks.length = 0
  words.length = 0
  if (client.closed || client.conn.destroyed) return
  if (!client.conn.write(packets)) client.waitForDrain(noop)
}

/** MQTT 3.1.1 §3.4. */
function acknowledgements(messageIds: readonly number[]): Buffer {
  const packets = Buffer.allocUnsafe(messageIds.length * 4)
  let offset = 0
  for (const messageId of messageIds) {
    packets[offset++] = PUBACK
    packets[offset++] = 2
    packets[offset++] = messageId >>> 8
    packets[offset++] = messageId & 0xff
  }
  return packets
}

/** MQTT 3.1.1 §3.3, in one piece: QoS 1 with a message id, QoS 0 without. The topic is ASCII: ids are. */
export function publishPacket(topic: string, json: string, messageId: number | undefined): Buffer {
  const payloadBytes = Buffer.byteLength(json)
  let rest = 2 + topic.length + (messageId === undefined ? 0 : 2) + payloadBytes
  const packet = Buffer.allocUnsafe(1 + lengthBytes(rest) + rest)
  let offset = 0
  packet[offset++] = PUBLISH | (messageId === undefined ? 0 : 2)
  do {
    packet[offset++] = rest > 127 ? (rest & 127) | 128 : rest
    rest >>>= 7
  } while (rest > 0)
  packet[offset++] = topic.length >>> 8
  packet[offset++] = topic.length & 0xff
  offset += packet.write(topic, offset, 'latin1')
  if (messageId !== undefined) {
    packet[offset++] = messageId >>> 8
    packet[offset++] = messageId & 0xff
  }
  packet.write(json, offset)
  return packet
}

const lengthBytes = (length: number): number => (length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4)
