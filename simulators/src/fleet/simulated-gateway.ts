import {
  type Clock,
  classOf,
  downFilter,
  downTopic,
  type EventType,
  elapsed,
  encode,
  formatInstant,
  type GatewayId,
  gatewayId,
  type HealthMessage,
  type Instant,
  instant,
  integerBetween,
  type Lane,
  laneOf,
  type Millis,
  type Monotonic,
  millis,
  parseCommand,
  parseReceipt,
  type Random,
  seconds,
  type Timer,
  upTopic,
} from '@anju/contract'
import { connect, type MqttClient } from 'mqtt'
import type { Household } from '../resident/household.ts'
import type { Latencies } from './latencies.ts'
import { eventOf, healthOf, type Place, telemetryOf } from './messages.ts'

/** What a whole fleet adds up. */
export interface FleetFigures {
  readonly sent: Record<Lane, number>
  readonly receipted: Record<Lane, number>
  readonly refused: Record<string, number>
  readonly latencies: Record<Lane, Latencies>
  health: number
  resent: number
  connects: number
  droppedByCap: number
  strayReceipts: number
}

interface Pending {
  readonly lane: Lane
  readonly seq: number
  readonly sentAt: Monotonic
  readonly topic: string
  /** What a message says of the moment it is sent (its age, what waits) is true of that moment, also the second time. */
  readonly payload: (pendingFrom: number) => Buffer
  nextTry: Monotonic
  tries: number
}

export interface SimulatedGatewayOptions {
  readonly id: string
  readonly url: string
  readonly username: string
  readonly password: string
  readonly household: Household
  readonly clock: Clock
  readonly random: Random
  readonly figures: FleetFigures
  /** For connection tests beyond one address's ports. */
  readonly localAddress?: string
}

const healthEvery = seconds(30)
const retryAfter: Readonly<Record<Lane, Millis>> = { life: seconds(2), technical: seconds(30), telemetry: seconds(30) }
/** Without a disk, a simulated gateway keeps this much for a server that is away; then the oldest telemetry goes. */
const pendingMax = 2_000

/** One home's gateway as the server sees it: its own boot and sequences, its own unsettled entries, health every 30 s. */
export class SimulatedGateway {
  readonly id: GatewayId
  readonly #options: SimulatedGatewayOptions
  readonly #boot: number
  readonly #pending = new Map<string, Pending>()
  readonly #next: Record<Lane, number> = { life: 1, technical: 1, telemetry: 1 }
  readonly #startedAt: Monotonic
  #client: MqttClient | undefined
  #healthSeq = 1
  #timers: Timer[] = []
  power: HealthMessage['power'] = 'mains'

  constructor(options: SimulatedGatewayOptions) {
    this.#options = options
    this.id = gatewayId(options.id)
    this.#startedAt = options.clock.monotonic()
    // Grows from run to run without a disk to keep it on: whole seconds since 2020.
    this.#boot = Math.floor((options.clock.now() - 1_577_836_800_000) / 1_000)
  }

  get pending(): number {
    return this.#pending.size
  }

