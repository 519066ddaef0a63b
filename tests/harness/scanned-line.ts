import { type Clock, type Instant, type Millis, millis, seconds } from '@anju/contract'
import type { VirtualClock } from '@anju/contract/virtual-clock'
import type { LineUrl } from '@anju/gateway/serial-line/line-url'
import type { OpenTransport, TransportEvents } from '@anju/gateway/serial-line/transport'
import type { PolledDevice, TalkingDevice } from '@anju/simulators/devices/device'

export { chintDdsu666 } from '@anju/simulators/devices/chint-ddsu666/meter'
export { cjt188ColdWater, cjt188Heat } from '@anju/simulators/devices/cjt188-meter/meters'
export { dlt645Meter1997 } from '@anju/simulators/devices/dlt645-1997-meter/meter'
export { dlt645SinglePhase } from '@anju/simulators/devices/dlt645-meter/device'
export { eastronSdm120 } from '@anju/simulators/devices/eastron-sdm120/meter'
export { doorContact } from '@anju/simulators/devices/esp3/senders'
export { mr60fda2 } from '@anju/simulators/devices/hilink-radar/radars'
export { IecModeCMeter, iecPushMeter } from '@anju/simulators/devices/iec62056-meter/meter'
export { ld2410 } from '@anju/simulators/devices/ld2410/radar'
export { mbusWater } from '@anju/simulators/devices/mbus-meter/meters'
export { p1MeterWithGas } from '@anju/simulators/devices/p1-meter/meter'
export { ev1527Button } from '@anju/simulators/devices/portisch/senders'
export { pzem004t } from '@anju/simulators/devices/pzem-004t/meter'
export { mr24hpc1 } from '@anju/simulators/devices/radar-5359/radars'
export { panicPendant } from '@anju/simulators/devices/rfxcom/senders'
export { smlMeter } from '@anju/simulators/devices/sml-meter/meter'

/** Speaks by itself, as a simulated device does, or whatever a test makes it say. */
export type Talker = Pick<TalkingDevice, 'every' | 'speak'>

/** A device on the line, and how its port is set: `2400 8E1`. */
export interface OnLine {
  readonly set: string
  readonly device: Pick<PolledDevice, 'answer'> | Talker
  /** From the last byte of a question to the first of its answer. */
  readonly reaction?: Millis
}

const usualReaction = millis(60)

/**
 * A serial port that may be set as somebody likes, with devices behind it, in the time of the test's clock. Whoever is set
 * otherwise hears other bytes, or none; who speaks at the same time as another spoils both.
 */
export class ScannedLine {
  readonly #clock: Clock
  readonly #devices: readonly OnLine[]
  /** Every byte sequence that was put on the line, in hex. */
  readonly written: string[] = []
  /** How the port was set each time it was opened. */
  readonly opened: string[] = []
  isOpen = false
  /** An adapter without a separate receiver hears its own words. */
  echo = false
  /** The port's own words, for settings that it does not know. */
  refuses: (set: string) => string | undefined = () => undefined

  constructor(clock: Clock, devices: readonly OnLine[]) {
    this.#clock = clock
    this.#devices = devices
  }

  readonly open: OpenTransport = (url, events) => {
    const port = { url, baud: url.kind === 'serial' ? url.baud : 0, open: true, events }
    const refused = this.refuses(setOf(port))
    if (refused !== undefined) return Promise.reject(new Error(refused))
    this.opened.push(setOf(port))
    this.isOpen = true
    const talking = this.#devices.flatMap((one) => this.#startTalking(one, port))
    return Promise.resolve({
      write: (bytes) => {
        this.written.push(Buffer.from(bytes).toString('hex').toUpperCase())
        this.#carry(bytes, port)
        return Promise.resolve()
      },
      setBaud: (baud) => {
        port.baud = baud
        return Promise.resolve()
      },
      close: () => {
        port.open = false
        this.isOpen = false
        for (const timer of talking) timer.cancel()
        return Promise.resolve()
      },
    })
  }

  #startTalking({ device, set }: OnLine, port: Port) {
    if (!('speak' in device)) return []
    const speak = () => this.#hear(device.speak(this.#clock.now()), set, port)
    return [this.#clock.every(device.every, speak)]
  }

