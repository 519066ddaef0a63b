import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * The radars of the 53 59 family (Seeed MR60FDA1, MR24HPC1, MR60BHA1, R60ABD1; 115200 8N1):
 * `53 59 | control | command | LEN u16 BE | data | sum of all before | 54 43`.
 */
export interface Radar5359Frame {
  readonly control: number
  readonly command: number
  readonly data: Uint8Array
}

const headBytes = 6
const tailBytes = 3
/** Product names are the longest data; a false start must not wait for more. */
const dataBytesMax = 64

function look(bytes: Uint8Array): Sight<Radar5359Frame> {
  if (bytes[0] !== 0x53) return { is: 'noise' }
  if (bytes.byteLength < 2) return { is: 'incomplete' }
  if (bytes[1] !== 0x59) return { is: 'noise' }
  if (bytes.byteLength < headBytes) return { is: 'incomplete' }
  const length = ((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0)
  if (length > dataBytesMax)
    return { is: 'refused', reason: 'length', why: `${length} data bytes, at most ${dataBytesMax}` }
  const total = headBytes + length + tailBytes
  if (bytes.byteLength < total) return { is: 'incomplete' }
  let sum = 0
  for (let i = 0; i < headBytes + length; i++) sum += bytes[i] ?? 0
  if ((sum & 0xff) !== bytes[headBytes + length]) return { is: 'refused', reason: 'checksum', why: 'sum is wrong' }
  if (bytes[total - 2] !== 0x54 || bytes[total - 1] !== 0x43)
    return { is: 'refused', reason: 'end-byte', why: 'does not end in 54 43' }
  return {
    is: 'frame',
    length: total,
    frame: { control: bytes[2] ?? 0, command: bytes[3] ?? 0, data: bytes.slice(headBytes, headBytes + length) },
  }
}

export const radar5359Framing: Framing<Radar5359Frame> = { look, frameBytesMax: headBytes + dataBytesMax + tailBytes }
export const radar5359Scanner = (): FrameScanner<Radar5359Frame> => new FrameScanner(radar5359Framing)
