import { decodeWith } from '../../src/decode-with.ts'
import { encodeRead } from './encode.ts'
import type { Dlt645Frame } from './framing.ts'
import { WILDCARD } from './framing.ts'
import { type Dlt645Message, readMessage } from './message.ts'

/** What a frame heard while waiting for the answer to a read means for it. */
export type Heard =
  | { readonly is: 'answer'; readonly di: string; readonly data: Uint8Array }
  /** The answer is longer than one frame: send this next, and wait again. */
  | { readonly is: 'more'; readonly request: Uint8Array }
  /** The meter refuses: `not-supported` when it has no such data. */
  | { readonly is: 'refused'; readonly why: 'not-supported' | 'error'; readonly errors: readonly string[] }
  /** Not ours: another meter's, an echo, something unasked. Keep waiting until the time is up. */
  | { readonly is: 'ignored'; readonly why: string }

/** A chain of follow-up frames ends somewhere: the sequence number is one byte. */
const framesMax = 255
const answerBytesMax = 16 * 1024

/**
 * One read of one meter by a bus master, from request to whole answer. An answer counts only when address and identifier
 * are those asked for. Make a new one for each read; time-outs are the caller's.
 */
export class Dlt645ReadExchange {
  readonly request: Uint8Array
  readonly #address: string
  readonly #di: string
  readonly #aloneOnBus: boolean
  readonly #parts: Uint8Array[] = []

  /** `aloneOnBus`: one meter hangs on this line, so an answer under the wildcard address can only be its own. */
  constructor(ask: { readonly address: string; readonly di: string; readonly aloneOnBus?: boolean }) {
    this.#address = ask.address
    this.#di = ask.di
    this.#aloneOnBus = ask.aloneOnBus ?? false
    this.request = encodeRead({ dialect: '2007', ask: 'data', address: ask.address, di: ask.di })
  }

  hear(frame: Dlt645Frame): Heard {
    if (!this.#isFromMeter(frame)) return { is: 'ignored', why: `answer of ${frame.address}` }
    const read = decodeWith((given: Dlt645Frame) => readMessage('2007', given), frame)
    if (!read.ok) return { is: 'ignored', why: read.error.message }
    return this.#onMessage(read.value)
  }

  #onMessage(message: Dlt645Message): Heard {
    if (message.is === 'error') {
      const why = message.errors.includes('no_requested_data') ? 'not-supported' : 'error'
      return { is: 'refused', why, errors: message.errors }
    }
    if (message.is !== 'answer') return { is: 'ignored', why: message.is }
    if (message.di !== this.#di) return { is: 'ignored', why: `answer for ${message.di}` }
    const expected = this.#parts.length === 0 ? undefined : this.#parts.length
    if (message.sequence !== expected) return { is: 'ignored', why: 'answer out of sequence' }

    this.#parts.push(message.data)
    const data = joined(this.#parts)
    if (!message.more) return { is: 'answer', di: message.di, data }
    if (this.#parts.length > framesMax || data.byteLength > answerBytesMax)
      return { is: 'refused', why: 'error', errors: ['answer_too_long'] }
    const sequence = this.#parts.length
    return {
      is: 'more',
      request: encodeRead({ dialect: '2007', ask: 'next', address: this.#address, di: this.#di, sequence }),
    }
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
