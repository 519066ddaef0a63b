import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * Hi-Link LD2410 (256000 8N1): a report is `F4 F3 F2 F1 | LEN u16 LE | 02 or 01 | AA | target … | 55 | 00 | F8 F7 F6 F5`, a
 * command and its answer `FD FC FB FA | LEN u16 LE | word u16 LE | … | 04 03 02 01`. There is no checksum, so every fixed byte
 * is checked.
 */
export type Ld2410Frame =
  | {
      readonly mode: 'basic' | 'engineering'
      /** From the state byte to before 55. */
      readonly target: Uint8Array
    }
  | {
      readonly mode: 'command' | 'ack'
      readonly command: number
      /** Behind the word; of an answer, behind its result too. */
      readonly data: Uint8Array
      /** Of an answer: 0 is done. */
      readonly result?: number
    }

const REPORT = { head: [0xf4, 0xf3, 0xf2, 0xf1], tail: [0xf8, 0xf7, 0xf6, 0xf5] } as const
const COMMAND = { head: [0xfd, 0xfc, 0xfb, 0xfa], tail: [0x04, 0x03, 0x02, 0x01] } as const
const MODES: Readonly<Record<number, 'basic' | 'engineering'>> = { 0x02: 'basic', 0x01: 'engineering' }
/** Basic: 9 bytes of target and 4 around them. */
const basicBytes = 13
const dataBytesMax = 64
/** Bit 8 of the word: the radar answers. */
const ANSWERS = 0x0100

function look(bytes: Uint8Array): Sight<Ld2410Frame> {
  const kind = bytes[0] === COMMAND.head[0] ? COMMAND : REPORT
  for (const [at, byte] of kind.head.entries()) {
    if (bytes.byteLength <= at) return { is: 'incomplete' }
    if (bytes[at] !== byte) return { is: 'noise' }
  }
  return kind === COMMAND ? lookCommand(bytes) : lookReport(bytes)
}

function lookReport(bytes: Uint8Array): Sight<Ld2410Frame> {
  if (bytes.byteLength < 8) return { is: 'incomplete' }
  const length = u16(bytes, 4)
  const mode = MODES[bytes[6] ?? 0]
  const fits = mode === 'basic' ? length === basicBytes : length > basicBytes && length <= dataBytesMax
  if (!mode || !fits) return { is: 'refused', reason: 'length', why: `${length} data bytes of mode ${bytes[6]}` }
  if (bytes[7] !== 0xaa) return { is: 'refused', reason: 'end-byte', why: 'no AA before the target' }
  const total = 6 + length + 4
  if (bytes.byteLength < total) return { is: 'incomplete' }
  if (bytes[total - 6] !== 0x55 || bytes[total - 5] !== 0x00)
    return { is: 'refused', reason: 'end-byte', why: 'no 55 00 behind the target' }
  if (!endsIn(bytes, total, REPORT.tail))
    return { is: 'refused', reason: 'end-byte', why: 'does not end in F8 F7 F6 F5' }
  return { is: 'frame', length: total, frame: { mode, target: bytes.slice(8, total - 6) } }
}

function lookCommand(bytes: Uint8Array): Sight<Ld2410Frame> {
  if (bytes.byteLength < 8) return { is: 'incomplete' }
  const length = u16(bytes, 4)
  const word = u16(bytes, 6)
  const answer = (word & ANSWERS) !== 0
  if (word > 0x01ff || length < (answer ? 4 : 2) || length > dataBytesMax)
    return { is: 'refused', reason: 'length', why: `${length} data bytes of word ${word.toString(16)}` }
  const total = 6 + length + 4
  if (bytes.byteLength < total) return { is: 'incomplete' }
  if (!endsIn(bytes, total, COMMAND.tail))
    return { is: 'refused', reason: 'end-byte', why: 'does not end in 04 03 02 01' }
  const command = word & 0xff
  const frame: Ld2410Frame = answer
    ? { mode: 'ack', command, result: u16(bytes, 8), data: bytes.slice(10, total - 4) }
    : { mode: 'command', command, data: bytes.slice(8, total - 4) }
  return { is: 'frame', length: total, frame }
}

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
const endsIn = (bytes: Uint8Array, total: number, tail: readonly number[]): boolean =>
  tail.every((byte, i) => bytes[total - 4 + i] === byte)

export const ld2410Framing: Framing<Ld2410Frame> = { look, frameBytesMax: 6 + dataBytesMax + 4 }
export const ld2410Scanner = (): FrameScanner<Ld2410Frame> => new FrameScanner(ld2410Framing)
