import { type Clock, type Instant, type Millis, millis, type Timer } from '@anju/contract'
import { wallClock } from '@anju/contract/zoned-time'
import { type Absence, type Household } from '../../resident/household.ts'
import { mainsAt } from '../../resident/mains.ts'
import { bcd, encodeAnswer, type Request, RequestScanner, wireDi } from './wire.ts'

/** What the meter's terminals see at one moment. */
export interface MeterValues {
  readonly volts: number
  readonly amperes: number
  readonly watts: number
  readonly powerFactor: number
  readonly hertz: number
  /** The forward active register. */
  readonly kWh: number
}

const READ = 0x11
const READ_ADDRESS = 0x13
const ANSWER = 0x80
const ABNORMAL = 0xc0
/** Error byte, bit 1: no such data (§7.1). */
const NO_SUCH_DATA = 0x02
const WILDCARD = 'AAAAAAAAAAAA'

type Answerer = (values: MeterValues, at: Instant, timeZone: string) => number[]
const kvar = ({ volts, amperes, watts }: MeterValues) =>
  Math.sqrt(Math.max(0, (volts * amperes) ** 2 - watts ** 2)) / 1_000

/** DL/T 645-2007 Annex A: the identifiers this meter knows, in the units and widths it prints them. */
const answers: Readonly<Record<string, Answerer>> = {
  '00000000': ({ kWh }) => bcd(kWh, 4, 2, true),
  '00010000': ({ kWh }) => bcd(kWh, 4, 2),
  '00020000': () => bcd(0, 4, 2),
  '0001FF00': ({ kWh }) => [kWh, kWh, 0, 0, 0].flatMap((value) => bcd(value, 4, 2)),
  '02010100': ({ volts }) => bcd(volts, 2, 1),
  // A single-phase meter answers the block with nothing on phases B and C.
  '0201FF00': ({ volts }) => [volts, 0, 0].flatMap((value) => bcd(value, 2, 1)),
  '02020100': ({ amperes }) => bcd(amperes, 3, 3, true),
  '02030000': ({ watts }) => bcd(watts / 1_000, 3, 4, true),
  '02030100': ({ watts }) => bcd(watts / 1_000, 3, 4, true),
  '02040000': (values) => bcd(kvar(values), 3, 4, true),
  '02050000': ({ volts, amperes }) => bcd((volts * amperes) / 1_000, 3, 4, true),
  '02060000': ({ powerFactor }) => bcd(powerFactor, 2, 3, true),
  '02800002': ({ hertz }) => bcd(hertz, 2, 2),
  '04000101': (_, at, timeZone) => {
    const { date } = wallClock(at, timeZone)
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay()
    return [weekday, Number(date.slice(8)), Number(date.slice(5, 7)), Number(date.slice(2, 4))].flatMap((n) =>
      bcd(n, 1, 0),
    )
  },
  '04000102': (_, at, timeZone) => {
    const seconds = Math.floor(wallClock(at, timeZone).minute * 60)
    return [seconds % 60, Math.floor(seconds / 60) % 60, Math.floor(seconds / 3_600)].flatMap((n) => bcd(n, 1, 0))
  },
}

/** What a meter says to one request; undefined is the silence of a request that is not for it or that it does not know. */
export function answerTo(
  request: Request,
  address: string,
  values: MeterValues,
  at: Instant,
  timeZone: string,
): Uint8Array | undefined {
  if (request.address !== address && request.address !== WILDCARD) return undefined
  if (request.control === READ_ADDRESS && request.data.length === 0)
    return encodeAnswer(address, READ_ADDRESS | ANSWER, wireDi(address))
  if (request.control !== READ || request.address === WILDCARD || request.data.length < 4) return undefined
  const di = Array.from(request.data.subarray(0, 4))
    .reverse()
    .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
    .join('')
  if (di === '04000401') return encodeAnswer(address, READ | ANSWER, [...wireDi(di), ...wireDi(address)])
  const answer = answers[di]
  if (!answer) return encodeAnswer(address, READ | ABNORMAL, [NO_SUCH_DATA])
  return encodeAnswer(address, READ | ANSWER, [...wireDi(di), ...answer(values, at, timeZone)])
}

/** The values of a home's meter at an instant: the register is what has been counted so far. */
export function valuesAt(household: Household, at: Instant, registerWattMs: number, absence?: Absence): MeterValues {
  const { watts } = household.at(at, absence)
  const { volts, amperes, powerFactor, hertz } = mainsAt(household.seed, at, watts)
  return { volts, amperes, watts, powerFactor, hertz, kWh: registerWattMs / 3.6e9 }
}

/** A meter on a line: requests in, answers out after the time such a meter takes to think. */
export class Dlt645Meter {
  readonly #scanner = new RequestScanner()
  readonly #clock: Clock
  readonly #answerDelay: Millis
  readonly #answer: (request: Request) => Uint8Array | undefined
  readonly #waiting = new Set<Timer>()
  /** Requests that could be waiting on a half-duplex line whose master is patient; the rest are noise. */
  readonly #waitingMax = 8
  /** A meter that is told to stop hears everything and says nothing, like one whose power is gone. */
  answering = true
  answered = 0

  constructor(options: {
    readonly clock: Clock
    readonly address: string
    readonly timeZone: string
    readonly values: () => MeterValues
    readonly answerDelay?: Millis
  }) {
    const { clock, address, timeZone, values } = options
    this.#clock = clock
    this.#answerDelay = options.answerDelay ?? millis(40)
    this.#answer = (request) => answerTo(request, address, values(), clock.now(), timeZone)
  }

  hear(bytes: Uint8Array, say: (bytes: Uint8Array) => void): void {
    for (const request of this.#scanner.push(bytes)) {
      if (!this.answering || this.#waiting.size >= this.#waitingMax) continue
      const timer = this.#clock.after(this.#answerDelay, () => {
        this.#waiting.delete(timer)
        const answer = this.answering ? this.#answer(request) : undefined
        if (!answer) return
        this.answered += 1
        say(answer)
      })
      this.#waiting.add(timer)
    }
  }

  stop(): void {
    for (const timer of this.#waiting) timer.cancel()
    this.#waiting.clear()
  }
}
