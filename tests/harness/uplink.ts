import {
  downFilter,
  type EventClass,
  type EventId,
  type EventMessage,
  type GatewayId,
  gatewayId,
  type Lane,
  laneOf,
  parseReceipt,
  type Receipt,
  upTopic,
} from '@anju/contract'
import type { GatewayAnswer } from '@anju/contract/api'
import mqtt, { type MqttClient } from 'mqtt'
import { ulid } from 'ulid'
import { until, within } from './wait.ts'

/** A gateway's side of the uplink in the test's own hands: it says exactly what it is told to, right or wrong. */
export interface HandGateway {
  readonly id: GatewayId
  readonly client: MqttClient
  readonly receipts: readonly Receipt[]
  /** Publishes an event and resolves with its id at the PUBACK. */
  event(given?: Partial<HandEvent>): Promise<EventId>
  /** Raw bytes on a topic of its own; resolves at the PUBACK. */
  publish(kind: string, payload: string | Buffer): Promise<void>
  /** Resolves when the server has receipted the id. */
  receipted(id: string, withinMs?: number): Promise<void>
  refused(id: string, withinMs?: number): Promise<string>
  close(): Promise<void>
}
export interface HandEvent {
  readonly id: string
  readonly type: string
  readonly class: EventClass
  readonly placement: string
  readonly device: string
  readonly heardAt: Date
  readonly elapsedMs: number
  readonly phase: 'raised' | 'returned'
}

const counters = new Map<string, number>()
const next = (gateway: string, lane: Lane): number => {
  const key = `${gateway}/${lane}`
  const seq = (counters.get(key) ?? 0) + 1
  counters.set(key, seq)
  return seq
}

/** An event as a healthy gateway would send it now. */
export function anEvent(gateway: string, given: Partial<HandEvent> = {}): EventMessage {
  const eventClass = given.class ?? 'life'
  const lane = laneOf(eventClass)
  const heardAt = (given.heardAt ?? new Date()).toISOString()
  const seq = next(gateway, lane)
  return {
    specversion: '1.0',
    id: given.id ?? ulid(),
    type: `anju.${given.type ?? 'sos-pressed'}`,
    source: `/gateways/${gateway}`,
    subject: given.placement ?? 'bathroom-sos',
    time: heardAt,
    data: {
      boot: 1,
      lane,
      seq,
      pendingFrom: seq,
      sentAt: new Date().toISOString(),
      class: eventClass,
      device: given.device ?? 'sos-1',
      phase: given.phase ?? 'raised',
      heardAt,
      storedAt: heardAt,
      elapsedMs: given.elapsedMs ?? 0,
    },
  }
}

/** Connects with the credentials that `POST /api/v1/gateways` answered. */
export async function aHandGateway({
  id: name,
  mqtt: { url, username, password },
}: GatewayAnswer): Promise<HandGateway> {
  const id = gatewayId(name)
  const client = mqtt.connect(url, { username, password, clientId: id, clean: true, reconnectPeriod: 200 })
  client.on('error', () => undefined)
  const receipts: Receipt[] = []
  client.on('message', (topic, payload) => {
    if (!topic.endsWith('/down/receipt')) return
    const receipt = parseReceipt(payload)
    if (receipt.ok) receipts.push(receipt.value)
  })
  await within(`${id} connecting`, 10_000, new Promise((resolve) => void client.once('connect', resolve)))
  await client.subscribeAsync(downFilter(id), { qos: 1 })
  const publish = async (kind: string, payload: string | Buffer) => {
    const topic = kind.includes('/') ? kind : upTopic(id, kind as 'event')
    await client.publishAsync(topic, payload, { qos: 1 })
  }
  return {
    id,
    client,
    receipts,
    publish,
    async event(given = {}) {
      const message = anEvent(id, given)
      await publish('event', JSON.stringify(message))
      return message.id as EventId
    },
    async receipted(wanted, withinMs = 5_000) {
      await until(`receipt of ${wanted}`, () => receipts.some(({ ids }) => ids.includes(wanted)), {
        withinMs,
        everyMs: 2,
      })
    },
    refused: (wanted, withinMs = 5_000) =>
      until(`refusal of ${wanted}`, () => receipts.map(({ refused }) => refused?.[wanted]).find(Boolean), {
        withinMs,
        everyMs: 2,
      }),
    close: () => client.endAsync(true),
  }
}