  #carry(bytes: Uint8Array, port: Port): void {
    const said = setOf(port)
    this.#clock.after(onTheWay(bytes.byteLength, said), () => {
      if (this.echo) this.#hear(bytes, said, port)
      const now = this.#clock.now()
      const answers = this.#devices.flatMap((one) => {
        if (!('answer' in one.device)) return []
        const isSame = port.url.kind === 'tcp' || setAt(one, now) === said
        const answer = one.device.answer(isSame ? bytes : garbled(bytes), now)
        if (!answer) return []
        const baud = 'baud' in answer && typeof answer.baud === 'number' ? answer.baud : baudOf(one.set)
        return [{ bytes: answer.bytes, reaction: one.reaction ?? usualReaction, set: withBaud(one.set, baud) }]
      })
      for (const one of together(answers))
        this.#clock.after(millis(one.reaction + onTheWay(one.bytes.byteLength, one.set)), () =>
          this.#hear(one.bytes, one.set, port),
        )
    })
  }

  #hear(bytes: Uint8Array, set: string, port: Port): void {
    if (!port.open) return
    const isSame = port.url.kind === 'tcp' || set === setOf(port)
    const arrives = isSame ? bytes : garbled(bytes)
    if (arrives.byteLength > 0) port.events.onBytes(arrives)
  }
}

interface Port {
  readonly url: LineUrl
  readonly events: TransportEvents
  baud: number
  open: boolean
}

interface Spoken {
  readonly bytes: Uint8Array
  readonly reaction: Millis
  readonly set: string
}

/** Those that begin before the first is over lie over each other: where both drive the line, the dominant bits win. */
function together(answers: readonly Spoken[]): readonly Spoken[] {
  const merged: Spoken[] = []
  for (const next of answers.toSorted((a, b) => a.reaction - b.reaction)) {
    const last = merged.at(-1)
    const byteMs = onTheWay(1, next.set)
    const shift = last ? Math.floor((next.reaction - last.reaction) / byteMs) : 0
    if (!last || shift >= last.bytes.byteLength) {
      merged.push(next)
      continue
    }
    const bytes = Uint8Array.from(
      { length: Math.max(last.bytes.byteLength, shift + next.bytes.byteLength) },
      (_, i) => (last.bytes[i] ?? 0xff) & (i < shift ? 0xff : (next.bytes[i - shift] ?? 0xff)),
    )
    merged[merged.length - 1] = { ...last, bytes }
  }
  return merged
}

/** What a receiver makes of bits at another speed or parity: other bytes, and fewer of them. */
const garbled = (bytes: Uint8Array): Uint8Array =>
  bytes.filter((_, i) => i % 3 !== 2).map((byte, i) => ((byte << 3) | (byte >> 4)) ^ (0x95 + 31 * i))

const setOf = ({ url, baud }: Port): string =>
  url.kind === 'tcp'
    ? 'tcp'
    : `${baud} ${url.dataBits}${url.parity === 'none' ? 'N' : url.parity === 'even' ? 'E' : 'O'}${url.stopBits}`
const baudOf = (set: string): number => Number(set.split(' ', 1)[0])
const withBaud = (set: string, baud: number): string => set.replace(/^\d+/, String(baud))

/** A meter that changes its speed says at which one it hears now. */
function setAt({ device, set }: OnLine, at: Instant): string {
  return 'speedAt' in device && typeof device.speedAt === 'function' ? withBaud(set, Number(device.speedAt(at))) : set
}

/** A start bit, the data, the parity and the stop bit of each byte; a converter takes no time. */
function onTheWay(bytes: number, set: string): Millis {
  const [, baud, dataBits, parity, stopBits] = /^(\d+) (\d)([NEO])(\d)$/.exec(set) ?? []
  const bits = 1 + Number(dataBits) + (parity === 'N' ? 0 : 1) + Number(stopBits)
  return millis(baud === undefined ? 1 : (bytes * bits * 1_000) / Number(baud))
}

/** Lets time pass until it is done. */
export async function passUntil<T>(clock: VirtualClock, done: Promise<T>): Promise<T> {
  const state = { isOver: false }
  const over = () => {
    state.isOver = true
  }
  done.then(over, over)
  while (!state.isOver) await clock.pass(seconds(1))
  return done
}
