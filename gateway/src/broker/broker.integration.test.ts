import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { instant, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { VirtualClock } from '@anju/contract/virtual-clock'
import mqtt from 'mqtt'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Tally } from '../pipeline/tally.ts'
import { silentLog } from '../silent-log.ts'
import { aTestGateway, buttonTopic, type TestGateway } from '../testing/gateway.ts'
import { startBroker } from './broker.ts'

/** Nothing listens there: the uplink is down all the time, as it may be. */
const nowhere = 'mqtt://127.0.0.1:1'
let gateway: TestGateway
beforeEach(async () => {
  gateway = await aTestGateway(nowhere, {
    credentials: [
      { username: 'z2m', password: 'right', topics: ['zigbee2mqtt/#'] },
      { username: 'meter', password: 'other', topics: ['tasmota/meter/#'] },
    ],
  })
})
afterEach(() => gateway.stop())
const status = () => gateway.running.status()

/** What a power cut at this moment would leave: a copy of the files, read by somebody else. */
function onDisk(): number {
  const copy = mkdtempSync(join(tmpdir(), 'anju-copy-'))
  try {
    for (const suffix of ['', '-wal'])
      cpSync(join(gateway.config.dataDir, `gateway.db${suffix}`), join(copy, `gateway.db${suffix}`))
    const db = new DatabaseSync(join(copy, 'gateway.db'))
    const { n } = db.prepare('SELECT count(*) AS n FROM life').get() as { n: number }
    db.close()
    return n
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

test('a press is on the disk when its PUBACK comes', async () => {
  const device = await gateway.device()
  expect(onDisk()).toBe(0)
  await gateway.press(device)
  expect(onDisk()).toBe(1)
})

test('the same press twice within a second is one; re-announces and empty actions are none', async () => {
  const device = await gateway.device()
  await Promise.all([gateway.press(device), gateway.press(device), gateway.press(device)])
  await gateway.press(device, '')
  await device.publishAsync(buttonTopic, '{"action":null}', { qos: 1 })
  await device.publishAsync(buttonTopic, '{"action":"emergency"}', { qos: 1, retain: true })
  expect(status().queue.life).toBe(1)
})

test('a retained message is old only right after its sender connected: later it is said now, and to be kept', async () => {
  const clock = new VirtualClock(instant(Date.parse('2026-03-01T08:00:00Z')))
  const heard: boolean[] = []
  const broker = await startBroker({
    config: { host: '127.0.0.1', port: 0, allowLoopbackAnonymous: true, credentials: [] },
    clock,
    log: silentLog,
    tally: new Tally(),
    onPublished: ({ retained }) => Promise.resolve(void heard.push(retained)),
    onOversized: () => Promise.resolve(),
  })
  const bridge = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 })
  const press = () => bridge.publishAsync(buttonTopic, '{"action":"emergency"}', { qos: 1, retain: true })
  await press()
  await clock.pass(seconds(11))
  await press()
  expect(heard).toEqual([true, false])
  bridge.end(true)
  await broker.stop()
})

test('a press that cannot be stored is not acknowledged: the connection ends, so that the device sends it again', async () => {
  const broker = await startBroker({
    config: { host: '127.0.0.1', port: 0, allowLoopbackAnonymous: true, credentials: [] },
    clock: systemClock,
    log: silentLog,
    tally: new Tally(),
    onPublished: () => Promise.reject(new Error('the disk is full')),
    onOversized: () => Promise.resolve(),
  })
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { reconnectPeriod: 0 })
  const packets: string[] = []
  device.on('packetreceive', ({ cmd }) => packets.push(cmd))
  const closed = new Promise<void>((resolve) => void device.once('close', () => resolve()))
  device.publish(buttonTopic, '{"action":"emergency"}', { qos: 1 })
  await closed
  expect(packets).toEqual([])
  device.end(true)
  await broker.stop()
})

