import { crc8 } from '../../src/crc.ts'
import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * EnOcean Serial Protocol 3 (ESP3 specification §1.5; 57600 8N1):
 * `55 | data length u16 | optional length u8 | type | CRC-8 of these four | data | optional | CRC-8 of both`.
 */
export interface Esp3Packet {
  /** 1 radio telegram, 2 response, 4 event, 10 radio message … */
  readonly type: number
  readonly data: Uint8Array
  readonly optional: Uint8Array
}

const SYNC = 0x55
const headBytes = 6
/** A radio telegram has at most a few dozen; a false start must not wait for 64 KiB. */
const dataBytesMax = 512

function look(bytes: Uint8Array): Sight<Esp3Packet> {
  if (bytes[0] !== SYNC) return { is: 'noise' }
  if (bytes.byteLength < headBytes) return { is: 'incomplete' }
  const headCrc = crc8(bytes.subarray(1, 5))
  if (bytes[5] !== headCrc)
    return {
      is: 'refused',
      reason: 'header-checksum',
      why: `header CRC is ${hex(headCrc)}, the packet says ${hex(bytes[5])}`,
    }
  const length = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0)
  const optionalLength = bytes[3] ?? 0
  if (length + optionalLength === 0 || length > dataBytesMax)
    return { is: 'refused', reason: 'length', why: `${length} data bytes, 1 to ${dataBytesMax}` }
  const total = headBytes + length + optionalLength + 1
  if (bytes.byteLength < total) return { is: 'incomplete' }
  const dataCrc = crc8(bytes.subarray(headBytes, total - 1))
  if (bytes[total - 1] !== dataCrc)
    return {
      is: 'refused',
      reason: 'checksum',
      why: `data CRC is ${hex(dataCrc)}, the packet says ${hex(bytes[total - 1])}`,
    }
  return {
    is: 'frame',
    length: total,
    frame: {
      type: bytes[4] ?? 0,
      data: bytes.slice(headBytes, headBytes + length),
      optional: bytes.slice(headBytes + length, total - 1),
    },
  }
}

export const esp3Framing: Framing<Esp3Packet> = { look, frameBytesMax: headBytes + dataBytesMax + 255 + 1 }
export const esp3Scanner = (): FrameScanner<Esp3Packet> => new FrameScanner(esp3Framing)

const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, '0').toUpperCase()
