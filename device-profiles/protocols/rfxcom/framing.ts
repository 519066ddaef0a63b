import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * RFXCOM RFXtrx (38400 8N1): `length | packet type | subtype | sequence | …`, the length counting the bytes behind it. There is
 * no checksum and no start byte, so a packet is a known type with the one length that type has.
 */
export interface RfxcomPacket {
  readonly type: number
  readonly subtype: number
  readonly sequence: number
  /** Behind the sequence number. */
  readonly data: Uint8Array
}

/** Packet type → lengths it may have (RFXtrx user guide, "RF protocol"); firmware that added bytes made some types have two. */
const LENGTHS: Readonly<Record<number, readonly number[]>> = {
  0x01: [0x0d, 0x14],
  0x02: [0x04],
  0x10: [0x07],
  0x11: [0x0b],
  0x12: [0x08],
  0x13: [0x09],
  0x14: [0x0a],
  0x15: [0x0b],
  0x16: [0x07, 0x08],
  0x17: [0x08],
  0x18: [0x07],
  0x19: [0x09],
  0x1a: [0x08, 0x0c],
  0x1b: [0x0c],
  0x1d: [0x0a],
  0x1e: [0x09, 0x0b],
  0x1f: [0x0b],
  0x20: [0x08],
  0x21: [0x1c],
  0x28: [0x06],
  0x30: [0x06],
  0x31: [0x0c],
  0x40: [0x09],
  0x42: [0x08],
  0x4e: [0x0a],
  0x4f: [0x0a],
  0x50: [0x08],
  0x51: [0x08],
  0x52: [0x0a],
  0x53: [0x09],
  0x54: [0x0d],
  0x55: [0x0b],
  0x56: [0x10],
  0x57: [0x09],
  0x58: [0x0d],
  0x59: [0x0d],
  0x5a: [0x11],
  0x5b: [0x13],
  0x5c: [0x0f],
  0x5d: [0x08],
  0x60: [0x11, 0x15],
  0x70: [0x07],
  0x71: [0x0a],
  0x73: [0x0d],
  0x74: [0x0c],
  0x76: [0x1f],
  0x77: [0x0a],
}
/** What the receiver heard and could not decode comes as it is, in as many bytes as it had. */
const UNDECODED = 0x03
const undecodedLengthMin = 0x04
const undecodedLengthMax = 0x24
const undecodedSubtypeMax = 0x19

const lengths = new Set(Object.values(LENGTHS).flat())

function look(bytes: Uint8Array): Sight<RfxcomPacket> {
  const length = bytes[0] ?? 0
  const mayBeUndecoded = length >= undecodedLengthMin && length <= undecodedLengthMax
  if (!lengths.has(length) && !mayBeUndecoded) return { is: 'noise' }
  const type = bytes[1]
  if (type === undefined) return { is: 'incomplete' }
  if (type === UNDECODED && mayBeUndecoded) {
    const subtype = bytes[2]
    if (subtype === undefined) return { is: 'incomplete' }
    if (subtype > undecodedSubtypeMax) return { is: 'noise' }
  } else if (!LENGTHS[type]?.includes(length)) return { is: 'noise' }
  if (bytes.byteLength < length + 1) return { is: 'incomplete' }
  return {
    is: 'frame',
    length: length + 1,
    frame: { type, subtype: bytes[2] ?? 0, sequence: bytes[3] ?? 0, data: bytes.slice(4, length + 1) },
  }
}

export const rfxcomFraming: Framing<RfxcomPacket> = { look, frameBytesMax: undecodedLengthMax + 2 }
export const rfxcomScanner = (): FrameScanner<RfxcomPacket> => new FrameScanner(rfxcomFraming)
