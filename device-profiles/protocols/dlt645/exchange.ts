import { decodeWith } from '../../src/decode-with.ts'
import type { Exchange, Heard } from '../../src/wire.ts'
import { type Dlt645Read, encodeRead } from './encode.ts'
import { type Dlt645Frame, WILDCARD } from './framing.ts'
import { type Dialect, type Dlt645Message, readMessage } from './message.ts'

/** The data identifier (8 hex digits in 2007, 4 in 1997) and the bytes behind it, 0x33 taken off. */
export interface Dlt645Data {
  readonly di: string
  readonly data: Uint8Array
}

export interface Dlt645Question {
  readonly dialect: Dialect
  readonly address: string
  readonly di: string
  /** One meter hangs on this line, so an answer under the wildcard address can only be its own. */
  readonly aloneOnBus?: boolean
}

/** A chain of follow-up frames ends somewhere: the sequence number is one byte. */
const framesMax = 255
const answerBytesMax = 16 * 1024

/**
 * One read of one meter by a bus master, from request to whole answer. An answer counts only when address and identifier
 * are those asked for. Make a new one for each read; time-outs are the caller's.
 */
export class Dlt645ReadExchange implements Exchange<Dlt645Frame, Dlt645Data> {
  readonly request: Uint8Array
  readonly #dialect: Dialect
  readonly #address: string
  readonly #di: string
  readonly #aloneOnBus: boolean
  readonly #parts: Uint8Array[] = []

  constructor(ask: Dlt645Question) {
    this.#dialect = ask.dialect
    this.#address = ask.address
    this.#di = ask.di
    this.#aloneOnBus = ask.aloneOnBus ?? false
    this.request = encodeRead({ dialect: ask.dialect, ask: 'data', address: ask.address, di: ask.di })
  }

  hear(frame: Dlt645Frame): Heard<Dlt645Data> {
    if (!this.#isFromMeter(frame)) return { is: 'ignored', why: `answer of ${frame.address}` }
    const read = decodeWith((given: Dlt645Frame) => readMessage(this.#dialect, given), frame)
    if (!read.ok) return { is: 'ignored', why: read.error.message }
    return this.#onMessage(read.value)
  }

  #onMessage(message: Dlt645Message): Heard<Dlt645Data> {
    if (message.is === 'error') {
      return { is: 'refused', why: message.errors.includes('no_requested_data') ? 'not-supported' : 'device-fault' }
    }
    if (message.is !== 'answer') return { is: 'ignored', why: message.is }
    if (message.di !== this.#di) return { is: 'ignored', why: `answer for ${message.di}` }
    // The 1997 dialect numbers no frames: there only the order on the wire says which part it is.
    const expected = this.#parts.length === 0 || this.#dialect === '1997' ? undefined : this.#parts.length
    if (message.sequence !== expected) return { is: 'ignored', why: 'answer out of sequence' }

    this.#parts.push(message.data)
    const data = joined(this.#parts)
    if (!message.more) return { is: 'answer', message: { di: message.di, data } }
    if (this.#parts.length > framesMax || data.byteLength > answerBytesMax) return { is: 'refused', why: 'invalid' }
    return { is: 'more', request: encodeRead(this.#next(this.#parts.length)) }
  }

  #next(sequence: number): Dlt645Read {
    const next = { ask: 'next', address: this.#address, di: this.#di } as const
    return this.#dialect === '2007' ? { dialect: '2007', ...next, sequence } : { dialect: '1997', ...next }
  }

  #isFromMeter(frame: Dlt645Frame): boolean {
    return (
      frame.address === this.#address ||
      (this.#aloneOnBus && (frame.address === WILDCARD || this.#address === WILDCARD))
    )
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}
