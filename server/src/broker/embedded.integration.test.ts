import { connect as tcp } from 'node:net'
import { downFilter, type GatewayId, gatewayId, upTopic } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../tests/harness/wait.ts'
import type { GatewayDirectory } from '../ports.ts'
import type { Uplink, Verdict } from '../uplink-ports.ts'
import { brokerSuite } from './broker.suite.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from './embedded.ts'
import { packetBytesMax } from './packet-guard.ts'
import { sessionsPerGatewayMax } from './sessions.ts'

/** Every gateway whose password is its own name backwards; `gw-store` cannot be looked up. */
const directory: GatewayDirectory = {
  async authenticate(username, password) {
    if (username === 'gw-store') throw new Error('the store is away')
    return password === backwards(username) ? gatewayId(username) : undefined
  },
  homeOf: async () => undefined,
}
const always = (): Verdict => true
const backwards = (text: string) => Array.from(text).reverse().join('')
const credentials = (gateway: string): IClientOptions => ({
  username: gateway,
  password: backwards(gateway),
  clientId: gateway,
  reconnectPeriod: 0,
})
const begin = () => startEmbeddedBroker({ host: '127.0.0.1', port: 0, directory, clock: systemClock })

async function dial(port: number, gateway: GatewayId, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...credentials(gateway), ...options })
  client.on('error', () => undefined)
  await client.subscribeAsync(downFilter(gateway), { qos: 1 })
  return client
}

describe('as every broker', () => {
  brokerSuite(async () => {
    const broker = await begin()
    return {
      broker,
      connect: (gateway, { will } = {}) =>
        dial(
          broker.port,
          gateway,
          will ? { will: { topic: upTopic(gateway, 'health'), payload: Buffer.from(will), qos: 1 } } : {},
        ),
      close: () => broker.close(),
    }
  })
})

