import { hexLowFirst } from '../../src/byte-reader.ts'
import { crc16X25 } from '../../src/crc.ts'
import { FrameScanner, type Framing, type Scanned, type Sight } from '../../src/frame-scanner.ts'
import { wrongEnd } from '../../src/sum-check.ts'

/**
 * DL/T 645 on the wire, 1997 and 2007 alike (DL/T 645-2007 §5.2):
 * `68 | address, 6 bytes BCD low first | 68 | C | L | data, each byte + 0x33 | sum from the first 68 | 16`.
 */
export interface Dlt645Frame {
  /** 12 digits as printed on the meter; `AAAAAAAAAAAA` is every meter on the bus. */
  readonly address: string
  /** Bit 7: answer; bit 6: the meter refuses; bit 5: more frames follow. */
  readonly control: number
  /** 0x33 already taken off. */
  readonly data: Uint8Array
}

export const START = 0x68
export const END = 0x16
export const DATA_OFFSET = 0x33
export const WILDCARD = 'AAAAAAAAAAAA'
const headBytes = 10
const tailBytes = 2

function look(bytes: Uint8Array): Sight<Dlt645Frame> {
  // Preamble bytes (FE, any number of them) are noise like any other: a frame begins with its 68.
  if (bytes[0] !== START) return { is: 'noise' }
  if (bytes.byteLength < 8) return { is: 'incomplete' }
  if (bytes[7] !== START) return { is: 'noise' }
  const length = bytes[9]
  if (length === undefined) return { is: 'incomplete' }
  const total = headBytes + length + tailBytes
  if (bytes.byteLength < total) return { is: 'incomplete' }

  const wrong = wrongEnd(bytes, total)
  if (wrong) return wrong

  const data = new Uint8Array(length)
  for (let i = 0; i < length; i++) data[i] = (bytes[headBytes + i] ?? 0) - DATA_OFFSET
  return {
    is: 'frame',
    length: total,
    frame: { address: hexLowFirst(bytes.subarray(1, 7)), control: bytes[8] ?? 0, data },
  }
}

export const dlt645Framing: Framing<Dlt645Frame> = { look, frameBytesMax: headBytes + 255 + tailBytes }

/** `push` what the line gives; `reset` after a pause longer than a byte may take to follow the last one. */
export const dlt645Scanner = (): FrameScanner<Dlt645Frame> => new FrameScanner(dlt645Framing)
export type ScannedDlt645 = Scanned<Dlt645Frame>

/**
 * Whether a DL/T 698.45 frame begins here: newer State Grid meters speak it on the same port, and it begins with 68 too
 * (`68 | length, 14 bits, low first | … | 16`, the length counting what stands between the two). Worth telling an installer.
 */
export function looksLike698(bytes: Uint8Array): boolean {
  for (let at = 0; at + 12 < bytes.byteLength; at++) {
    if (bytes[at] !== START || bytes[at + 7] === START) continue
    const length = (bytes[at + 1] ?? 0) | (((bytes[at + 2] ?? 0) & 0x3f) << 8)
    if (length < 12 || bytes[at + length + 1] !== END) continue
    // Length, control, the server's address (its size in the low bits of its first byte) and the client's, then their check.
    const headEnd = at + 6 + ((bytes[at + 4] ?? 0) & 0x0f) + 1
    const check = (bytes[headEnd] ?? 0) | ((bytes[headEnd + 1] ?? 0) << 8)
    if (crc16X25(bytes.subarray(at + 1, headEnd)) === check) return true
  }
  return false
}
