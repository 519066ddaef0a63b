import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, type Instant, type Millis, millis, type Timer } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { profileById } from '@anju/device-profiles/registry'
import { aTestCentre, type TestCentre } from '@anju/gateway/testing/centre'
import type { PolledDevice, PublishingDevice, TalkingDevice } from '@anju/simulators/devices/device'
import { openPtyLine } from '@anju/simulators/serial-bridge/pty-line'
import type { MqttClient } from 'mqtt'
import { findSocat } from '../prepare-machine.ts'
import { aGateway, type RunningGateway } from './gateway.ts'
import { temporaryFolder } from './server.ts'
import { TruthLedger } from './truth-ledger.ts'
import { until } from './wait.ts'

/** A bus of devices that are asked, or a receiver whose devices speak by themselves, at the speed of its wire. */
export interface HomeLine {
  readonly id: string
  readonly baud: number
  readonly parity: 'none' | 'even'
  readonly polled?: readonly (readonly [id: string, device: PolledDevice, options?: object])[]
  readonly talking?: readonly (readonly [id: string, device: TalkingDevice, options?: object])[]
}
export interface HomePlan {
  readonly lines: readonly HomeLine[]
  readonly publishing: readonly (readonly [id: string, device: PublishingDevice])[]
  /** Buttons that wait to be pressed by the test, at `buttonTopicOf`. */
  readonly buttons?: number
}
export const buttonTopicOf = (number: number): string => `zigbee2mqtt/button ${number}`

export interface BusyHome {
  readonly gateway: RunningGateway
  readonly centre: TestCentre
  readonly ledger: TruthLedger
  readonly devices: number
  readonly protocols: readonly string[]
  /** Everybody falls silent; what is on its way still arrives. */
  hush(): Promise<void>
  end(): Promise<void>
}

/** In place of the profiles' and the devices' own intervals. */
export interface Pace {
  readonly pollEveryS?: number
  readonly speakEvery?: Millis
}

/**
 * A home with many devices on real serial lines (pseudo-terminals, paced by the bytes' time on the wire) and MQTT, the real
 * gateway in a process of its own, and a small centre.
 */
