import { type Clock, type Instant, type Millis, millis } from '@anju/contract'
import type { OpenTransport, TransportEvents } from '@anju/gateway/serial-line/transport'
import type { PolledDevice } from '@anju/simulators/devices/device'

export type { PolledDevice } from '@anju/simulators/devices/device'
export { IecModeCMeter } from '@anju/simulators/devices/iec62056-meter/meter'
export { mbusHeat, mbusWater } from '@anju/simulators/devices/mbus-meter/meters'

/** A device on the line, and how it behaves there. */
export interface Speaker {
  readonly device: PolledDevice
  /** From the last byte of a question to the first of its answer. */
  readonly reaction?: Millis
  /** Hears everything and says nothing. */
  dead?: boolean
}

const bitsPerByte = 10
const garbled = 0x95

/**
 * A serial port with devices behind it, in the time of the test's clock. Bytes take as long as they do at the port's speed, and
 * the port says that they have left before they have, as USB adapters do. What is said at one speed and heard at another is
 * garbage, on either side.
 */
export class SpeedLine {
  readonly #clock: Clock
  readonly #speakers: readonly Speaker[]
  readonly #ownBaud: number
  #events: TransportEvents | undefined
  baud = 0
  opens = 0
  /** Every speed that the port was set to, the one it was opened with included. */
  readonly speeds: number[] = []
  readonly heardByDevices: string[] = []
  /** What was true of the points that a device spoke of. */
  readonly said: { readonly profile: string; readonly values: Readonly<Record<string, number>> }[] = []
  /** An optical head hears its own light. */
  echo = false
  /** Nothing of what the devices say arrives. */
  mute = false
  /** Speeds that the port refuses to take. */
  readonly refuses = new Set<number>()

  constructor(clock: Clock, ownBaud: number, speakers: readonly Speaker[]) {
    this.#clock = clock
    this.#ownBaud = ownBaud
    this.#speakers = speakers
  }

  readonly open: OpenTransport = (_url, events) => {
    this.#events = events
    this.opens++
    this.#setTo(this.#ownBaud)
    return Promise.resolve({
      write: (bytes) => Promise.resolve(this.#carry(bytes, events)),
      setBaud: (baud) => {
        if (this.refuses.has(baud)) return Promise.reject(new Error(`no ${baud} baud`))
        this.#setTo(baud)
        return Promise.resolve()
      },
      close: () => Promise.resolve(),
    })
  }

  /** The dongle is pulled out; the gateway opens it again by itself. */
  pull(): void {
    const events = this.#events
    this.#events = undefined
    events?.onClosed('pulled')
  }

  #setTo(baud: number): void {
    this.baud = baud
    this.speeds.push(baud)
  }

  #carry(bytes: Uint8Array, events: TransportEvents): void {
    const { baud } = this
    this.#clock.after(onTheWay(bytes, baud), () => {
      if (events !== this.#events) return
      // The last byte is still in the port when its speed is changed: what leaves it is no question.
      const carried = this.baud === baud ? bytes : spoilt(bytes)
      if (this.echo) events.onBytes(carried)
      this.heardByDevices.push(String.fromCharCode(...carried))
      const now = this.#clock.now()
      for (const speaker of this.#speakers)
        if (speaker.dead !== true)
          this.#hear(speaker, (speedOf(speaker.device, now) ?? baud) === baud ? carried : spoilt(carried))
    })
  }

  #hear({ device, reaction = millis(300) }: Speaker, bytes: Uint8Array): void {
    const at = this.#clock.now()
    const answer = device.answer(bytes, at)
    if (!answer) return
    const baud = 'baud' in answer && typeof answer.baud === 'number' ? answer.baud : this.baud
    const truth = device.truth(at)
    const values = Object.fromEntries(answer.points.map((point) => [point, truth[point] ?? Number.NaN]))
    if (answer.points.length > 0) this.said.push({ profile: device.profile, values })
    const events = this.#events
    for (const [i, byte] of answer.bytes.entries())
      this.#clock.after(millis(reaction + onTheWay(answer.bytes.subarray(0, i + 1), baud)), () => {
        if (events && events === this.#events && !this.mute)
          events.onBytes(Uint8Array.of(this.baud === baud ? byte : byte ^ garbled))
      })
  }
}

/** Devices without a choice of speeds are those that the line was set up for. */
const speedOf = (device: PolledDevice, at: Instant): number | undefined =>
  'speedAt' in device && typeof device.speedAt === 'function' ? Number(device.speedAt(at)) : undefined

const onTheWay = (bytes: Uint8Array, baud: number): Millis => millis((bytes.byteLength * bitsPerByte * 1_000) / baud)
const spoilt = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ garbled)
