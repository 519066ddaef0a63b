import { DomainError } from '@anju/contract'

/**
 * Reads a frame from its first byte to its last. Every read is checked: a short frame fails with `frame-malformed`, it never
 * reads as zero.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.byteLength - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }
  u16be(): number {
    return this.#view.getUint16(this.#take(2), false)
  }
  u16le(): number {
    return this.#view.getUint16(this.#take(2), true)
  }
  u32le(): number {
    return this.#view.getUint32(this.#take(4), true)
  }
  u32be(): number {
    return this.#view.getUint32(this.#take(4), false)
  }
  i32le(): number {
    return this.#view.getInt32(this.#take(4), true)
  }
  i64le(): bigint {
    return this.#view.getBigInt64(this.#take(8), true)
  }
  /** With a sign, of one to six bytes. */
  intLe(count: number): number {
    const from = this.#take(count)
    const top = this.#bytes[from + count - 1] ?? 0
    let value = top > 0x7f ? top - 0x1_00 : top
    for (let at = from + count - 2; at >= from; at--) value = value * 0x1_00 + (this.#bytes[at] ?? 0)
    return value
  }
  f32le(): number {
    return this.#view.getFloat32(this.#take(4), true)
  }
  f32be(): number {
    return this.#view.getFloat32(this.#take(4), false)
  }

  /** The next byte without taking it; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at]
  }

  /** The next `count` bytes, without copying them. */
  bytes(count: number): Uint8Array {
    const from = this.#take(count)
    return this.#bytes.subarray(from, from + count)
  }

  /** Passes over the next `count` bytes and answers where they begin. */
  skip(count: number): number {
    return this.#take(count)
  }

  /** @throws DomainError `frame-malformed` when bytes are left over: then it is not the frame we know. */
  end(): void {
    if (this.left > 0)
      throw new DomainError('frame-malformed', `${this.left} bytes left over at offset ${this.#at}`, {
        offset: this.#at,
      })
  }

  #take(count: number): number {
    const from = this.#at
    if (count > this.left)
      throw new DomainError(
        'frame-malformed',
        `frame too short: ${count} bytes wanted at offset ${from}, ${this.left} left`,
        {
          offset: from,
          wanted: count,
          left: this.left,
        },
      )
    this.#at = from + count
    return from
  }
}

/**
 * Packed decimal digits, low byte first, as one whole number; undefined when a nibble is no digit. Exact up to 7 bytes.
 */
export function bcdLowFirst(bytes: Uint8Array): number | undefined {
  let value = 0
  for (let i = bytes.byteLength - 1; i >= 0; i--) {
    const byte = bytes[i] ?? 0
    const high = byte >> 4
    const low = byte & 0x0f
    if (high > 9 || low > 9) return undefined
    value = value * 100 + high * 10 + low
  }
  return value
}

/**
 * `digits` × 10^`exponent` as the nearest double. One division by an exact power of ten rounds once; multiplying by 0.1
 * would leave dust (2512 × 0.1 is 251.20000000000002).
 */
export const decimal = (digits: number, exponent: number): number =>
  exponent < 0 ? digits / powerOfTen(-exponent) : digits * powerOfTen(exponent)

/** Those that a double holds exactly. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const powerOfTen = (exponent: number): number => POWERS_OF_TEN[exponent] ?? 10 ** exponent

/** Upper-case hex, optionally from the last byte to the first: how addresses and identifiers are printed on meters. */
export const hexOf = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16).toUpperCase()
  return text
}
export const hexLowFirst = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text = (byte < 16 ? '0' : '') + byte.toString(16).toUpperCase() + text
  return text
}

/**
 * Bytes of a hex text in which blanks, line ends, `:` and `-` may stand between bytes.
 * @throws DomainError `frame-malformed` when it holds anything else, or half a byte.
 */
export function bytesOfHex(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:,-]|0x/giu, '')
  if (!/^(?:[0-9a-f]{2})*$/iu.test(digits))
    throw new DomainError('frame-malformed', 'not pairs of hex digits', { text: text.slice(0, 80) })
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16))
}