export async function aBusyHome(plan: HomePlan, { pollEveryS, speakEvery }: Pace = {}): Promise<BusyHome> {
  const socat = findSocat()
  if (!socat) throw new Error('a home with serial lines needs socat, which is not installed')
  const folder = temporaryFolder('anju-busy-home')
  mkdirSync(join(folder, 'lines'))
  const closers: (() => Promise<unknown> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const end = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const devices = devicesOf(plan, pollEveryS)
    const ledger = new TruthLedger(devices)
    const centre = await aTestCentre('gw-busy')
    closers.push(() => centre.stop())
    const speakers: Speaker[] = []
    const lines = await Promise.all(
      plan.lines.map(async (line) => {
        const bus = new Bus(line, { clock: systemClock, ledger, write: (bytes) => port.write(bytes), speakEvery })
        const settings = `baud=${line.baud}&parity=${line.parity}`
        const path = join(folder, 'lines', line.id)
        const parts = { clock: systemClock, log: () => undefined, hear: (bytes: Uint8Array) => bus.hear(bytes) }
        const port = await openPtyLine({ socat, path, settings }, parts)
        closers.push(() => port.stop())
        speakers.push(bus)
        if (!existsSync(path)) throw new Error(`no terminal at ${path}`)
        return { id: line.id, url: port.url }
      }),
    )
    const gateway = await aGateway({
      provisioned: { id: 'gw-busy', mqtt: { url: centre.url, username: 'gw-busy', password: 'x' } },
      lines,
      devices,
    })
    closers.push(() => gateway.end())
    // The second start finds its code compiled.
    await gateway.stop()
    await gateway.start()
    const bridge = await gateway.device()
    closers.push(() => bridge.endAsync(true))
    speakers.push(new Publishers(plan.publishing, { clock: systemClock, ledger, bridge, speakEvery }))
    await until(
      'every line to be open',
      async () => !(await gateway.status()).links.some(({ state }) => state === 'down'),
      {
        withinMs: 10_000,
      },
    )
    for (const speaker of speakers) speaker.start()
    const hush = async () => {
      for (const speaker of speakers) await speaker.stop()
    }
    closers.push(hush)
    return {
      gateway,
      centre,
      ledger,
      devices: devices.length,
      protocols: [...new Set(devices.map(({ profile }) => dialectOf(profile)))].toSorted(),
      hush,
      end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

function devicesOf(plan: HomePlan, pollEveryS: number | undefined) {
  const wired = plan.lines.flatMap((line) =>
    [...(line.polled ?? []), ...(line.talking ?? [])].map(([id, { profile, address }, options]) => ({
      id,
      placement: id,
      profile,
      line: line.id,
      ...(address !== undefined && { address }),
      ...(options && { options }),
      ...(pollEveryS !== undefined && { pollEveryS: everyPoll(profile, pollEveryS) }),
    })),
  )
  const published = plan.publishing.map(([id, { profile, topic, options }]) => ({
    id,
    placement: id,
    profile,
    topic,
    ...(options && { options }),
  }))
  const buttons = Array.from({ length: plan.buttons ?? 0 }, (_, i) => ({
    id: `button-${i}`,
    placement: `button-${i}`,
    profile: 'tuya/ts0215a-sos',
    topic: buttonTopicOf(i),
  }))
  return [...wired, ...published, ...buttons]
}
const everyPoll = (profile: string, everyS: number): Record<string, number> =>
  Object.fromEntries((profileById(profile)?.polls ?? []).map(({ name }) => [name, everyS]))

/** What a device speaks, for counting protocols: its wire, or the dialect that its topic belongs to. */
function dialectOf(id: string): string {
  const { driver, topic = '' } = profileById(id) ?? { driver: 'unknown' }
  return driver === 'mqtt' ? `mqtt ${topic.split('/').find((part) => part !== '') ?? ''}` : driver
}

interface Speaker {
  start(): void
  stop(): Promise<void> | void
}

/** Bits of a byte on the wire: a start bit, eight of data, parity perhaps, a stop bit. */
const bitsPerByte = 11
/** A meter thinks before it answers. */
const thinkingMs = 20
/** The same question again within this time is the bus master's second try. */
const askedAgainWithinMs = 4_000
/** What ends a question: 3.5 characters of silence, and the pauses of a pseudo-terminal. */
const questionGap = millis(15)

interface BusParts {
  readonly clock: Clock
  readonly ledger: TruthLedger
  readonly write: (bytes: Uint8Array) => void
  readonly speakEvery: Millis | undefined
}

/** One line: collects what is asked, lets every device hear it, and says the answers as fast as the wire would carry them. */
class Bus implements Speaker {
  readonly #line: HomeLine
  readonly #parts: BusParts
  readonly #standing: Timer[] = []
  readonly #underWay = new Set<Timer>()
  #question: Uint8Array[] = []
  #gap: Timer | undefined
  #last: { readonly asked: string; readonly at: Instant } | undefined
  #stopped = false

  constructor(line: HomeLine, parts: BusParts) {
    this.#line = line
    this.#parts = parts
  }

  hear(bytes: Uint8Array): void {
    this.#question.push(bytes)
    this.#gap?.cancel()
    this.#gap = this.#parts.clock.after(questionGap, () => this.#answer(Buffer.concat(this.#question.splice(0))))
  }

  start(): void {
    const { clock, ledger, speakEvery } = this.#parts
    for (const [id, device] of this.#line.talking ?? [])
      this.#standing.push(
        clock.every(speakEvery ?? device.every, () => {
          const at = clock.now()
          ledger.says(id, device.truth(at))
          this.#say(device.speak(at), 0)
        }),
      )
  }

  /** What is under way on the wire still arrives. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#standing) timer.cancel()
    await until('the wire to be quiet', () => this.#underWay.size === 0, { withinMs: 10_000 })
  }

  #answer(question: Uint8Array): void {
    const at: Instant = this.#parts.clock.now()
    for (const [id, device] of this.#line.polled ?? []) {
      const answer = this.#stopped ? undefined : device.answer(question, at)
      if (!answer) continue
      const asked = Buffer.from(question).toString('hex')
      const again = this.#last?.asked === asked && at - this.#last.at < askedAgainWithinMs
      if (again) this.#parts.ledger.askedAgain++
      this.#last = { asked, at }
      this.#parts.ledger.says(id, device.truth(at), { points: answer.points, again })
      this.#say(answer.bytes, question.byteLength)
    }
  }

  /** The question took its time on the wire as well: a pseudo-terminal carried it at once. */
  #say(bytes: Uint8Array, afterBytes: number): void {
    const wireMs = ((bytes.byteLength + afterBytes) * bitsPerByte * 1_000) / this.#line.baud
    const timer = this.#parts.clock.after(millis(wireMs + thinkingMs), () => {
      this.#underWay.delete(timer)
      this.#parts.write(bytes)
    })
    this.#underWay.add(timer)
  }
}

interface PublisherParts {
  readonly clock: Clock
  readonly ledger: TruthLedger
  readonly bridge: MqttClient
  readonly speakEvery: Millis | undefined
}

class Publishers implements Speaker {
  readonly #devices: HomePlan['publishing']
  readonly #parts: PublisherParts
  readonly #timers: Timer[] = []
  readonly #onTheWay = new Set<Promise<unknown>>()

  constructor(devices: HomePlan['publishing'], parts: PublisherParts) {
    this.#devices = devices
    this.#parts = parts
  }

  start(): void {
    const { clock, speakEvery } = this.#parts
    for (const [id, device] of this.#devices)
      this.#timers.push(clock.every(speakEvery ?? device.every, () => this.#publish(id, device)))
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await Promise.all(this.#onTheWay)
  }

  #publish(id: string, device: PublishingDevice): void {
    const { clock, ledger, bridge } = this.#parts
    const at = clock.now()
    ledger.says(id, device.truth(at))
    for (const { topic, payload, retain } of device.publish(at)) {
      const text = typeof payload === 'string' ? payload : Buffer.from(payload)
      const sent = bridge.publishAsync(topic, text, { qos: 1, retain }).finally(() => this.#onTheWay.delete(sent))
      this.#onTheWay.add(sent)
    }
  }
}
