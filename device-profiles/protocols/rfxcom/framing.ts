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

/** Packet type → lengths it may have (RFXtrx user guide, "RF protocol"). */
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
  0x20: [0x08],
  0x50: [0x08],
  0x51: [0x08],
  0x52: [0x0a],
  0x53: [0x09],
  0x54: [0x0d],
  0x55: [0x0b],
  0x56: [0x10],
  0x57: [0x09],
  0x59: [0x0d],
  0x5a: [0x11],
  0x5b: [0x13],
  0x5c: [0x0f],
  0x5d: [0x08],
}
const lengthMax = Math.max(...Object.values(LENGTHS).flat())
const lengths = new Set(Object.values(LENGTHS).flat())

function look(bytes: Uint8Array): Sight<RfxcomPacket> {
  const length = bytes[0] ?? 0
  if (!lengths.has(length)) return { is: 'noise' }
  const type = bytes[1]
  if (type === undefined) return { is: 'incomplete' }
  if (!LENGTHS[type]?.includes(length)) return { is: 'noise' }
  if (bytes.byteLength < length + 1) return { is: 'incomplete' }
  return {
    is: 'frame',
    length: length + 1,
    frame: { type, subtype: bytes[2] ?? 0, sequence: bytes[3] ?? 0, data: bytes.slice(4, length + 1) },
  }
}

export const rfxcomFraming: Framing<RfxcomPacket> = { look, frameBytesMax: lengthMax + 2 }
export const rfxcomScanner = (): FrameScanner<RfxcomPacket> => new FrameScanner(rfxcomFraming)
