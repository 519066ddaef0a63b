import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * TinyFrame as the Seeed MR60FDA2 and the Hi-Link LD6002 radars speak it:
 * `01 | ID u16 BE | LEN u16 BE | TYPE u16 BE | ~xor of the header | data | ~xor of the data`. Nothing is escaped: 01 occurs
 * in data. What a type means depends on the model, so it is the profile's to say.
 */
export interface TinyFrame {
  readonly id: number
  readonly type: number
  readonly data: Uint8Array
}

export const SOF = 0x01
const headBytes = 8

/** ~xor, the checksum of header and data alike. */
export function checkOf(bytes: Uint8Array): number {
  let xor = 0
  for (const byte of bytes) xor ^= byte
  return ~xor & 0xff
}

function look(bytes: Uint8Array, dataBytesMax: number): Sight<TinyFrame> {
  if (bytes[0] !== SOF) return { is: 'noise' }
  if (bytes.byteLength < headBytes) return { is: 'incomplete' }
  const check = checkOf(bytes.subarray(0, headBytes - 1))
  if (bytes[7] !== check)
    return {
      is: 'refused',
      reason: 'header-checksum',
      why: `header check is ${hex(check)}, the frame says ${hex(bytes[7])}`,
    }
  const length = word(bytes, 3)
  if (length > dataBytesMax)
    return { is: 'refused', reason: 'length', why: `${length} data bytes, at most ${dataBytesMax}` }
  const frame = { id: word(bytes, 1), type: word(bytes, 5) }
  // An empty frame is sent with a data checksum (the ~xor of nothing, FF) by some firmware and without by other. Waiting for
  // it could mean waiting for the next frame, so it ends here; an FF that follows later is skipped as noise.
  if (length === 0)
    return {
      is: 'frame',
      length: bytes[headBytes] === 0xff ? headBytes + 1 : headBytes,
      frame: { ...frame, data: new Uint8Array(0) },
    }

  const total = headBytes + length + 1
  if (bytes.byteLength < total) return { is: 'incomplete' }
  const data = bytes.slice(headBytes, headBytes + length)
  const dataCheck = checkOf(data)
  if (bytes[total - 1] !== dataCheck)
    return {
      is: 'refused',
      reason: 'checksum',
      why: `data check is ${hex(dataCheck)}, the frame says ${hex(bytes[total - 1])}`,
    }
  return { is: 'frame', length: total, frame: { ...frame, data } }
}

/** `dataBytesMax`: what the model sends at most (MR60FDA2: 28; LD6002B: 1,024). A smaller limit resynchronises sooner. */
export const tinyFraming = (dataBytesMax: number): Framing<TinyFrame> => ({
  look: (bytes) => look(bytes, dataBytesMax),
  frameBytesMax: headBytes + dataBytesMax + 1,
})

export const MR60FDA2_DATA_BYTES_MAX = 28
export const FAMILY_DATA_BYTES_MAX = 1_024

export const tinyFrameScanner = (dataBytesMax: number): FrameScanner<TinyFrame> =>
  new FrameScanner(tinyFraming(dataBytesMax))

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, '0').toUpperCase()
