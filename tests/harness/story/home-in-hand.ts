import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  encode,
  type GatewayId,
  type Millis,
  millis,
  parseEvent,
  parseHealth,
  seconds,
  seededRandom,
  type Timer,
  unwrap,
} from '@anju/contract'
import { downTopic } from '@anju/contract/topics'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { healthOf } from '@anju/gateway/app/health'
import { parseConfig } from '@anju/gateway/config'
import { driverFor } from '@anju/gateway/drivers/line-drivers'
import { mqttMessage } from '@anju/gateway/drivers/mqtt/driver'
import { Outbox } from '@anju/gateway/outbox/outbox'
import { watchLine } from '@anju/gateway/pipeline/line-watch'
import { Pipeline } from '@anju/gateway/pipeline/pipeline'
import { Tally } from '@anju/gateway/pipeline/tally'
import { RestoredClock } from '@anju/gateway/restored-clock'
import { Line } from '@anju/gateway/serial-line/line'
import { silentLog } from '@anju/gateway/silent-log'
import type { Connection, ConnectionEvents } from '@anju/gateway/uplink/connection'
import { Uplink } from '@anju/gateway/uplink/uplink'
import { CutLine, MeterInHand, radarInHand } from './devices-in-hand.ts'
import { type Measurements, measurementsOf } from './measurements.ts'
import type { Story } from './story.ts'

const GATEWAY = 'gw-1' as GatewayId
export const buttonTopic = 'zigbee2mqtt/bathroom button'
const CONFIG = {
  gatewayId: GATEWAY,
  uplink: { url: 'mqtt://127.0.0.1:1' },
  broker: { host: '127.0.0.1', port: 0, allowLoopbackAnonymous: true },
  http: { host: '127.0.0.1', port: 0 },
  lines: [
    { id: 'rs485-1', url: 'tcp://meters:1' },
    { id: 'uart-1', url: 'tcp://radar:1' },
  ],
  devices: [
    { id: 'meter-1', placement: 'meter', profile: 'dlt645/single-phase', line: 'rs485-1', address: '000000000161' },
    // Somebody answers on that line, whatever becomes of the first one.
    { id: 'meter-2', placement: 'neighbour', profile: 'dlt645/single-phase', line: 'rs485-1', address: '000000000162' },
    { id: 'radar-1', placement: 'living-room', profile: 'seeed/mr60fda2', line: 'uart-1' },
    { id: 'sos-1', placement: 'bathroom-sos', profile: 'tuya/ts0215a-sos', topic: buttonTopic },
  ],
}

/** What a gateway says reaches the centre at least so often: two heartbeats, and well before it is missed. */
const stepMax = seconds(60)
/** An answer on a line takes several turns of the loop: time goes on in so small steps. */
const turnOf = millis(250)
/** As timers are: no part of a millisecond. */
class WholeClock extends VirtualClock {
  override after(delay: Millis, task: () => void): Timer {
    return super.after(millis(Math.ceil(delay)), task)
  }
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * The gateway of a story's first home with a meter, a radar and a button: all of it as it is wired in `app.ts`, in the story's
 * time. What hangs on its lines and the connection to the centre are in the test's hands. The story must expect `gw-1`.
 */
export async function aHomeInHand(story: Story): Promise<HomeInHand> {
  const dir = await mkdtemp(join(tmpdir(), 'anju-home-'))
  const clock = new WholeClock(await story.now())
  const home = new HomeInHand(story, dir, clock, await measurementsOf(story.data, clock))
  await home.passes(seconds(0))
  return home
}

export class HomeInHand {
  readonly meter: MeterInHand
  /** Whether the radar sees somebody, or one who fell; it says so every quarter of a minute while it is alive. */
  readonly radar: ReturnType<typeof radarInHand>
  readonly meterLine = new CutLine()
  readonly measurements: Measurements
  readonly #story: Story
  readonly #clock: VirtualClock
  readonly #pipeline: Pipeline
  readonly #uplink: Uplink
  readonly #closers: (() => Promise<unknown> | void)[] = []
  readonly #devices: ReturnType<typeof parseConfig>['devices']
  #connection: ConnectionEvents | undefined
  #online = true
  #sent: { readonly kind: string; readonly payload: Buffer }[] = []

