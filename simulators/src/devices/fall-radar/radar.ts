import { type Clock, type Millis, millis, type Timer } from '@anju/contract'
import { encodeFrame, FALL, PRESENCE } from './wire.ts'

/** A fall radar on a wall: it says every second whether somebody is there, and whether that somebody lies on the floor. */
export class FallRadar {
  readonly #clock: Clock
  readonly #reportEvery: Millis
  readonly #present: () => boolean
  readonly #say: (bytes: Uint8Array) => void
  #id = 0
  #fallen = false
  #timer: Timer | undefined

  constructor(options: {
    readonly clock: Clock
    /** Whether the room is occupied by somebody on their feet or in a chair. */
    readonly present: () => boolean
    readonly say: (bytes: Uint8Array) => void
    readonly reportEvery?: Millis
  }) {
    this.#clock = options.clock
    this.#present = options.present
    this.#say = options.say
    this.#reportEvery = options.reportEvery ?? millis(1_000)
  }

  start(): void {
    this.#timer ??= this.#clock.every(this.#reportEvery, () => this.#report())
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  get fallen(): boolean {
    return this.#fallen
  }

  /** The state changes on the wire at once, not with the next report. */
  setFallen(fallen: boolean): void {
    if (this.#fallen === fallen) return
    this.#fallen = fallen
    this.#report()
  }

  #report(): void {
    // Who lies on the floor is in the room, wherever the day's plan had them.
    this.#send(PRESENCE, this.#fallen || this.#present())
    this.#send(FALL, this.#fallen)
  }

  #send(type: number, state: boolean): void {
    this.#say(encodeFrame(this.#id, type, [Number(state)]))
    this.#id = (this.#id + 1) & 0xffff
  }
}
