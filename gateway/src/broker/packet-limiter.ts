/** MQTT 3.1.1 §2.2: type and flags in one byte, then the remaining length in one to four. */
const PUBLISH = 3
const headerBytesMax = 5
/** A topic has at most 65,535 bytes, its length two, the packet id two. */
const beforePayloadMax = 65_539

/**
 * Cuts PUBLISH packets that are too long to a size that still shows it, and throws the rest away as it streams in. The
 * broker's parser would keep all of a packet in memory; closing the connection instead would make the client send the same
 * packet again, for ever, with every press waiting behind it.
 */
export class PacketLimiter {
  readonly #passMax: number
  #header: number[] = []
  #pass = 0
  #drop = 0

  constructor(payloadBytesMax: number) {
    this.#passMax = payloadBytesMax + beforePayloadMax + 1
  }

  /** What may go on to the parser. @throws Error when the stream is no MQTT, or a packet that may not be cut is too long. */
  push(chunk: Uint8Array): Uint8Array {
    const kept: Uint8Array[] = []
    let at = 0
    while (at < chunk.byteLength) {
      if (this.#pass > 0 || this.#drop > 0) {
        const pass = Math.min(this.#pass, chunk.byteLength - at)
        if (pass > 0) kept.push(chunk.subarray(at, at + pass))
        this.#pass -= pass
        at += pass
        const drop = this.#pass > 0 ? 0 : Math.min(this.#drop, chunk.byteLength - at)
        this.#drop -= drop
        at += drop
        continue
      }
      this.#header.push(chunk[at++] ?? 0)
      const header = this.#takeHeader()
      if (header) kept.push(header)
    }
    return kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept)
  }

  /** The packet's header once it is complete, rewritten when the packet is cut. */
  #takeHeader(): Uint8Array | undefined {
    const bytes = this.#header
    const last = bytes.at(-1) ?? 0
    if (bytes.length < 2 || last >= 0x80) {
      if (bytes.length >= headerBytesMax) throw new Error('a packet length of more than four bytes')
      return undefined
    }
    const length = bytes.slice(1).reduce((sum, byte, i) => sum + (byte & 0x7f) * 128 ** i, 0)
    const [first = 0] = bytes
    this.#header = []
    if (length <= this.#passMax) {
      this.#pass = length
      return Uint8Array.from(bytes)
    }
    if (first >> 4 !== PUBLISH) throw new Error(`a packet of type ${first >> 4} with ${length} bytes`)
    this.#pass = this.#passMax
    this.#drop = length - this.#passMax
    return Uint8Array.from([first, ...lengthBytes(this.#passMax)])
  }
}

function lengthBytes(length: number): number[] {
  const bytes: number[] = []
  let rest = length
  do {
    const byte = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? byte | 0x80 : byte)
  } while (rest > 0)
  return bytes
}
