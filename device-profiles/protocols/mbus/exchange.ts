import { DomainError } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { decodeWith } from '../../src/decode-with.ts'
import type { Asked, Exchange, Heard } from '../../src/wire.ts'
import { VARIABLE_DATA } from './answer.ts'
import { encodeAsk } from './encode.ts'
import type { MbusFrame } from './framing.ts'
import { readTelegram } from './records.ts'
import { tellFrame } from './tell.ts'
import type { MbusWireFrame } from './wire-framing.ts'

export type MbusAsk = 'data'
export type MbusAnswer = Extract<MbusFrame, { is: 'long' }>

/** Whatever a meter may have stored: beyond this it only says again that there is more. */
const telegramsMax = 16
/** The only meter on the line, whatever its address. */
export const ANYBODY = 254

const APPLICATION_ERROR = 0x70
/** Identification, maker, version, medium, access number, status and signature stand before the records. */
const headBytes = 12

/**
 * One read of one meter: reset the link, then ask for its data, turning the frame count bit over until the meter has no more to
 * say. It begins with the reset so that the bit is known to both (EN 13757-2 §5.7).
 */
export class MbusReadExchange implements Exchange<MbusWireFrame, readonly MbusAnswer[]> {
  readonly request: Uint8Array
  readonly #address: number
  readonly #telegrams: MbusAnswer[] = []
  #linkReset = false

  constructor({ address, aloneOnBus }: Asked<MbusAsk>) {
    this.#address = Number(address)
    if (this.#address === ANYBODY && !aloneOnBus)
      throw new DomainError('request-malformed', `address: ${ANYBODY} is for the only meter on its line`)
    this.request = encodeAsk({ ask: 'reset-link', address: this.#address })
  }

  hear(frame: MbusWireFrame): Heard<readonly MbusAnswer[]> {
    if (frame.is === 'acknowledge') return this.#onAcknowledge()
    if (frame.is === 'short') return { is: 'ignored', why: 'what a master says: our own echo' }
    // An answer of ours has C = 08 with the flags for access demand and flow control, and bit 6 clear.
    if ((frame.control & 0xcf) !== 0x08) return { is: 'ignored', why: 'no answer of a meter' }
    if (frame.address !== this.#address && this.#address !== ANYBODY)
      return { is: 'ignored', why: `answer of ${frame.address}` }
    return this.#onAnswer(frame)
  }

  #onAcknowledge(): Heard<readonly MbusAnswer[]> {
    if (this.#telegrams.length > 0) return this.#answer()
    if (this.#linkReset) return { is: 'ignored', why: 'an acknowledgement of nothing' }
    this.#linkReset = true
    return this.#askOn()
  }

  #onAnswer(frame: MbusAnswer): Heard<readonly MbusAnswer[]> {
    if (!this.#linkReset) return { is: 'ignored', why: 'an answer before it was asked for' }
    if (frame.ci === APPLICATION_ERROR) return { is: 'refused', why: whyOf(frame.data[0]) }
    if (frame.ci !== VARIABLE_DATA) return { is: 'refused', why: 'not-supported' }
    const told = decodeWith(tellFrame, frame)
    if (!told.ok) return { is: 'refused', why: 'invalid' }
    if (told.value.frame['encrypted'] === true) return { is: 'refused', why: 'not-supported' }

    const before = this.#telegrams.at(-1)
    // A meter that does not know the bit says the same again.
    if (before && sameRecords(before.data, frame.data)) return this.#answer()
    this.#telegrams.push(frame)
    const { moreFollows } = readTelegram(new ByteReader(frame.data.subarray(headBytes)))
    return moreFollows && this.#telegrams.length < telegramsMax ? this.#askOn() : this.#answer()
  }

  #answer(): Heard<readonly MbusAnswer[]> {
    return { is: 'answer', message: [...this.#telegrams] }
  }

  /** The first question behind a reset has the bit set. */
  #askOn(): Heard<readonly MbusAnswer[]> {
    const frameCountBit = this.#telegrams.length % 2 === 0
    return { is: 'more', request: encodeAsk({ ask: 'data', address: this.#address, frameCountBit }) }
  }
}

/** 0 and 1: it does not know the question; the others are of the meter's own state (EN 13757-3 §5.3). */
const whyOf = (code = 0) => (code <= 1 ? 'not-supported' : 'device-fault')

const sameRecords = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.subarray(headBytes).every((byte, i) => byte === b[headBytes + i])
