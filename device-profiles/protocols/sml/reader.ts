import { DomainError } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'

const depthMax = 12
const valuesMax = 4_000
const lengthBytesMax = 4
const numberBytesMax = 8

/**
 * Walks once over what SML is made of (BSI TR-03109-1 §6.3): type and length in front of everything, and lists in lists. It
 * stands behind the value that it has read last, and says where that is.
 */
export class SmlReader {
  readonly content: Uint8Array
  /** What was read last; `nothing` is optional and left out (an empty octet string), or the end of a message. */
  is: 'bytes' | 'signed' | 'unsigned' | 'flag' | 'list' | 'nothing' = 'nothing'
  at = 0
  /** How long it is; of a list how many values are in it. */
  bytes = 0
  readonly #input: ByteReader
  #depth = 0
  #valuesLeft = valuesMax

  constructor(content: Uint8Array) {
    this.content = content
    this.#input = new ByteReader(content)
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#input.left
  }

  /** What was read last as a number, where it is one; as near as a double comes. */
  get number(): number | undefined {
    const { is } = this
    if (is === 'flag') return flagAt(this.content, this.at, this.bytes)
    return is === 'signed' || is === 'unsigned'
      ? integerAt(this.content, this.at, this.bytes, is === 'signed')
      : undefined
  }

  /** Goes into the next value and answers how many are in it: none when it is no list. `close` comes out again. */
  open(): number {
    this.#readHead()
    this.#depth++
    return this.is === 'list' ? this.bytes : 0
  }

  close(): void {
    this.#depth--
  }

  /**
   * Reads the next value; a list with all that is in it.
   * @throws DomainError `frame-malformed` when it is cut off, too deep or of no known type.
   */
  next(): void {
    const values = this.open()
    for (let i = 0; i < values; i++) this.next()
    this.close()
    if (values > 0) this.is = 'list'
  }

  #readHead(): void {
    if (this.#depth > depthMax) throw new DomainError('frame-malformed', `more than ${depthMax} lists in each other`)
    if (this.#valuesLeft-- === 0) throw new DomainError('frame-malformed', `more than ${valuesMax} values`)
    const input = this.#input
    const first = input.u8()
    this.is = 'nothing'
    if (first === 0) return
    const type = (first >> 4) & 7
    let length = first & 0x0f
    let headBytes = 1
    for (let more = first; (more & 0x80) !== 0; headBytes++) {
      if (headBytes === lengthBytesMax)
        throw new DomainError('frame-malformed', `a length of more than ${lengthBytesMax} bytes`)
      more = input.u8()
      length = length * 16 + (more & 0x0f)
    }
    if (type === 7) {
      this.is = 'list'
      this.bytes = length
      return
    }
    if (length < headBytes)
      throw new DomainError('frame-malformed', `a length of ${length} with ${headBytes} bytes of its own`)
    this.bytes = length - headBytes
    this.at = input.skip(this.bytes)
    this.is = this.#kindOf(type)
  }

  #kindOf(type: number): SmlReader['is'] {
    const { bytes } = this
    if (type === 0) return bytes === 0 ? 'nothing' : 'bytes'
    if (type === 4) return 'flag'
    if (type !== 5 && type !== 6) throw new DomainError('frame-malformed', `type ${type}`)
    if (bytes === 0 || bytes > numberBytesMax) throw new DomainError('frame-malformed', `a number of ${bytes} bytes`)
    return type === 5 ? 'signed' : 'unsigned'
  }
}

/** High byte first. Exact where it is a safe integer, which no other can seem to be. */
export function integerAt(content: Uint8Array, at: number, bytes: number, signed: boolean): number {
  const top = content[at] ?? 0
  let value = signed && top > 0x7f ? top - 0x1_00 : top
  for (let i = at + 1; i < at + bytes; i++) value = value * 0x1_00 + (content[i] ?? 0)
  return value
}

export const flagAt = (content: Uint8Array, at: number, bytes: number): number =>
  bytes > 0 && content[at] !== 0 ? 1 : 0
