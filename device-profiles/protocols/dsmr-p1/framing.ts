import { crc16Arc } from '../../src/crc.ts'
import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * A P1 telegram (DSMR 5.0.2 §6.2; 115200 8N1, up to version 3 9600 7E1): `/XXX…` CR LF, lines, `!` and, from version 4 on, the
 * CRC-16 of everything from `/` to `!` as hex digits. The CRC is taken over the raw bytes: some identifications hold a 02.
 */
export interface P1Telegram {
  readonly ident: string
  /** The lines between identification and `!`. */
  readonly data: string
  /** Four hex digits; undefined for a telegram of a version that had none. */
  readonly crc?: string
}

const SLASH = 0x2f
const BANG = 0x21
const CR = 0x0d
const LF = 0x0a

const frameBytesMax = 16_384
const identBytesMax = 96
/** Lines that only versions with a CRC print: without one such a telegram has lost it. */
const VERSION_WITH_CRC = /(?:^|\n)(?:1-3:0\.2\.8|0-0:96\.1\.4)\(/

function look(bytes: Uint8Array): Sight<P1Telegram> {
  if (bytes[0] !== SLASH) return { is: 'noise' }
  let at = 1
  for (; ; at++) {
    const byte = bytes[at]
    if (byte === undefined) return { is: 'incomplete' }
    if (byte === CR || byte === LF) break
    // `/?!` is a reader's request, and three letters or digits of the maker begin every telegram. Behind them some print any
    // byte: a 02, or an AB where others write "\253".
    if ((at <= 3 && !isWord(byte)) || at > identBytesMax) return { is: 'noise' }
  }
  if (at < 5) return { is: 'noise' }
  const identEnd = at
  for (; at < bytes.byteLength; at++) {
    if (at >= frameBytesMax - 6) return { is: 'refused', reason: 'length', why: `no "!" in ${frameBytesMax} bytes` }
    const byte = bytes[at]
    if (!isLineEnd(bytes[at - 1])) continue
    if (byte === BANG) return lookEnd(bytes, identEnd, at)
    if (byte === SLASH) return { is: 'refused', reason: 'incomplete', why: `another telegram begins after ${at} bytes` }
  }
  return { is: 'incomplete' }
}

function lookEnd(bytes: Uint8Array, identEnd: number, bang: number): Sight<P1Telegram> {
  let digits = 0
  while (digits < 4 && isHex(bytes[bang + 1 + digits])) digits++
  const next = bytes[bang + 1 + digits]
  if (digits < 4) {
    if (next === undefined) return { is: 'incomplete' }
    if (!isLineEnd(next)) return { is: 'refused', reason: 'end-byte', why: 'neither a CRC nor a line end behind "!"' }
  }
  const length = bang + 1 + digits
  const ident = textOf(bytes, 1, identEnd)
  const data = textOf(bytes, identEnd, bang)
  if (digits === 0) {
    if (VERSION_WITH_CRC.test(data))
      return { is: 'refused', reason: 'checksum', why: 'a version that has a CRC, without one' }
    return { is: 'frame', length, frame: { ident, data } }
  }
  // A heat link leaves leading zeros out.
  const given = Number.parseInt(textOf(bytes, bang + 1, length), 16)
  const crc = crc16Arc(bytes.subarray(0, bang + 1))
  if (given !== crc)
    return { is: 'refused', reason: 'checksum', why: `CRC is ${hex4(crc)}, the telegram says ${hex4(given)}` }
  return { is: 'frame', length, frame: { ident, data, crc: hex4(crc) } }
}

export const dsmrP1Framing: Framing<P1Telegram> = { look, frameBytesMax }
export const dsmrP1Scanner = (): FrameScanner<P1Telegram> => new FrameScanner(dsmrP1Framing)

const isLineEnd = (byte: number | undefined): boolean => byte === CR || byte === LF
const isHex = (byte = 0): boolean => (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
const isWord = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)

function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}
const hex4 = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase()