  /** Resolves when the server has accepted the connection and the way back is subscribed. */
  async connect(): Promise<void> {
    const { url, username, password, figures, clock, localAddress } = this.#options
    const client = connect(url, {
      clientId: this.id,
      username,
      password,
      clean: true,
      keepalive: 60,
      reconnectPeriod: 1_000 + integerBetween(this.#options.random, 0, 2_000),
      connectTimeout: 20_000,
      resubscribe: true,
      will: {
        topic: upTopic(this.id, 'health'),
        payload: encode({ boot: this.#boot, lost: true }),
        qos: 1,
        retain: false,
      },
      ...(localAddress !== undefined && { localAddress }),
    })
    this.#client = client
    client.on('error', () => {}) // told by `close`, which comes back by itself
    client.on('connect', () => {
      figures.connects += 1
    })
    client.on('message', (topic, payload) => {
      if (topic === downTopic(this.id, 'receipt')) this.#settle(payload)
      if (topic === downTopic(this.id, 'command')) this.#decline(payload)
    })
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('close', () => reject(new Error(`${this.id} was not let in`)))
    })
    await client.subscribeAsync(downFilter(this.id), { qos: 1 })
    this.sendHealth()
    this.#timers = [clock.every(healthEvery, () => this.sendHealth()), clock.every(millis(500), () => this.#resend())]
  }

  /** Ten samples of the minute of the home's life that ends at `end`. */
  sendTelemetry(end: Instant = instant(this.#options.clock.now())): void {
    const message = telemetryOf(this.#options.household, end, this.#place('telemetry'), this.#options)
    const sentAt = () => formatInstant(this.#options.clock.now())
    const payload = (pendingFrom: number) => encode({ ...message, pendingFrom, sentAt: sentAt() })
    this.#send('telemetry', message, upTopic(this.id, 'telemetry'), payload)
  }

  /** @returns the event's id. */
  sendEvent(event: { readonly type: EventType; readonly placement: string; readonly device: string }): string {
    const lane = laneOf(classOf(event.type))
    const message = eventOf(this.id, event, this.#place(lane), this.#options)
    const heard = this.#options.clock.monotonic()
    const payload = (pendingFrom: number) => {
      const { clock } = this.#options
      const elapsedMs = Math.round(elapsed(heard, clock.monotonic()))
      return encode({
        ...message,
        data: { ...message.data, pendingFrom, sentAt: formatInstant(clock.now()), elapsedMs },
      })
    }
    this.#send(lane, { id: message.id, seq: message.data.seq }, upTopic(this.id, 'event'), payload)
    return message.id
  }

  sendHealth(): void {
    const queue = { life: 0, technical: 0, telemetry: 0 }
    for (const { lane } of this.#pending.values()) queue[lane] += 1
    const { clock, figures } = this.#options
    const uptimeS = Math.floor(elapsed(this.#startedAt, clock.monotonic()) / 1_000)
    const message = healthOf(
      { boot: this.#boot, seq: this.#healthSeq++, uptimeS, queue, power: this.power },
      this.#options,
    )
    figures.health += 1
    if (this.#client?.connected) this.#client.publish(upTopic(this.id, 'health'), encode(message), { qos: 1 }, () => {})
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await this.#client?.endAsync()
  }

  #place(lane: Lane): Place {
    const seq = this.#next[lane]++
    return { boot: this.#boot, seq, pendingFrom: this.#pendingFrom(lane, seq) }
  }

  #pendingFrom(lane: Lane, seq: number): number {
    let pendingFrom = seq
    for (const entry of this.#pending.values()) if (entry.lane === lane) pendingFrom = Math.min(pendingFrom, entry.seq)
    return pendingFrom
  }

  #send(lane: Lane, { id, seq }: { id: string; seq: number }, topic: string, payload: Pending['payload']): void {
    const { clock, figures } = this.#options
    if (this.#pending.size >= pendingMax) this.#dropOldestTelemetry()
    const now = clock.monotonic()
    this.#pending.set(id, {
      lane,
      seq,
      sentAt: now,
      topic,
      payload,
      nextTry: (now + retryAfter[lane]) as Monotonic,
      tries: 1,
    })
    figures.sent[lane] += 1
    this.#publish(topic, payload(this.#pendingFrom(lane, seq)))
  }

  #publish(topic: string, payload: Buffer): void {
    if (this.#client?.connected) this.#client.publish(topic, payload, { qos: 1 }, () => {})
  }

  /** What is not receipted in time is sent again: doubling, with jitter, as a gateway does. */
  #resend(): void {
    const { clock, random, figures } = this.#options
    if (!this.#client?.connected) return
    const now = clock.monotonic()
    for (const entry of this.#pending.values()) {
      if (entry.nextTry > now) continue
      const wait = Math.min(retryAfter[entry.lane] * 2 ** entry.tries, 300_000) * (0.8 + 0.4 * random.uniform())
      entry.nextTry = (now + wait) as Monotonic
      entry.tries += 1
      figures.resent += 1
      this.#publish(entry.topic, entry.payload(this.#pendingFrom(entry.lane, entry.seq)))
    }
  }

  #settle(payload: Uint8Array): void {
    const receipt = parseReceipt(payload)
    const { figures, clock } = this.#options
    if (!receipt.ok) {
      figures.refused[receipt.code] = (figures.refused[receipt.code] ?? 0) + 1
      return
    }
    for (const id of receipt.value.ids) {
      const entry = this.#pending.get(id)
      if (!entry) {
        figures.strayReceipts += 1
        continue
      }
      this.#pending.delete(id)
      figures.receipted[entry.lane] += 1
      figures.latencies[entry.lane].add(elapsed(entry.sentAt, clock.monotonic()))
    }
    for (const [id, code] of Object.entries(receipt.value.refused ?? {})) {
      if (this.#pending.delete(id)) figures.refused[code] = (figures.refused[code] ?? 0) + 1
    }
  }

  /** It has no disk to refill a gap from, and says so instead of letting the server wait. */
  #decline(payload: Uint8Array): void {
    const command = parseCommand(payload)
    if (!command.ok) return
    const error = 'a simulated gateway keeps nothing'
    this.#publish(upTopic(this.id, 'result'), encode({ command: command.value.id, ok: false, error }))
  }

  #dropOldestTelemetry(): void {
    for (const [id, { lane }] of this.#pending) {
      if (lane !== 'telemetry') continue
      this.#pending.delete(id)
      this.#options.figures.droppedByCap += 1
      return
    }
  }
}
