import { type GatewayId, gatewayId, upTopic } from '@anju/contract'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../../../tests/harness/wait.ts'
import type { Broker, Uplink, Verdict } from '../uplink-ports.ts'

export interface BrokerUnderTest {
  readonly broker: Broker
  /** A gateway's own connection, which listens to what is said to it. */
  connect(gateway: GatewayId, options?: { readonly will?: string }): Promise<MqttClient>
  close(): Promise<void>
}

const acknowledged = (): Verdict => true

/** What the ingest may rely on, whichever broker it is. */
export function brokerSuite(start: () => Promise<BrokerUnderTest>): void {
  let under: BrokerUnderTest
  const clients: MqttClient[] = []
  const heard: (Uplink & { readonly text: string })[] = []
  let verdict: (uplink: Uplink) => Verdict = acknowledged
  const one = gatewayId('gw-one')
  const two = gatewayId('gw-two')

  const connect = async (gateway: GatewayId, options?: { will?: string }) => {
    const client = await under.connect(gateway, options)
    clients.push(client)
    return client
  }

  beforeAll(async () => {
    under = await start()
    under.broker.onUplink((uplink) => {
      heard.push({ ...uplink, text: Buffer.from(uplink.payload).toString() })
      return verdict(uplink)
    })
  })
  beforeEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
    heard.length = 0
    verdict = acknowledged
  })
  afterAll(async () => {
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
    await under.close()
  })

  test.for(['event', 'telemetry', 'health', 'result', 'config'] as const)(
    'hands over %s with the gateway that sent it, byte for byte',
    async (kind) => {
      const client = await connect(one)
      await client.publishAsync(upTopic(one, kind), '{"käse":"安居"}', { qos: 1 })
      await until('the message', () => heard.length === 1, { withinMs: 3_000 })
      expect(heard[0]).toMatchObject({ gateway: one, kind, topic: upTopic(one, kind), text: '{"käse":"安居"}' })
    },
  )

  test('keeps the order of one gateway and kind', async () => {
    const client = await connect(one)
    const sent = Array.from({ length: 50 }, (_, index) => `${index}`)
    await Promise.all(sent.map((text) => client.publishAsync(upTopic(one, 'telemetry'), text, { qos: 1 })))
    await until('all of them', () => heard.length === sent.length, { withinMs: 3_000 })
    // A shared subscription deals messages out to several connections: only a broker inside can promise more.
    expect(heard.map(({ text }) => text).sort()).toEqual(sent.sort())
  })

  test('says a word to the gateway it is meant for and to no other', async () => {
    const said: string[] = []
    for (const gateway of [one, two]) {
      const client = await connect(gateway)
      client.on('message', (topic, payload) => said.push(`${gateway} ${topic} ${payload.toString()}`))
    }
    under.broker.send(two, 'receipt', { ids: [] })
    under.broker.sendText(one, 'command', '{"kind":"refill"}')
    await until('both words', () => said.length === 2, { withinMs: 3_000 })
    expect(said.sort()).toEqual([
      'gw-one anju/v1/gw-one/down/command {"kind":"refill"}',
      'gw-two anju/v1/gw-two/down/receipt {"ids":[]}',
    ])
  })

  test('a word to a gateway that is away disturbs nobody', async () => {
    under.broker.send(gatewayId('gw-away'), 'receipt', { ids: [] })
    const client = await connect(one)
    await client.publishAsync(upTopic(one, 'event'), 'still here', { qos: 1 })
    await until('the next message', () => heard.length === 1, { withinMs: 3_000 })
    expect(heard[0]?.text).toBe('still here')
  })

  test('hands over the last will of a gateway whose connection broke', async () => {
    const client = await connect(one, { will: '{"boot":7,"lost":true}' })
    client.stream.destroy()
    await until('the will', () => heard.length === 1, { withinMs: 3_000 })
    expect(heard[0]).toMatchObject({ gateway: one, kind: 'health', text: '{"boot":7,"lost":true}' })
    await client.endAsync(true)
  })

  test('an event whose verdict is pending holds up no other gateway', async () => {
    const gate = Promise.withResolvers<boolean>()
    verdict = ({ gateway }) => (gateway === one ? gate.promise : true)
    const slow = await connect(one)
    const quick = await connect(two)
    const waiting = slow.publishAsync(upTopic(one, 'event'), 'slow', { qos: 1 })
    await until('the slow one to be under way', () => heard.length === 1, { withinMs: 3_000 })
    await quick.publishAsync(upTopic(two, 'event'), 'quick', { qos: 1 })
    await until('the quick one', () => heard.length === 2, { withinMs: 1_000 })
    expect(heard.map(({ text }) => text)).toEqual(['slow', 'quick'])
    gate.resolve(true)
    await waiting
  })

  test('is ready while it can take a press', () => {
    expect(under.broker.ready).toBe(true)
  })
}
