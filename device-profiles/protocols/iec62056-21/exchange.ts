import { millis } from '@anju/contract'
import { decodeWith } from '../../src/decode-with.ts'
import type { Asked, Exchange, Heard } from '../../src/wire.ts'
import { type DataSet, readDataSets } from './data-sets.ts'
import { encodeSend, type Identification, readIdentification } from './encode.ts'
import type { Iec62056Readout } from './framing.ts'
import type { Iec62056WireFrame } from './wire-framing.ts'

export type Iec62056Ask = 'readout'

/** Every conversation begins at this speed (§6.3.14). */
const firstBaud = 300
/** A reader answers no sooner than 200 ms after the identification (§6.3.14, reaction time). */
const reactionTime = millis(250)

/**
 * One readout of one meter: request, identification, the choice of a speed, data with their check. The only mode that is ever
 * chosen is the readout: `encodeSend` knows no other.
 */
export class Iec62056ReadExchange implements Exchange<Iec62056WireFrame, Iec62056Readout> {
  readonly request: Uint8Array
  readonly baud?: number
  readonly #asked: Asked<Iec62056Ask>
  #ident: string | undefined

  constructor(asked: Asked<Iec62056Ask>) {
    this.#asked = asked
    this.request = encodeSend({ say: 'request', ...(asked.address === '' ? {} : { address: asked.address }) })
    if (asked.speedChanges) this.baud = firstBaud
  }

  hear(frame: Iec62056WireFrame): Heard<Iec62056Readout> {
    switch (frame.is) {
      case 'identification':
        return this.#onIdentification(frame.ident)
      case 'readout':
        return this.#onReadout(frame)
      default:
        return { is: 'ignored', why: 'what a reader says: our own echo, or another one on the line' }
    }
  }

  #onIdentification(ident: string): Heard<Iec62056Readout> {
    if (this.#ident !== undefined) return { is: 'ignored', why: 'a second identification' }
    const read = decodeWith(readIdentification, ident)
    if (!read.ok) return { is: 'ignored', why: read.error.message }
    const { baudCode } = read.value
    // Mode B: the meter changes its speed by itself, and was already gone when we knew.
    if (/[A-I]/.test(baudCode)) return { is: 'refused', why: 'not-supported' }
    this.#ident = ident
    // Mode A: no speed is offered, and the data come unasked.
    if (!/\d/.test(baudCode)) return { is: 'ignored', why: 'the identification of a meter that asks for no answer' }
    return { is: 'more', pause: reactionTime, ...this.#speedOf(read.value) }
  }

  /** The speed that the meter offers, where the port can follow; else the one it has. */
  #speedOf({ baudCode, baud }: Identification) {
    if (baud === undefined || !this.#asked.speedChanges)
      return { request: encodeSend({ say: 'read-out', baudCode: '0' }) }
    return { request: encodeSend({ say: 'read-out', baudCode }), baud }
  }

  #onReadout({ data, checked }: Iec62056Readout): Heard<Iec62056Readout> {
    if (this.#ident === undefined) return { is: 'ignored', why: 'data of nobody knows whom' }
    const read = decodeWith((text: string) => readDataSets(text, { strict: !checked }), data)
    // An xor of seven bits lets one piece of noise in 128 pass.
    if (!read.ok || read.value.sets.length === 0) return { is: 'ignored', why: 'no data set between STX and ETX' }
    if (!this.#isAsked(read.value.sets)) return { is: 'ignored', why: 'the readout of another meter' }
    return { is: 'answer', message: { is: 'readout', ident: this.#ident, data, checked } }
  }

  /**
   * A late answer looks like any other. A meter that prints its device addresses (`0.0.0` to `0.0.9`) must print the one that was
   * asked, where several hang on a line: another home's current must never be taken for this one's.
   */
  #isAsked(sets: readonly DataSet[]): boolean {
    const { address, aloneOnBus } = this.#asked
    if (aloneOnBus || address === '') return true
    const printed = sets.filter((set) => DEVICE_ADDRESS.test(set.address)).map(({ value }) => bare(value))
    return printed.length === 0 || printed.some((one) => isSame(one, bare(address)))
  }
}

const DEVICE_ADDRESS = /^(?:\d-\d:)?0\.0\.\d(?:\*255)?$/

/** Some print a maker's or a utility's number in front of the address. */
const isSame = (printed: string, asked: string): boolean =>
  printed === asked || (asked.length >= 6 && printed.endsWith(asked))

/** Leading zeros count for nothing (§6.3.2). */
const bare = (address: string): string =>
  address
    .trim()
    .replace(/^0+(?=.)/, '')
    .toUpperCase()
