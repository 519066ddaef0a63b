/**
 * DL/T 645-2007 as a meter speaks it, written from the standard and not from our own decoder: a mistake made twice would
 * agree with itself. `68 A0..A5 68 C L DATA+33 CS 16`, the address in BCD with its low byte first.
 */
export interface Request {
  /** Twelve digits, most significant first; `AAAAAAAAAAAA` asks whoever is there. */
  readonly address: string
  readonly control: number
  /** The data field with 0x33 taken off. */
  readonly data: Uint8Array
}

const START = 0x68
const END = 0x16
/** 12 bytes around a data field of at most 200 (§5.2.4). */
const frameBytesMax = 212

/** Finds whole requests in what comes off the line; noise is skipped a byte at a time, half a frame is kept. */
export class RequestScanner {
  #held: number[] = []

  push(bytes: Uint8Array): Request[] {
    this.#held.push(...bytes)
    const requests: Request[] = []
    let at = 0
    while (at < this.#held.length) {
      const frame = this.#frameAt(at)
      if (frame === 'incomplete') break
      if (frame === 'none') {
        at += 1
        continue
      }
      requests.push(frame.request)
      at += frame.length
    }
    this.#held = this.#held.slice(at)
    return requests
  }

  #frameAt(at: number): 'incomplete' | 'none' | { request: Request; length: number } {
    const held = this.#held
    if (held[at] !== START) return 'none'
    const available = held.length - at
    if (available < 10) return available >= 8 && held[at + 7] !== START ? 'none' : 'incomplete'
    if (held[at + 7] !== START) return 'none'
    const dataLength = held[at + 9] ?? 0
    const length = dataLength + 12
    if (length > frameBytesMax) return 'none'
    if (available < length) return 'incomplete'
    const body = held.slice(at, at + length - 2)
    if (held[at + length - 1] !== END || sumOf(body) !== held[at + length - 2]) return 'none'
    return {
      length,
      request: {
        address: body
          .slice(1, 7)
          .reverse()
          .map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
          .join(''),
        control: body[8] ?? 0,
        data: Uint8Array.from(body.slice(10), (byte) => (byte - 0x33) & 0xff),
      },
    }
  }
}

/** Four FE wake the receiver up (§5.2.1); the answer follows. `data` without its 0x33. */
export function encodeAnswer(address: string, control: number, data: readonly number[]): Uint8Array {
  const low = (address.match(/../g) ?? []).reverse().map((pair) => Number.parseInt(pair, 16))
  const frame = [START, ...low, START, control, data.length, ...data.map((byte) => (byte + 0x33) & 0xff)]
  return Uint8Array.from([0xfe, 0xfe, 0xfe, 0xfe, ...frame, sumOf(frame), END])
}

/** A data identifier as it stands on the wire: low byte first. */
export const wireDi = (di: string): number[] =>
  (di.match(/../g) ?? []).reverse().map((pair) => Number.parseInt(pair, 16))

/**
 * A value as BCD, low byte first; the sign is the top bit of the highest byte, where the format has one.
 * @throws RangeError when the format has no room for it.
 */
export function bcd(value: number, bytes: number, decimals: number, signed = false): number[] {
  const digits = Math.round(Math.abs(value) * 10 ** decimals).toString()
  if (!Number.isFinite(value) || digits.length > bytes * 2 || (value < 0 && !signed))
    throw new RangeError(`${value} does not fit into ${bytes} BCD bytes with ${decimals} decimals`)
  const encoded = (digits.padStart(bytes * 2, '0').match(/../g) ?? [])
    .reverse()
    .map((pair) => Number.parseInt(pair, 16))
  const top = encoded.at(-1) ?? 0
  if (signed && top > 0x79) throw new RangeError(`${value} leaves no room for the sign`)
  if (value < 0 && digits !== '0') encoded[bytes - 1] = top | 0x80
  return encoded
}

const sumOf = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)
