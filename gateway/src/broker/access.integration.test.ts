import { seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import mqtt, { type MqttClient } from 'mqtt'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Tally } from '../pipeline/tally.ts'
import { silentLog } from '../silent-log.ts'
import { type Broker, startBroker } from './broker.ts'

const credentials = [
  { username: 'button', password: 'b-secret', topics: ['zigbee2mqtt/bathroom button/#'] },
  { username: 'kettle', password: 'k-secret', topics: ['tele/kettle/#', 'cmnd/kettle/#'] },
]
let broker: Broker
let tally: Tally
let heard: string[]
let clients: MqttClient[]

beforeEach(async () => {
  tally = new Tally()
  heard = []
  clients = []
  broker = await startBroker({
    config: { host: '127.0.0.1', port: 0, allowLoopbackAnonymous: false, credentials },
    clock: systemClock,
    log: silentLog,
    tally,
    onPublished: ({ topic }) => Promise.resolve(void heard.push(topic)),
    onOversized: () => Promise.resolve(),
  })
})
afterEach(async () => {
  for (const client of clients) client.end(true)
  await broker.stop()
})

async function device(username?: string, password?: string, will?: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
    reconnectPeriod: 0,
    connectTimeout: seconds(5),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(will !== undefined && {
      will: { topic: will, payload: Buffer.from('{"action":"sos"}'), qos: 1 as const, retain: false },
    }),
  })
  clients.push(client)
  return client
}

const refusalOf = async (username?: string, password?: string): Promise<unknown> => {
  try {
    await device(username, password)
    return 'let in'
  } catch (error) {
    return { code: (error as { code?: number }).code, message: (error as Error).message }
  }
}

test('a wrong name, a wrong password and none at all are refused with the same answer, and counted', async () => {
  const answers = [
    await refusalOf('kettle', 'wrong'),
    await refusalOf('nobody', 'k-secret'),
    await refusalOf('nobody', 'wrong'),
    await refusalOf('kettle', 'b-secret'),
    await refusalOf(),
  ]
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toMatchObject({ code: 5 })
  expect(tally.all()).toMatchObject({ 'login-refused': 5 })
  expect(broker.clients).toBe(0)
})

test('a device publishes under its own topics; a word under another one’s ends its connection and is heard by nobody', async () => {
  const kettle = await device('kettle', 'k-secret')
  await kettle.publishAsync('tele/kettle/SENSOR', '{}', { qos: 1 })
  const closed = new Promise<void>((resolve) => void kettle.once('close', () => resolve()))
  kettle.publish('zigbee2mqtt/bathroom button', '{"action":"sos"}', { qos: 1 })
  await closed
  expect(heard).toEqual(['tele/kettle/SENSOR'])
  expect(tally.all()).toMatchObject({ 'publish-forbidden': 1 })
})

test('a last will under another one’s topic presses no button', async () => {
  const kettle = await device('kettle', 'k-secret', 'zigbee2mqtt/bathroom button')
  const watcher = await device('button', 'b-secret')
  // Torn away, not said good-bye: that is when a broker speaks for it.
  kettle.stream.destroy()
  await expect.poll(() => tally.all()).toMatchObject({ 'publish-forbidden': 1 })
  await watcher.publishAsync('zigbee2mqtt/bathroom button/action', '', { qos: 1 })
  expect(heard).toEqual(['zigbee2mqtt/bathroom button/action'])
})

test('a device listens to its own topics and to nothing else in the home', async () => {
  const kettle = await device('kettle', 'k-secret')
  const granted = async (filter: string): Promise<boolean> => {
    const [answer] = await kettle.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }])
    return answer !== undefined && answer.qos < 128
  }
  expect(await granted('cmnd/kettle/#')).toBe(true)
  expect(await granted('cmnd/kettle/POWER')).toBe(true)
  const others = ['#', '+/kettle/SENSOR', 'cmnd/#', 'zigbee2mqtt/#', 'zigbee2mqtt/bathroom button/action', '$SYS/#']
  for (const filter of others) expect({ filter, granted: await granted(filter) }).toEqual({ filter, granted: false })
  expect(tally.all()).toMatchObject({ 'subscribe-forbidden': others.length })

  const told: string[] = []
  kettle.on('message', (topic) => told.push(topic))
  const button = await device('button', 'b-secret')
  await button.publishAsync('zigbee2mqtt/bathroom button/action', 'sos', { qos: 1 })
  await kettle.publishAsync('cmnd/kettle/POWER', 'ON', { qos: 1 })
  await expect.poll(() => told).toEqual(['cmnd/kettle/POWER'])
})
