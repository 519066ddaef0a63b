import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * Wired M-Bus, FT 1.2 (EN 13757-2 §5; 2400 8E1): long `68 L L 68 | C A CI data | sum | 16`, short `10 C A sum 16`. The lone E5
 * of an acknowledgement is no frame here: inside a broken one it would be taken for an answer. `isAcknowledge` knows it.
 */
export type MbusFrame =
  | {
      readonly is: 'long'
      readonly control: number
      readonly address: number
      readonly ci: number
      readonly data: Uint8Array
    }
  | { readonly is: 'short'; readonly control: number; readonly address: number }

const LONG = 0x68
const SHORT = 0x10
const END = 0x16
/** SND_NKE, and REQ_UD1 and REQ_UD2 with and without FCB: what a master says in a short frame. */
const SHORT_CONTROLS = new Set([0x40, 0x5a, 0x7a, 0x5b, 0x7b])
const frameBytesMax = 6 + 255

function look(bytes: Uint8Array): Sight<MbusFrame> {
  if (bytes[0] === SHORT) return lookShort(bytes)
  if (bytes[0] !== LONG) return { is: 'noise' }
  const length = bytes[1]
  if (length === undefined) return { is: 'incomplete' }
  if (length < 3) return { is: 'noise' }
  if (bytes.byteLength < 4)
    return bytes[2] === undefined || bytes[2] === length ? { is: 'incomplete' } : { is: 'noise' }
  if (bytes[2] !== length || bytes[3] !== LONG) return { is: 'noise' }
  const total = length + 6
  if (bytes.byteLength < total) return { is: 'incomplete' }
  const wrong = wrongEnd(bytes, 4, total)
  if (wrong) return wrong
  return {
    is: 'frame',
    length: total,
    frame: {
      is: 'long',
      control: bytes[4] ?? 0,
      address: bytes[5] ?? 0,
      ci: bytes[6] ?? 0,
      data: bytes.slice(7, total - 2),
    },
  }
}

function lookShort(bytes: Uint8Array): Sight<MbusFrame> {
  const control = bytes[1]
  if (control === undefined) return { is: 'incomplete' }
  if (!SHORT_CONTROLS.has(control)) return { is: 'noise' }
  if (bytes.byteLength < 5) return { is: 'incomplete' }
  return wrongEnd(bytes, 1, 5) ?? { is: 'frame', length: 5, frame: { is: 'short', control, address: bytes[2] ?? 0 } }
}

/** The sum over `from` to before itself, and the end byte. */
function wrongEnd(bytes: Uint8Array, from: number, total: number): Sight<MbusFrame> | undefined {
  let sum = 0
  for (let at = from; at < total - 2; at++) sum += bytes[at] ?? 0
  const given = bytes[total - 2] ?? 0
  if ((sum & 0xff) !== given)
    return { is: 'refused', reason: 'checksum', why: `sum is ${hex(sum & 0xff)}, the frame says ${hex(given)}` }
  if (bytes[total - 1] !== END)
    return { is: 'refused', reason: 'end-byte', why: `ends in ${hex(bytes[total - 1] ?? 0)}, not 16` }
  return undefined
}

export const mbusFraming: Framing<MbusFrame> = { look, frameBytesMax }
export const mbusScanner = (): FrameScanner<MbusFrame> => new FrameScanner(mbusFraming)

/** One byte, alone, between two silences. */
export const isAcknowledge = (bytes: Uint8Array): boolean => bytes.byteLength === 1 && bytes[0] === 0xe5

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