describe('inside the server', () => {
  const one = gatewayId('gw-one')
  const two = gatewayId('gw-two')
  const clients: MqttClient[] = []
  const heard: Uplink[] = []
  let verdict: (uplink: Uplink) => Verdict = always
  let broker: EmbeddedBroker

  const connect = async (gateway: GatewayId, options?: IClientOptions) => {
    const client = await dial(broker.port, gateway, options)
    clients.push(client)
    return client
  }
  beforeAll(async () => {
    broker = await begin()
    broker.onUplink((uplink) => {
      heard.push(uplink)
      return verdict(uplink)
    })
  })
  beforeEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
    heard.length = 0
    verdict = always
  })
  afterAll(async () => {
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
    await broker.close()
  })

  test('acknowledges only when the verdict says so, and reads on meanwhile', async () => {
    const gate = Promise.withResolvers<boolean>()
    verdict = ({ kind }) => (kind === 'event' ? gate.promise : true)
    const client = await connect(one)
    let acknowledged = false
    const press = client.publishAsync(upTopic(one, 'event'), 'press', { qos: 1 }).then(() => {
      acknowledged = true
      return acknowledged
    })
    // The same connection goes on while its press waits for the commit.
    await client.publishAsync(upTopic(one, 'telemetry'), 'later', { qos: 1 })
    expect(acknowledged).toBe(false)
    gate.resolve(true)
    expect(await press).toBe(true)
  })

  test('never acknowledges what the store did not take; the gateway sends it again on its next connection', async () => {
    verdict = async () => false
    const client = await connect(one, { reconnectPeriod: 10 })
    let acknowledged = false
    const press = client.publishAsync(upTopic(one, 'event'), 'press', { qos: 1 }).then(() => {
      acknowledged = true
      return acknowledged
    })
    await until('the first try', () => heard.length === 1, { withinMs: 2_000 })
    await client.publishAsync(upTopic(one, 'health'), 'other', { qos: 0 })
    await until('what follows it', () => heard.length === 2, { withinMs: 2_000 })
    expect(acknowledged).toBe(false)
    verdict = always
    client.stream.destroy()
    expect(await press).toBe(true)
    expect(heard.filter(({ kind }) => kind === 'event')).toHaveLength(2)
  })

  test.for([
    { given: 'a wrong password', options: { ...credentials('gw-one'), password: 'guess' }, code: 4 },
    { given: 'no credentials', options: { clientId: 'gw-one', reconnectPeriod: 0 }, code: 4 },
    { given: 'a directory that cannot answer', options: credentials('gw-store'), code: 3 },
  ])('refuses $given', async ({ options, code }) => {
    await expect(mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, options)).rejects.toMatchObject({ code })
  })

  test('lets nobody listen to what is said to another home', async () => {
    const client = await connect(one)
    const before = broker.figures.aclViolations
    const filters = ['#', '$SYS/#', 'anju/v1/+/down/#', downFilter(two), upTopic(one, 'event')]
    for (const filter of filters)
      await expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow(/128|Unspecified/)
    expect(broker.figures.aclViolations - before).toBe(filters.length)
    client.on('message', (topic) => heard.push({ gateway: one, kind: undefined, topic, payload: new Uint8Array() }))
    broker.send(two, 'receipt', { ids: [] })
    broker.send(one, 'receipt', { ids: [] })
    await until('its own word', () => heard.length > 0, { withinMs: 2_000 })
    expect(heard.map(({ topic }) => topic)).toEqual(['anju/v1/gw-one/down/receipt'])
  })

  test('marks what a gateway publishes outside its own topics, and acknowledges it once and for all', async () => {
    const client = await connect(one)
    for (const topic of [upTopic(two, 'event'), 'anju/v1/gw-one/up/gossip', 'anju/v1/gw-one/down/receipt', 'elsewhere'])
      await client.publishAsync(topic, 'x', { qos: 1 })
    expect(heard.map(({ gateway, kind }) => [gateway, kind])).toEqual(Array.from({ length: 4 }, () => [one, undefined]))
    expect(client.connected).toBe(true)
  })

  test('reads what is a little too long, and cuts off what is far too long', async () => {
    const client = await connect(one)
    await client.publishAsync(upTopic(one, 'telemetry'), Buffer.alloc(300 * 1024), { qos: 1 })
    expect(heard[0]?.payload.byteLength).toBe(300 * 1024)
    const closed = new Promise((resolve) => client.once('close', () => resolve(undefined)))
    client.publish(upTopic(one, 'telemetry'), Buffer.alloc(packetBytesMax + 1), { qos: 1 }, () => undefined)
    await closed
    expect(heard).toHaveLength(1)
  })

  test('a stranger with a giant CONNECT is cut off before it was read', async () => {
    const socket = tcp(broker.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(Buffer.concat([Buffer.from([0x10, 0xff, 0xff, 0x7f]), Buffer.alloc(64)]))
    await closed
    expect(socket.bytesRead).toBe(0)
  })

  test('a gateway cannot evict another one by taking its client id', async () => {
    const victim = await connect(one)
    await connect(two, { clientId: 'gw-one' })
    await victim.publishAsync(upTopic(one, 'event'), 'still here', { qos: 1 })
    expect(victim.connected).toBe(true)
  })

  test('a second connection of the same gateway takes over without its will being said', async () => {
    const will = { topic: upTopic(one, 'health'), payload: Buffer.from('lost'), qos: 1 as const }
    const before = await connect(one, { will })
    const evicted = new Promise((resolve) => before.once('close', () => resolve(undefined)))
    const after = await connect(one)
    await evicted
    await after.publishAsync(upTopic(one, 'event'), 'new', { qos: 1 })
    expect(heard.map(({ kind }) => kind)).toEqual(['event'])
  })

  test('bounds the connections of one gateway', async () => {
    const many = Array.from({ length: sessionsPerGatewayMax }, (_, index) =>
      connect(one, { clientId: `shell-${index}` }),
    )
    await Promise.all(many)
    await expect(connect(one, { clientId: 'one-too-many' })).rejects.toMatchObject({ code: 4 })
  })

  test('QoS 2 is not spoken here', async () => {
    const client = await connect(one)
    const closed = new Promise((resolve) => client.once('close', () => resolve(undefined)))
    client.publish(upTopic(one, 'event'), 'x', { qos: 2 }, () => undefined)
    await closed
    expect(heard).toEqual([])
  })

  test('ends the sessions of a gateway whose credentials changed', async () => {
    const client = await connect(one)
    const closed = new Promise((resolve) => client.once('close', () => resolve(undefined)))
    broker.disconnect(one)
    await closed
    expect(client.connected).toBe(false)
  })

  test('stops with clients connected, without taking their going for a loss', async () => {
    const own = await begin()
    const words: Uplink[] = []
    own.onUplink((uplink) => {
      words.push(uplink)
      return true
    })
    const will = { topic: upTopic(one, 'health'), payload: Buffer.from('lost'), qos: 1 as const }
    const client = await dial(own.port, one, { will })
    const closed = new Promise((resolve) => client.once('close', () => resolve(undefined)))
    await own.close()
    await closed
    expect(words).toEqual([])
    await expect(begin().then((fresh) => fresh.close())).resolves.toBeUndefined()
  })

  test('a port that is taken is a clear error', async () => {
    await expect(
      startEmbeddedBroker({ host: '127.0.0.1', port: broker.port, directory, clock: systemClock }),
    ).rejects.toMatchObject({
      code: 'port-unavailable',
    })
  })
})
