import {
  assertNever,
  type ErrorCode,
  type EventMessage,
  type GatewayId,
  idOfMalformed,
  messageBytesMax,
  type Parsed,
  parseEvent,
  parseHealth,
  parseLastWill,
  parseReportedConfig,
  parseResult,
} from '@anju/contract'
import type { Downlink, EventIntake } from '../ports.ts'
import type { GapFinder, Presence, Quarantine, TelemetryIntake, Uplink, Verdict } from '../uplink-ports.ts'
import { IngestCounters } from './counters.ts'
import { EpisodeOrder } from './episode-order.ts'
import { EventBatcher, type Settled } from './event-batcher.ts'
import { ReceiptBook } from './receipts.ts'

export interface IngestParts {
  readonly downlink: Downlink
  readonly intake: EventIntake
  readonly telemetry: TelemetryIntake
  readonly presence: Presence
  readonly quarantine: Quarantine
  readonly gaps: GapFinder
  readonly counters?: IngestCounters
}

/** An oversized message is not parsed; its id is looked for where ids stand. */
const headBytes = 4_096
const none = new Uint8Array()

/**
 * What arrives from the homes: an event is committed, then receipted, and acknowledged only then; telemetry is handed to its
 * worker; what cannot be understood is refused by name, kept in quarantine, and holds up nothing behind it.
 */
export class Ingest {
  readonly counters: IngestCounters
  readonly #parts: IngestParts
  readonly #receipts: ReceiptBook
  readonly #events: EventBatcher
  readonly #order = new EpisodeOrder()
  #closing = false

  constructor(parts: IngestParts) {
    this.#parts = parts
    this.counters = parts.counters ?? new IngestCounters()
    this.#receipts = new ReceiptBook(parts.downlink, this.counters)
    this.#events = new EventBatcher(
      parts.intake,
      ({ gateway, message }, outcome) => {
        if (outcome.outcome === 'refused') {
          this.#refuse(gateway, 'event', outcome.code, 'the intake refused it', encoded(message), message.id)
          return
        }
        if (outcome.outcome === 'committed') this.counters.eventsCommitted++
        else this.counters.eventsDuplicate++
        this.#receipts.committed(gateway, message.id)
        parts.gaps.see({ gateway, message })
      },
      () => this.#receipts.flush(),
    )
  }

  /** Events that wait for their commit. */
  get waitingEvents(): number {
    return this.#events.waiting
  }

  handle({ gateway, kind, topic, payload }: Uplink): Verdict {
    switch (kind) {
      case 'event':
        return this.#event(gateway, topic, payload)
      case 'telemetry':
        this.#telemetry(gateway, payload)
        return true
      case 'health':
        this.#health(gateway, topic, payload)
        return true
      case 'result':
        this.#expect(gateway, topic, payload, parseResult, (result) => this.#parts.gaps.answered(gateway, result))
        return true
      case 'config':
        this.#expect(gateway, topic, payload, parseReportedConfig, () => this.#parts.presence.heard(gateway))
        return true
      case undefined:
        this.#refuse(gateway, topic, misplaced(gateway, topic), 'not a topic of this gateway', payload)
        return true
      default:
        return assertNever(kind)
    }
  }

  /** Takes no more events, and resolves when every one that was taken is settled. */
  async close(): Promise<void> {
    this.#closing = true
    await this.#events.drained()
    this.#receipts.flush()
  }

  #event(gateway: GatewayId, topic: string, payload: Uint8Array): Verdict {
    this.counters.events++
    this.#parts.presence.heard(gateway)
    const parsed = parseEvent(payload)
    if (!parsed.ok) {
      this.#refuse(gateway, topic, parsed.code, parsed.why, payload)
      return true
    }
    const message = parsed.value
    if (message.source !== `/gateways/${gateway}`) {
      this.#refuse(gateway, topic, 'gateway-mismatch', `source is ${message.source}`, payload, message.id)
      return true
    }
    const heard = { gateway, message }
    const add = () => (this.#closing ? Promise.resolve<Settled>('unavailable') : this.#events.add(heard))
    return this.#order.add(heard, add).then((settled) => {
      if (settled === 'unavailable') this.counters.eventsUnsettled++
      return settled !== 'unavailable'
    })
  }

  #telemetry(gateway: GatewayId, payload: Uint8Array): void {
    this.counters.telemetryMessages++
    this.#parts.presence.heard(gateway)
    if (payload.byteLength > messageBytesMax) {
      this.#refuse(
        gateway,
        'telemetry',
        'message-oversized',
        `${payload.byteLength} bytes, at most ${messageBytesMax}`,
        payload,
      )
      return
    }
    if (this.#parts.telemetry.accept(gateway, payload)) return
    this.counters.telemetryPushedBack++
    this.#receipts.retryAfter(gateway, this.#parts.telemetry.retryAfterS)
  }

  #health(gateway: GatewayId, topic: string, payload: Uint8Array): void {
    this.counters.healthMessages++
    const parsed = parseHealth(payload)
    if (parsed.ok) return this.#parts.presence.health(gateway, parsed.value)
    const will = parseLastWill(payload)
    if (will.ok) this.#parts.presence.lost(gateway, will.value)
    else this.#refuse(gateway, topic, parsed.code, parsed.why, payload)
  }

  #expect<T>(
    gateway: GatewayId,
    topic: string,
    payload: Uint8Array,
    parse: (payload: Uint8Array) => Parsed<T>,
    then: (value: T) => void,
  ): void {
    const parsed = parse(payload)
    if (parsed.ok) then(parsed.value)
    else this.#refuse(gateway, topic, parsed.code, parsed.why, payload)
  }

  #refuse(
    gateway: GatewayId,
    topic: string,
    code: ErrorCode,
    why: string,
    payload: Uint8Array,
    knownId?: string,
  ): void {
    this.counters.refuse(code)
    this.#parts.quarantine.put(gateway, topic, code, why, payload)
    const id =
      knownId ??
      idOfMalformed(payload.subarray(0, headBytes)) ??
      idOfMalformed(payload.byteLength <= messageBytesMax ? payload : none)
    if (id) this.#receipts.refused(gateway, id, code)
  }
}

/** Its own tree, a foreign one, or another gateway's. */
const misplaced = (gateway: GatewayId, topic: string): ErrorCode =>
  topic.startsWith('anju/v1/') && !topic.startsWith(`anju/v1/${gateway}/`) ? 'gateway-mismatch' : 'topic-unknown'

const encoded = (message: EventMessage): Uint8Array => new TextEncoder().encode(JSON.stringify(message))
