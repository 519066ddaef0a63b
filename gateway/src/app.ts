import { createHash } from 'node:crypto'
import { type Clock, errorMessage, type Random, seconds } from '@anju/contract'
import { announcedTopic } from '@anju/device-profiles/protocols/zigbee2mqtt/announcement'
import mqttPacket from 'mqtt-packet'
import { healthOf } from './app/health.ts'
import { keepHouse, lastKnownTime } from './app/housekeeping.ts'
import { type GatewayStatus, statusOf } from './app/status.ts'
import { startBroker } from './broker/broker.ts'
import type { GatewayConfig } from './config.ts'
import type { LineDriver, RunningDriver } from './drivers/driver.ts'
import { driverFor } from './drivers/line-drivers.ts'
import { mqttMessage } from './drivers/mqtt/driver.ts'
import { topicIndex } from './drivers/mqtt/topic-index.ts'
import { type LocalApi, startLocalApi } from './local-api/server.ts'
import { Outbox } from './outbox/outbox.ts'
import { watchLine } from './pipeline/line-watch.ts'
import { Pipeline } from './pipeline/pipeline.ts'
import { Tally } from './pipeline/tally.ts'
import type { Device, LinkState, Log } from './ports.ts'
import { RestoredClock } from './restored-clock.ts'
import { Line } from './serial-line/line.ts'
import { openTransport } from './serial-line/transport.ts'
import { connectionsWith } from './uplink/connection.ts'
import { Uplink } from './uplink/uplink.ts'

export interface GatewayEdges {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** The store broke: only a new start can mend it. */
  readonly onDamaged?: (why: string) => void
}
export interface RunningGateway {
  readonly brokerPort: number
  readonly httpPort: number
  readonly boot: number
  status(): GatewayStatus
  /** Clean: what was acknowledged is on the disk, the server is told goodbye. */
  stop(): Promise<void>
}

// 65,536 small buffers kept for every packet number there can be: 5 MiB that buy nothing here.
mqttPacket.writeToStream.cacheNumbers = false

const megabyte = 1_048_576
/** Home Assistant's discovery under its usual prefix. */
const DISCOVERY = /^homeassistant\/.+\/config$/
/** Topics nobody is installed for, one sample of each: an installer finds the button that speaks under another name. */
const strangeTopicsMax = 256
/** A line on which no device is installed. */
const quietMaxOfNobody = seconds(300)

/**
 * Puts the gateway together and starts it. Everything that is stopped later is stopped in the opposite order.
 * @throws DomainError `port-unavailable`, `store-unavailable`; then nothing of it is left running.
 */
export async function startGateway(config: GatewayConfig, edges: GatewayEdges): Promise<RunningGateway> {
  const { random, log } = edges
  const clock = new RestoredClock(edges.clock)
  const startedAt = clock.monotonic()
  const closers: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const close of closers.splice(0).reverse())
      try {
        await close()
      } catch (error) {
        log.error({ why: errorMessage(error) }, 'a part did not stop cleanly')
      }
  }
  try {
    const outbox = new Outbox({
      dir: config.dataDir,
      clock,
      random,
      log,
      limits: { bytesMax: config.storeBytesMax, lifeReserveBytes: Math.min(16 * megabyte, config.storeBytesMax / 4) },
      flushEvery: seconds(config.flushEveryS),
      ...(edges.onDamaged && { onDamaged: edges.onDamaged }),
    })
    closers.push(() => outbox.close())
    const known = lastKnownTime(outbox)
    if (known !== undefined) clock.restore(known)
    if (!clock.synced) log.warn({ now: clock.now() }, 'the clock is behind what this gateway knew: going on from there')

    const tally = new Tally()
    const pipeline = new Pipeline({ outbox, clock, log, tally, devices: config.devices })
    pipeline.start()
    closers.push(() => pipeline.stop())
    const house = keepHouse(outbox, clock, config.gatewayId, log)
    closers.push(() => house.stop())

    const devicesOf = topicIndex(config.devices)
    const strangers = new Set<string>()
    const broker = await startBroker({
      config: config.broker,
      clock,
      log,
      tally,
      async onPublished(published) {
        const back = announcedTopic(published.topic, published.payload)
        const announced = back === undefined ? [] : devicesOf(back)
        for (const device of announced) pipeline.announced(device, published.heard)
        if (announced.length > 0) return
        const devices = devicesOf(published.topic)
        await Promise.all(devices.map((device) => pipeline.hear(mqttMessage(device, published))))
        if (devices.length > 0) return
        const { topic, payload: bytes } = published
        // What announces itself to another program is no unknown button, and there may be hundreds of them.
        if (DISCOVERY.test(topic)) return tally.count('announcement-heard')
        if (strangers.has(topic) || strangers.size >= strangeTopicsMax) return tally.count('topic-unknown')
        strangers.add(topic)
        return pipeline.refuse({
          source: topic,
          code: 'topic-unknown',
          why: 'no device is installed for this topic',
          bytes,
        })
      },
      onOversized: ({ topic, payload: bytes }) =>
        pipeline.refuse({ source: topic, code: 'message-oversized', why: 'larger than a message may be', bytes }),
    })
    closers.push(() => broker.stop())

    const lines = config.lines.map(({ id, url }) => {
      const devices = config.devices.filter((device) => device.line === id)
      const driver = driverFor(devices)
      const line = new Line({
        id,
        url,
        clock,
        random,
        log,
        open: openTransport,
        quietMax: driver?.quietMaxOf(devices) ?? quietMaxOfNobody,
      })
      return { line, devices, driver }
    })
    for (const { line, devices, driver } of lines) {
      watchLine(line, devices, { pipeline, outbox, clock, log })
      const running = speak(line, devices, driver)
      closers.push(() => Promise.all([running.stop(), line.stop()]).then(() => undefined))
    }
    function speak(line: Line, devices: readonly Device[], driver: LineDriver | undefined): RunningDriver {
      // The port opens first, so that the first question is not lost on a line that is still closed.
      const opened = line.start()
      if (!driver) return { stop: () => opened }
      const running = opened.then(() => driver.attach(line, devices, { clock, random, log, listener: pipeline }))
      return { stop: async () => (await running).stop() }
    }

    const links = (): LinkState[] => [
      uplink.state,
      { id: 'broker', state: 'up' },
      ...lines.map(({ line }) => line.state),
    ]
    const uplink = new Uplink({
      gateway: config.gatewayId,
      server: config.uplink,
      outbox,
      clock,
      random,
      log,
      tally,
      open: connectionsWith(clock),
      clockSynced: () => clock.synced,
      configHash: hashOf(config),
      health: () => healthOf({ config, outbox, pipeline, clock, startedAt, links: links() }),
    })
    uplink.start()
    closers.push(() => uplink.stop())

    const status = () =>
      statusOf({ config, outbox, pipeline, clock, startedAt, links: links(), tally, clients: broker.clients })
    const page: LocalApi = await startLocalApi(config.http, status, log)
    closers.push(() => page.stop())
    return { brokerPort: broker.port, httpPort: page.port, boot: outbox.boot, status, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Names the running configuration without giving its passwords away. */
function hashOf({ uplink: _uplink, broker, ...config }: GatewayConfig): string {
  const names = config.devices.map((device) => ({ ...device, profile: device.profile.id }))
  const told = { ...config, devices: names, broker: { host: broker.host, port: broker.port } }
  return createHash('sha256').update(JSON.stringify(told)).digest('hex')
}
