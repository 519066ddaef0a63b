import { type Instant, type Millis, millis, plus, seconds } from '@anju/contract'
import type { Answer, PolledDevice, TalkingDevice } from '../device.ts'
import { registerLines, threePhase } from './registers.ts'

/** IEC 62056-21 §6.3.14: the speeds of mode C by their letter. */
const SPEEDS: Readonly<Record<string, number>> = {
  '0': 300,
  '1': 600,
  '2': 1_200,
  '3': 2_400,
  '4': 4_800,
  '5': 9_600,
  '6': 19_200,
}
const firstSpeed = 300
const ACKNOWLEDGE = '\u0006'
/** Whoever asked has so long to choose a speed; then the meter waits for a request again. */
const choiceWithin = millis(1_500)
const bitsPerByte = 10

type State =
  | { readonly is: 'waiting' }
  | { readonly is: 'identified'; readonly until: Instant }
  | { readonly is: 'reading-out'; readonly until: Instant; readonly baud: number }

/** An answer, and the speed at which it leaves the meter. */
export interface SpokenAt extends Answer {
  readonly baud: number
}

/**
 * An electricity meter under an optical head, in mode C. It hears and speaks at 300 baud until somebody has chosen a speed, at
 * that one while it reads out, and at 300 baud again.
 */
export class IecModeCMeter implements PolledDevice {
  readonly profile = 'iec62056/electricity'
  readonly address: string
  readonly #offer: string
  readonly #ident: string
  #state: State = { is: 'waiting' }
  /** How often somebody asked for the mode in which a meter can be changed. */
  programmingAsked = 0

  readonly #reaction: Millis

  /** `reaction`: how long it thinks before it says something. */
  constructor(address: string, { offer = '5', reaction = millis(300) }: { offer?: string; reaction?: Millis } = {}) {
    this.address = address
    this.#offer = offer
    this.#reaction = reaction
    this.#ident = `/EMH${offer}\\@01LZQJL0013F\r\n`
  }

  truth(at: Instant): Readonly<Record<string, number>> {
    return threePhase(62_056, at)
  }

  speedAt(at: Instant): number {
    const state = this.#stateAt(at)
    return state.is === 'reading-out' ? state.baud : firstSpeed
  }

  answer(heard: Uint8Array, at: Instant): SpokenAt | undefined {
    const text = String.fromCharCode(...heard)
    const state = this.#stateAt(at)
    if (state.is === 'reading-out') return undefined
    if (this.#isRequest(text)) {
      // The head wakes up with a byte or two of nothing.
      const bytes = ascii(`\0\u007f${this.#ident}`)
      this.#state = { is: 'identified', until: plus(at, millis(this.#saidAfterMs(bytes, firstSpeed) + choiceWithin)) }
      return { bytes, points: [], baud: firstSpeed }
    }
    const choice = text.at(-6) === ACKNOWLEDGE ? /0([0-6])([01])\r\n$/.exec(text) : null
    this.#state = { is: 'waiting' }
    if (!choice || state.is !== 'identified') return undefined
    const [, speed = '', mode] = choice
    if (mode === '1') {
      this.programmingAsked++
      return undefined
    }
    // Another speed than the offered one means: stay.
    return this.#readOut(speed === this.#offer ? (SPEEDS[speed] ?? firstSpeed) : firstSpeed, at)
  }

  #readOut(baud: number, at: Instant): SpokenAt {
    const truth = this.truth(at)
    const lines = [
      'F.F(00000000)',
      `0.0.0(${this.address.padStart(8, '0')})`,
      ...registerLines(truth),
      '1.8.0*01(000012.345*kWh)',
      '1.8.0&02(000011.000*kWh)',
      'C.7.0(0007)',
      '0.2.1(  02.01  )',
    ]
    const data = ascii(`${lines.join('\r\n')}\r\n!\r\n\u0003`)
    const bytes = Uint8Array.of(0x02, ...data, blockCheck(data))
    this.#state = { is: 'reading-out', until: plus(at, millis(this.#saidAfterMs(bytes, baud))), baud }
    return { bytes, points: Object.keys(truth), baud }
  }

  #saidAfterMs(bytes: Uint8Array, baud: number): number {
    return this.#reaction + (bytes.byteLength * bitsPerByte * 1_000) / baud
  }

  #isRequest(text: string): boolean {
    const request = /\/\?([0-9A-Za-z]*)!\r\n$/.exec(text)
    if (!request) return false
    const [, asked = ''] = request
    return asked === '' || bare(asked) === bare(this.address)
  }

  #stateAt(at: Instant): State {
    return this.#state.is !== 'waiting' && at >= this.#state.until ? { is: 'waiting' } : this.#state
  }
}

/** A meter in mode D: 2400 7E1, every two seconds, asked by nobody. */
export const iecPushMeter = (): TalkingDevice => ({
  profile: 'iec62056/electricity-push',
  every: seconds(2),
  truth: pushTruth,
  speak: (at) =>
    ascii(
      [
        '/HAG3EHZ361Z5_EHZ161L5',
        '',
        '1-0:0.0.0*255(20745965)',
        ...registerLines(pushTruth(at), '1-0'),
        '1-0:96.5.5*255(82)',
        '0-0:96.1.255*255(0000120120)',
        '!',
        '',
      ].join('\r\n'),
    ),
})

/** It has no registers of phases but their power. */
const pushTruth = (at: Instant) =>
  Object.fromEntries(
    Object.entries(threePhase(361, at)).filter(([point]) => /^active-(?:energy|power-[abc]$)/.test(point)),
  )

const bare = (address: string): string => address.replace(/^0+(?=.)/, '')
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0))

/** The xor of everything behind STX, ETX included. */
const blockCheck = (data: Uint8Array): number => data.reduce((xor, byte) => xor ^ byte, 0)
