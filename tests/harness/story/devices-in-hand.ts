import { type Clock, millis, seconds } from '@anju/contract'
import type { OpenTransport, TransportEvents } from '@anju/gateway/serial-line/transport'
import { Dlt645Meter } from '@anju/simulators/devices/dlt645-meter/meter'
import { FallRadar } from '@anju/simulators/devices/fall-radar/radar'
import { encodeFrame, FALL } from '@anju/simulators/devices/fall-radar/wire'

/** A serial line whose converter the test pulls out and plugs in again; whoever hangs on it listens to what is written. */
export class CutLine {
  readonly listeners: ((bytes: Uint8Array) => void)[] = []
  #events: TransportEvents | undefined
  #cut = false

  readonly open: OpenTransport = (_url, events) => {
    if (this.#cut) return Promise.reject(new Error('no such converter'))
    this.#events = events
    return Promise.resolve({
      write: async (bytes) => {
        for (const hear of this.listeners) hear(bytes)
      },
      close: async () => this.#close('closed'),
    })
  }

  says(bytes: Uint8Array): void {
    this.#events?.onBytes(bytes)
  }
  cut(): void {
    this.#cut = true
    this.#close('pulled out')
  }
  mend(): void {
    this.#cut = false
  }

  #close(why: string): void {
    const events = this.#events
    this.#events = undefined
    events?.onClosed(why)
  }
}

/** An electricity meter behind which 600 W are used all the time. */
export class MeterInHand {
  readonly watts = 600
  readonly #clock: Clock
  readonly #meter: Dlt645Meter
  #register = { kWh: 4_321.5, since: 0 }

  constructor(clock: Clock, address: string, line: CutLine) {
    this.#clock = clock
    this.#register = { kWh: 4_321.5, since: clock.now() }
    this.#meter = new Dlt645Meter({
      clock,
      address,
      timeZone: 'Asia/Shanghai',
      values: () => ({ volts: 230, amperes: 2.6, watts: this.watts, powerFactor: 1, hertz: 50, kWh: this.kWh }),
      answerDelay: millis(40),
    })
    line.listeners.push((bytes) => this.#meter.hear(bytes, (answer) => line.says(answer)))
  }

  get kWh(): number {
    const { kWh, since } = this.#register
    return kWh + (this.watts * (this.#clock.now() - since)) / 3.6e9
  }
  /** It hears everything and says nothing, or answers again. */
  dies(): void {
    this.#meter.answering = false
  }
  livesAgain(): void {
    this.#meter.answering = true
  }
  /** By one of the same address, whose register stands there. */
  isReplacedAt(kWh: number): void {
    this.#register = { kWh, since: this.#clock.now() }
  }
}

export function radarInHand(clock: Clock, line: CutLine) {
  const room = { occupied: false }
  const say = (bytes: Uint8Array) => line.says(bytes)
  const radar = new FallRadar({ clock, present: () => room.occupied, say, reportEvery: seconds(15) })
  radar.start()
  return {
    sees: (somebody: boolean) => {
      room.occupied = somebody
    },
    seesFallen: (fallen: boolean) => radar.setFallen(fallen),
    /** A fall flag that is neither yes nor no. */
    garbles: () => say(encodeFrame(0, FALL, [7])),
    dies: () => radar.stop(),
    livesAgain: () => radar.start(),
  }
}
