import { type Clock, elapsed, type Millis, millis, type Random, sleep } from '@anju/contract'
import type { Exchange, Heard, PolledWire } from '@anju/device-profiles/wire'
import { AnswerReader } from '../../drivers/bus-master/answer-reader.ts'
import type { DeviceListener } from '../../drivers/driver.ts'
import type { Line } from '../../serial-line/line.ts'
import { silentLog } from '../../testing/silent-log.ts'

/** What came back: bytes beside our own echo, and whether that echo came. */
export interface Returned {
  readonly bytes: Uint8Array
  readonly echoed: boolean
  readonly took: Millis
}

interface Asked {
  readonly wire: PolledWire
  readonly exchange: Exchange
  readonly answerWithin: Millis
  /** Everybody may answer: go on hearing behind the first answer. */
  readonly toAnybody: boolean
  onFrame(frame: unknown): void
  onAnswer(message: unknown): void
}

/** However long an answer may take: nobody waits for the whole readout of a meter at 300 baud. */
const wholeWithinMax = millis(40_000)
const keptBytesMax = 16_384
/** An answer that makes us ask on and on is none. */
const questionsMax = 24

/** Nothing that a scan hears is stored, refused frames included. */
const nobody: DeviceListener = {
  hear: () => Promise.resolve(),
  silence: () => Promise.resolve(),
  refuse: () => Promise.resolve(),
  stranger: () => undefined,
}

/** Asks an open line one question at a time, and hears everything that comes back, whether it is an answer or not. */
export class Conversation {
  readonly #line: Line
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #reader: AnswerReader
  #heard: Uint8Array = new Uint8Array()

  constructor(line: Line, { clock, random, signal }: { clock: Clock; random: Random; signal: AbortSignal }) {
    this.#line = line
    this.#clock = clock
    this.#signal = signal
    this.#reader = new AnswerReader(line, { clock, random, log: silentLog, listener: nobody })
    line.onBytes((bytes) => {
      this.#heard = Buffer.concat([this.#heard, bytes]).subarray(0, keptBytesMax)
    })
  }

  /** @throws DomainError `port-unavailable` when the line went down. */
  async ask(asked: Asked): Promise<Returned> {
    const { exchange, wire } = asked
    const begun = this.#clock.monotonic()
    const sent: Uint8Array[] = []
    const hear = (frame: unknown): Heard => {
      asked.onFrame(frame)
      const heard = exchange.hear(frame)
      if (heard.is !== 'answer') return heard
      asked.onAnswer(heard.message)
      return asked.toAnybody ? { is: 'ignored', why: 'the next one may follow' } : heard
    }
    this.#heard = new Uint8Array()
    try {
      if (exchange.baud !== undefined) await this.#line.setBaud(exchange.baud)
      let say: Uint8Array | undefined = exchange.request
      let baud: number | undefined
      while (say && sent.length < questionsMax && !this.#signal.aborted) {
        sent.push(say)
        const heard = await this.#question(asked, say, baud, hear)
        say = heard?.is === 'more' ? heard.request : undefined
        baud = heard?.is === 'more' ? heard.baud : undefined
        await sleep(this.#clock, wire.timing.turnRound, this.#signal)
      }
    } finally {
      await this.#line.restoreBaud()
    }
    const { rest, echoed } = withoutEcho(this.#heard, sent)
    return { bytes: rest, echoed, took: elapsed(begun, this.#clock.monotonic()) }
  }

  /** What comes without a question. */
  async listen(length: Millis): Promise<Uint8Array> {
    this.#heard = new Uint8Array()
    await sleep(this.#clock, length, this.#signal)
    return this.#heard
  }

  async #question(
    { wire, answerWithin }: Asked,
    say: Uint8Array,
    baud: number | undefined,
    hear: (frame: unknown) => Heard,
  ) {
    const wholeWithin = millis(Math.min(wire.timing.wholeWithin, wholeWithinMax))
    const patient = { ...wire, timing: { ...wire.timing, answerWithin, wholeWithin } }
    const answer = this.#reader.next(patient, hear, this.#signal)
    try {
      await this.#line.write(say)
      if (baud !== undefined) await this.#line.setBaud(baud)
      answer.said()
    } catch (error) {
      answer.cancel()
      throw error
    }
    return answer.heard
  }
}

/** Some adapters, and every optical head, hear what they say themselves. */
function withoutEcho(heard: Uint8Array, sent: readonly Uint8Array[]): { rest: Uint8Array; echoed: boolean } {
  let rest = Buffer.from(heard)
  let echoed = false
  for (const one of sent) {
    const at = rest.indexOf(one)
    if (at < 0) continue
    echoed = true
    rest = Buffer.concat([rest.subarray(0, at), rest.subarray(at + one.byteLength)])
  }
  return { rest, echoed }
}