  constructor(story: Story, dir: string, time: VirtualClock, measurements: Measurements) {
    this.#story = story
    this.#clock = time
    this.measurements = measurements
    const clock = new RestoredClock(time)
    const random = seededRandom(5)
    const config = parseConfig({ ...CONFIG, dataDir: dir }, { allowPlaintext: false })
    const { devices } = config
    this.#devices = devices
    const outbox = new Outbox({ dir, clock, random, log: silentLog })
    const tally = new Tally()
    const pipeline = new Pipeline({ outbox, clock, log: silentLog, tally, devices })
    this.#pipeline = pipeline
    pipeline.start()
    const radarLine = new CutLine()
    const [meter] = ['000000000161', '000000000162'].map((at) => new MeterInHand(time, at, this.meterLine))
    this.meter = meter as MeterInHand
    this.radar = radarInHand(time, radarLine)
    const transports = { 'rs485-1': this.meterLine, 'uart-1': radarLine }
    const lines = config.lines.map(({ id, url }) => {
      const hung = devices.filter((device) => device.line === id)
      const driver = driverFor(hung)
      if (!driver) throw new Error(`nothing is installed on ${id}`)
      const { open } = transports[id as keyof typeof transports]
      const line = new Line({ id, url, clock, random, log: silentLog, open, quietMax: driver.quietMaxOf(hung) })
      watchLine(line, hung, { pipeline, outbox, clock, log: silentLog })
      const running = line
        .start()
        .then(() => driver.attach(line, hung, { clock, random, log: silentLog, listener: pipeline }))
      this.#closers.push(async () => Promise.all([(await running).stop(), line.stop()]))
      return line
    })
    const startedAt = clock.monotonic()
    const links = () => [this.#uplink.state, ...lines.map(({ state }) => state)]
    this.#uplink = new Uplink({
      gateway: GATEWAY,
      server: config.uplink,
      outbox,
      clock,
      random,
      log: silentLog,
      tally,
      open: (_options, events) => this.#open(events),
      clockSynced: () => clock.synced,
      configHash: 'as-installed',
      health: () => healthOf({ config, outbox, pipeline, clock, startedAt, links: links() }),
    })
    this.#uplink.start()
    this.#closers.unshift(() => this.#uplink.stop())
    this.#closers.push(
      () => pipeline.stop(),
      () => outbox.close(),
      () => rm(dir, { recursive: true }),
      () => measurements.close(),
    )
  }

  /** So long in the home and at the centre; what the gateway sends meanwhile arrives within a minute. */
  async passes(length: Millis): Promise<void> {
    for (let left: number = length; ; left -= stepMax) {
      const step = millis(Math.min(Math.max(left, 0), stepMax))
      for (let ms = 0; ms < step; ms += turnOf) {
        await turn()
        await this.#clock.pass(turnOf)
      }
      await turn()
      await this.#story.passes(step)
      await this.#arrives()
      if (left <= stepMax) return
    }
  }

  /** A message on the gateway's own broker; `retained`: its sender connected, and the broker had kept it. */
  async publishes(topic: string, payload: string, { retained = false } = {}): Promise<void> {
    const heard = { at: this.#clock.now(), mono: this.#clock.monotonic() }
    for (const device of this.#devices.filter((one) => one.topic === topic))
      await this.#pipeline.hear(mqttMessage(device, { topic, payload: Buffer.from(payload), retained, heard }))
    await this.passes(seconds(0))
  }

  /** Its way to the centre is cut: what it hears it keeps. */
  goesOffline(): void {
    this.#online = false
    this.#connection?.onDown('cut')
    this.#connection = undefined
    this.#sent = []
  }
  goesOnline(): void {
    this.#online = true
  }

  async end(): Promise<void> {
    for (const close of this.#closers) await close()
  }

  #open(events: ConnectionEvents): Connection {
    const up = this.#online
    queueMicrotask(() => {
      if (up) this.#connection = events
      if (up) events.onUp()
      else events.onDown('cut')
    })
    return {
      publish: (topic, payload) => {
        if (this.#connection === events)
          this.#sent.push({ kind: topic.split('/').at(-1) ?? '', payload: Buffer.from(payload) })
      },
      close: () => Promise.resolve(),
      abandon: () => events.onDown('abandoned'),
    }
  }

  /** At the centre, and its receipts back here, until nothing is on its way any more. */
  async #arrives(): Promise<void> {
    const { server } = this.#story
    while (this.#sent.length > 0) {
      const sent = this.#sent.splice(0)
      const receipts = await this.measurements.takesIn(
        sent.filter(({ kind }) => kind === 'telemetry').map(({ payload }) => payload),
      )
      for (const { kind, payload } of sent) {
        if (kind === 'health') await server.hears(GATEWAY, unwrap(parseHealth(payload)))
        if (kind !== 'event') continue
        const message = unwrap(parseEvent(payload))
        const [outcome] = await server.intake.commit([{ gateway: GATEWAY, message }])
        if (outcome?.outcome === 'refused') throw new Error(`the centre refused an event: ${outcome.code}`)
        receipts.push(encode({ ids: [message.id] }))
      }
      for (const receipt of receipts) this.#connection?.onMessage(downTopic(GATEWAY, 'receipt'), receipt)
      await this.#story.settle()
      // What is settled makes room for what still waits, on the disk first.
      for (let turns = 0; turns < 4; turns++) await turn()
    }
  }
}
