/** What an array of a set-based write may hold, by PostgreSQL's names. */
export type Element = 'text' | 'boolean' | 'integer' | 'bigint'

/** `pg_type.oid`: built in, the same in every PostgreSQL. */
const OID: Readonly<Record<Element, number>> = { boolean: 16, bigint: 20, integer: 23, text: 25 }

const headerBytes = 20
const lengthBytes = 4
const NULL_LENGTH = -1
/** Of one UTF-16 unit as UTF-8. */
const bytesPerUnitMax = 3
const asciiByHandMax = 64
const startBytes = 64 * 1024
/** One huge batch must not be kept room for for ever. */
const keptBytesMax = 1024 * 1024

/**
 * Arrays as PostgreSQL itself keeps them, for parameters in binary. As text each element would be spelled, quoted and measured
 * here, and read character by character there: in a burst the dearest part of handing rows over.
 */
export class BinaryArrays {
  #bytes = Buffer.allocUnsafeSlow(startBytes)
  #at = 0
  readonly #ends: number[] = []

  /** `values` by their place, so that nobody needs an array of them first. */
  add(element: Element, count: number, valueOf: (index: number) => string | number | boolean | null): void {
    this.#header(element, count)
    for (let index = 0; index < count; index++) {
      const value = valueOf(index)
      if (value === null) {
        this.#room(lengthBytes)
        this.#int32(NULL_LENGTH)
      } else if (element === 'text') this.#text(String(value))
      else this.#plain(element, value)
    }
    this.#ends.push(this.#at)
  }

  /** All that were added, in their order; then this is empty again. */
  take(): Buffer[] {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#at))
    const arrays = this.#ends.map((end, index) => bytes.subarray(this.#ends[index - 1] ?? 0, end))
    this.clear()
    if (this.#bytes.length > keptBytesMax) this.#bytes = Buffer.allocUnsafeSlow(startBytes)
    return arrays
  }

  /** Forgets what was added: also what a value that could not be written left half done. */
  clear(): void {
    this.#ends.length = 0
    this.#at = 0
  }

  #header(element: Element, count: number): void {
    this.#room(headerBytes)
    this.#int32(count === 0 ? 0 : 1) // dimensions
    this.#int32(1) // there may be nulls
    this.#int32(OID[element])
    if (count === 0) return
    this.#int32(count)
    this.#int32(1) // the index of the first
  }

  #plain(element: Exclude<Element, 'text'>, value: string | number | boolean): void {
    this.#room(lengthBytes + 8)
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new RangeError(`no ${element} is ${value}`)
    if (element === 'boolean') {
      this.#int32(1)
      this.#bytes[this.#at++] = number
      return
    }
    this.#int32(element === 'bigint' ? 8 : 4)
    if (element === 'bigint') this.#int32(Math.floor(number / 2 ** 32))
    else if (number !== (number | 0)) throw new RangeError(`no integer is ${value}`)
    this.#int32(number)
  }

  #text(value: string): void {
    this.#room(lengthBytes + value.length * bytesPerUnitMax)
    const from = this.#at
    this.#at += lengthBytes
    const written = this.#ascii(value) ?? this.#bytes.write(value, this.#at)
    this.#at = from
    this.#int32(written)
    this.#at += written
  }

  /** Ids are short and ASCII: a call into the engine for each would cost more than its bytes. */
  #ascii(value: string): number | undefined {
    const bytes = this.#bytes
    const from = this.#at
    const { length } = value
    if (length > asciiByHandMax) return undefined
    for (let index = 0; index < length; index++) {
      const unit = value.charCodeAt(index)
      if (unit > 127) return undefined
      bytes[from + index] = unit
    }
    return length
  }

  #int32(value: number): void {
    const bytes = this.#bytes
    bytes[this.#at++] = value >>> 24
    bytes[this.#at++] = value >>> 16
    bytes[this.#at++] = value >>> 8
    bytes[this.#at++] = value
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + bytes))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}
