import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * Portisch firmware on a Sonoff RF bridge (19200 8N1), each message `AA kind … 55`. There is no checksum, and 55 occurs inside, so
 * lengths are taken from what the kind says.
 */
export type PortischFrame =
  | { readonly kind: 'acknowledge' }
  /** A4, the stock firmware's: three pulse lengths in µs and a code of 24 bits; A3 is one that it was told to learn. */
  | {
      readonly kind: 'code' | 'learned'
      readonly syncUs: number
      readonly lowUs: number
      readonly highUs: number
      readonly code: number
    }
  /** A6: a protocol the firmware knows, and its data. */
  | { readonly kind: 'sniffed'; readonly protocol: number; readonly data: Uint8Array }
  /** B1: pulse lengths in µs, and one nibble for each pulse naming its length. */
  | { readonly kind: 'pulses'; readonly bucketsUs: readonly number[]; readonly symbols: readonly number[] }
  /** B0, A5, A8: an order to transmit, read off the line and never made; only B0 says how often. */
  | { readonly kind: 'transmit'; readonly order: number; readonly repeats?: number; readonly data: Uint8Array }
  /** C0, an order to beep for so many milliseconds. */
  | { readonly kind: 'beep'; readonly milliseconds: number }
  /** An order without content: what to listen for, to learn, to say its version. */
  | { readonly kind: 'order'; readonly order: number }
  /** A2 and AA: learning ended without a code. */
  | { readonly kind: 'timeout' }
  /** The answer to FF. */
  | { readonly kind: 'version'; readonly version: number }

const SYNC = 0xaa
const END = 0x55
const codeBytes = 12
/** Portisch keeps at most eight lengths; newer firmware sets the top bit of a nibble while the carrier is on. */
const bucketsMax = 8
const frameBytesMax = 320

/** Orders that end right behind their number. */
const BARE = new Set([0xa1, 0xa6, 0xa7, 0xa9, 0xb1, 0xff])
/** Firmware numbers are small; from here on the second byte is a kind. */
const versionMax = 0x7f

function look(bytes: Uint8Array): Sight<PortischFrame> {
  if (bytes[0] !== SYNC) return { is: 'noise' }
  const kind = bytes[1]
  if (kind === undefined) return { is: 'incomplete' }
  if (BARE.has(kind)) {
    if (bytes.byteLength < 3) return { is: 'incomplete' }
    // 55 is no length of a sniffed code and no number of pulse lengths: it ends the order.
    if (bytes[2] === END) return { is: 'frame', length: 3, frame: { kind: 'order', order: kind } }
  }
  switch (kind) {
    case 0xa0:
      return ended(bytes, 3, () => ({ kind: 'acknowledge' }))
    case 0xa2:
    case 0xaa:
      return ended(bytes, 3, () => ({ kind: 'timeout' }))
    case 0xa3:
    case 0xa4:
      return ended(bytes, codeBytes, () => ({
        kind: kind === 0xa3 ? 'learned' : 'code',
        syncUs: u16(bytes, 2),
        lowUs: u16(bytes, 4),
        highUs: u16(bytes, 6),
        code: (u16(bytes, 8) << 8) | (bytes[10] ?? 0),
      }))
    case 0xa5:
      return ended(bytes, codeBytes, () => ({ kind: 'transmit', order: kind, data: bytes.slice(2, codeBytes - 1) }))
    case 0xa6:
    case 0xab:
      return lookSized(bytes, 1, (content) => ({ kind: 'sniffed', protocol: content[0] ?? 0, data: content.slice(1) }))
    case 0xa8:
      return lookSized(bytes, 2, (content) => ({ kind: 'transmit', order: kind, data: content.slice() }))
    case 0xb0:
      return lookSized(bytes, 2, (content) => ({
        kind: 'transmit',
        order: kind,
        repeats: content[1] ?? 0,
        data: content.slice(2),
      }))
    case 0xb1:
      return lookPulses(bytes)
    case 0xc0:
      return ended(bytes, 5, () => ({ kind: 'beep', milliseconds: u16(bytes, 2) }))
    default:
      if (kind > versionMax) return { is: 'noise' }
      if (bytes.byteLength < 3) return { is: 'incomplete' }
      return bytes[2] === END ? { is: 'frame', length: 3, frame: { kind: 'version', version: kind } } : { is: 'noise' }
  }
}

/** Length `total` with 55 at its end. */
function ended(bytes: Uint8Array, total: number, make: () => PortischFrame): Sight<PortischFrame> {
  if (bytes.byteLength < total) return { is: 'incomplete' }
  if (bytes[total - 1] !== END) return { is: 'refused', reason: 'end-byte', why: `no 55 after ${total - 1} bytes` }
  return { is: 'frame', length: total, frame: make() }
}

/** `AA kind n`, n bytes, 55. */
function lookSized(bytes: Uint8Array, min: number, make: (content: Uint8Array) => PortischFrame): Sight<PortischFrame> {
  const count = bytes[2]
  if (count === undefined) return { is: 'incomplete' }
  if (count < min) return { is: 'refused', reason: 'length', why: `${count} bytes, at least ${min}` }
  return ended(bytes, count + 4, () => make(bytes.subarray(3, 3 + count)))
}

/** The pulses end with 55, which is no pair of pulses while there are up to five lengths; with more, the first 55 ends them. */
function lookPulses(bytes: Uint8Array): Sight<PortischFrame> {
  const count = bytes[2]
  if (count === undefined) return { is: 'incomplete' }
  if (count < 1 || count > bucketsMax)
    return { is: 'refused', reason: 'length', why: `${count} pulse lengths, 1 to ${bucketsMax}` }
  const from = 3 + count * 2
  const symbols: number[] = []
  for (let at = from; ; at++) {
    const byte = bytes[at]
    if (byte === undefined) return { is: 'incomplete' }
    if (byte === END && symbols.length > 0) {
      const bucketsUs = Array.from({ length: count }, (_, i) => u16(bytes, 3 + i * 2))
      return { is: 'frame', length: at + 1, frame: { kind: 'pulses', bucketsUs, symbols } }
    }
    const [high, low] = [byte >> 4, byte & 0x0f]
    if ((high & 7) >= count || (low & 7) >= count)
      return { is: 'refused', reason: 'end-byte', why: `a pulse of length ${high}${low}, of ${count} lengths` }
    if (at >= frameBytesMax - 2) return { is: 'refused', reason: 'length', why: `no 55 in ${frameBytesMax} bytes` }
    symbols.push(high, low)
  }
}

export const portischFraming: Framing<PortischFrame> = { look, frameBytesMax }
export const portischScanner = (): FrameScanner<PortischFrame> => new FrameScanner(portischFraming)

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
