import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * Hi-Link LD2410 (256000 8N1): `F4 F3 F2 F1 | LEN u16 LE | 02 or 01 | AA | target … | 55 | 00 | F8 F7 F6 F5`. It has no
 * checksum, so every fixed byte is checked.
 */
export interface Ld2410Frame {
  readonly mode: 'basic' | 'engineering'
  /** From the state byte to before 55. */
  readonly target: Uint8Array
}

const HEAD = [0xf4, 0xf3, 0xf2, 0xf1] as const
const TAIL = [0xf8, 0xf7, 0xf6, 0xf5] as const
const MODES: Readonly<Record<number, 'basic' | 'engineering'>> = { 0x02: 'basic', 0x01: 'engineering' }
/** Basic: 9 bytes of target and 4 around them. */
const basicBytes = 13
const dataBytesMax = 64

function look(bytes: Uint8Array): Sight<Ld2410Frame> {
  for (const [at, byte] of HEAD.entries()) {
    if (bytes.byteLength <= at) return { is: 'incomplete' }
    if (bytes[at] !== byte) return { is: 'noise' }
  }
  if (bytes.byteLength < 8) return { is: 'incomplete' }
  const length = (bytes[4] ?? 0) | ((bytes[5] ?? 0) << 8)
  const mode = MODES[bytes[6] ?? 0]
  const fits = mode === 'basic' ? length === basicBytes : length > basicBytes && length <= dataBytesMax
  if (!mode || !fits) return { is: 'refused', reason: 'length', why: `${length} data bytes of mode ${bytes[6]}` }
  if (bytes[7] !== 0xaa) return { is: 'refused', reason: 'end-byte', why: 'no AA before the target' }
  const total = 6 + length + 4
  if (bytes.byteLength < total) return { is: 'incomplete' }
  if (bytes[total - 6] !== 0x55 || bytes[total - 5] !== 0x00)
    return { is: 'refused', reason: 'end-byte', why: 'no 55 00 behind the target' }
  if (TAIL.some((byte, i) => bytes[total - 4 + i] !== byte))
    return { is: 'refused', reason: 'end-byte', why: 'does not end in F8 F7 F6 F5' }
  return { is: 'frame', length: total, frame: { mode, target: bytes.slice(8, total - 6) } }
}

export const ld2410Framing: Framing<Ld2410Frame> = { look, frameBytesMax: 6 + dataBytesMax + 4 }
export const ld2410Scanner = (): FrameScanner<Ld2410Frame> => new FrameScanner(ld2410Framing)
