import { crc16Kermit, crc16X25 } from '../../src/crc.ts'
import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * SML transport version 1 (9600 8N1): `1B×4 01×4 | messages, filled up to 4 bytes | 1B×4 1A | fill count | CRC-16/X.25 low byte
 * first`. Inside, four 1B are sent twice; everything stands at multiples of four bytes, so escapes are looked for only there.
 */
export interface SmlFile {
  /** The messages, without escapes and fill bytes. */
  readonly content: Uint8Array
}

const ESCAPE = 0x1b
const VERSION_1 = 0x01
const END = 0x1a
const frameBytesMax = 4_096
const startBytes = 8
const endBytes = 8
const fillBytesMax = 7
const swapped = (word: number): number => ((word & 0xff) << 8) | (word >> 8)

function look(bytes: Uint8Array): Sight<SmlFile> {
  for (let at = 0; at < startBytes; at++) {
    if (at >= bytes.byteLength) return { is: 'incomplete' }
    if (bytes[at] !== (at < 4 ? ESCAPE : VERSION_1)) return { is: 'noise' }
  }
  const doubled: number[] = []
  for (let at = startBytes; at + 4 <= bytes.byteLength; at += 4) {
    if (at >= frameBytesMax - endBytes)
      return { is: 'refused', reason: 'length', why: `no end in ${frameBytesMax} bytes` }
    if (!isFour(bytes, at, ESCAPE)) continue
    if (at + endBytes > bytes.byteLength) return { is: 'incomplete' }
    if (bytes[at + 4] === END) return lookEnd(bytes, at, doubled)
    if (isFour(bytes, at + 4, ESCAPE)) {
      doubled.push(at)
      at += 4
    } else if (isFour(bytes, at + 4, VERSION_1))
      return { is: 'refused', reason: 'incomplete', why: `another file begins after ${at} bytes` }
    else return { is: 'refused', reason: 'end-byte', why: 'an escape that is none' }
  }
  return { is: 'incomplete' }
}

function lookEnd(bytes: Uint8Array, at: number, doubled: readonly number[]): Sight<SmlFile> {
  const length = at + endBytes
  const given = (bytes[length - 2] ?? 0) | ((bytes[length - 1] ?? 0) << 8)
  const crc = crc16X25(bytes.subarray(0, length - 2))
  // Early Holley meters take another start value, and send its high byte first.
  if (given !== crc && swapped(given) !== crc16Kermit(bytes.subarray(0, length - 2)))
    return { is: 'refused', reason: 'checksum', why: `CRC is ${hex4(crc)}, the file says ${hex4(given)}` }
  const fill = bytes[at + 5] ?? 0
  // Three would do; one maker fills up with four more.
  if (fill > fillBytesMax || at - startBytes < fill)
    return { is: 'refused', reason: 'length', why: `${fill} fill bytes` }
  const body = [...bytes.subarray(startBytes, at - fill)].filter(
    (_, i) => !doubled.some((from) => i + startBytes >= from && i + startBytes < from + 4),
  )
  return { is: 'frame', length, frame: { content: Uint8Array.from(body) } }
}

function isFour(bytes: Uint8Array, at: number, byte: number): boolean {
  return bytes[at] === byte && bytes[at + 1] === byte && bytes[at + 2] === byte && bytes[at + 3] === byte
}

export const smlFraming: Framing<SmlFile> = { look, frameBytesMax }
export const smlScanner = (): FrameScanner<SmlFile> => new FrameScanner(smlFraming)

const hex4 = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase()