test('four thousand malformed, oversized and unknown messages are counted, kept in bounds and acknowledged; the press between them is stored at once', async () => {
  const noisy = await gateway.device()
  const device = await gateway.device()
  const noise: Promise<unknown>[] = []
  let worstMs = 0
  for (let n = 0; n < 3_000; n++) {
    noise.push(noisy.publishAsync(buttonTopic, `{"action":${n}`, { qos: 1 }))
    if (n % 3 === 0) noise.push(noisy.publishAsync(`strange/${n}`, Buffer.alloc(50, 0xff), { qos: 1 }))
    if (n % 100 === 0) noise.push(noisy.publishAsync(buttonTopic, Buffer.alloc(400_000, 0x7b), { qos: 1 }))
    if (n % 500 !== 0) continue
    const before = performance.now()
    await gateway.press(device)
    worstMs = Math.max(worstMs, performance.now() - before)
  }
  await Promise.all(noise)
  expect(worstMs).toBeLessThan(1_000)
  const { counts, queue } = status()
  expect(counts).toMatchObject({ 'payload-malformed': 3_000, 'topic-unknown': 1_000, 'message-oversized': 30 })
  expect(queue.life).toBeGreaterThan(0)
  expect(noisy.connected).toBe(true)
})

test('a stream that is no MQTT is closed and disturbs nobody', async () => {
  const device = await gateway.device()
  const socket = connect(gateway.running.brokerPort, '127.0.0.1')
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    socket.once('error', () => undefined)
    socket.write(Buffer.alloc(100_000, 0xff))
  })
  await gateway.press(device)
  expect(status().queue.life).toBe(1)
})

test('a device gets in by its own name and password only, and may use its own topics only', async () => {
  await expect(gateway.device({ username: 'z2m', password: 'wrong' })).rejects.toThrow(/authori/i)
  await expect(gateway.device({ username: 'nobody', password: 'right' })).rejects.toThrow(/authori/i)
  const bridge = await gateway.device({ username: 'z2m', password: 'right' })
  await gateway.press(bridge)
  expect(status().queue.life).toBe(1)
  const meter = await gateway.device({ username: 'meter', password: 'other' })
  const [granted] = await meter.subscribeAsync(['zigbee2mqtt/#'], { qos: 1 }).catch(() => [{ qos: 128 }])
  expect(granted?.qos).toBe(128)
  const closed = new Promise<void>((resolve) => meter.once('close', () => resolve()))
  meter.publish(buttonTopic, '{"action":"emergency"}', { qos: 1 })
  await closed
  expect(status().queue.life).toBe(1)
  expect(status().counts).toMatchObject({ 'login-refused': 2, 'publish-forbidden': 1 })
})

test('a press that was stored but not acknowledged, sent again after a restart, is still one press', async () => {
  const first = await gateway.device({ clientId: 'bridge' })
  // The id the packet gets is the client's next one; the second client sends the same packet as a repetition.
  await gateway.press(first)
  const messageId = first.getLastMessageId()
  await gateway.restart()
  const raw = connect(gateway.running.brokerPort, '127.0.0.1')
  const acknowledged = new Promise<void>((resolve) => {
    let seen = Buffer.alloc(0)
    raw.on('data', (bytes) => {
      seen = Buffer.concat([seen, bytes])
      // CONNACK (4 bytes), then PUBACK of that id.
      if (seen.byteLength >= 8 && seen[4] === 0x40 && seen.readUInt16BE(6) === messageId) resolve()
    })
  })
  raw.write(Buffer.from([0x10, 18, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 60, 0, 6, ...Buffer.from('bridge')]))
  const topic = Buffer.from(buttonTopic)
  const payload = Buffer.from('{"action":"emergency","battery":80}')
  const body = Buffer.concat([
    Buffer.from([0, topic.byteLength]),
    topic,
    Buffer.from([messageId >> 8, messageId & 0xff]),
    payload,
  ])
  raw.write(Buffer.concat([Buffer.from([0x3a, body.byteLength]), body]))
  await vi.waitFor(() => acknowledged, { timeout: 5_000 })
  raw.destroy()
  expect(status().queue.life).toBe(1)
})
