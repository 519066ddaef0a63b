import { crc16Modbus } from '../../src/crc.ts'
import { FrameScanner, type Framing, type Sight } from '../../src/frame-scanner.ts'

/**
 * Modbus RTU (MODBUS over serial line V1.02 §2.5): `unit | function | data | CRC-16 low byte first`. Nothing marks its start
 * and only silence its end, so a frame is what has a known function, the length that goes with it, and a right CRC.
 */
export interface ModbusFrame {
  readonly unit: number
  readonly function: number
  readonly kind: 'request' | 'response' | 'exception'
  /** Between function and CRC. */
  readonly data: Uint8Array
}

const headBytes = 2
const crcBytes = 2
const frameBytesMax = 256
/** 248 is the PZEM's "whoever you are"; 0 is a broadcast, which nobody answers. */
const unitMax = 248
const EXCEPTION = 0x80

type Kind = ModbusFrame['kind']

/** The lengths a frame of this function may have; undefined when the bytes that tell have not arrived. */
function lengthsOf(bytes: Uint8Array): readonly (readonly [length: number, kind: Kind])[] | undefined {
  const code = bytes[1]
  const third = bytes[2]
  if (code === undefined || third === undefined) return undefined
  switch (code) {
    case 0x01:
    case 0x02:
      return third > 0 && third <= 250 ? [response(third), [8, 'request']] : [[8, 'request']]
    case 0x03:
    case 0x04:
      return third > 0 && third <= 250 && third % 2 === 0 ? [response(third), [8, 'request']] : [[8, 'request']]
    // A write's answer repeats it: request and response are one.
    case 0x05:
    case 0x06:
      return [[8, 'request']]
    case 0x0f:
    case 0x10: {
      const count = bytes[6]
      if (count === undefined) return undefined
      return count > 0 && count <= 246
        ? [
            [8, 'response'],
            [headBytes + 5 + count + crcBytes, 'request'],
          ]
        : [[8, 'response']]
    }
    default:
      return (code & EXCEPTION) !== 0 && isRead(code & 0x7f) && third >= 1 && third <= 11 ? [[5, 'exception']] : []
  }
}
const response = (bytes: number): readonly [number, Kind] => [headBytes + 1 + bytes + crcBytes, 'response']
const isRead = (code: number): boolean => (code >= 0x01 && code <= 0x06) || code === 0x0f || code === 0x10

function look(bytes: Uint8Array): Sight<ModbusFrame> {
  const unit = bytes[0] ?? 0
  if (unit === 0 || unit > unitMax) return { is: 'noise' }
  const code = bytes[1]
  if (code !== undefined && !isRead(code & 0x7f)) return { is: 'noise' }
  const lengths = lengthsOf(bytes)
  if (!lengths) return { is: 'incomplete' }
  if (lengths.length === 0) return { is: 'noise' }
  let incomplete = false
  for (const [length, kind] of lengths) {
    if (bytes.byteLength < length) {
      incomplete = true
      continue
    }
    const given = (bytes[length - 2] ?? 0) | ((bytes[length - 1] ?? 0) << 8)
    if (crc16Modbus(bytes.subarray(0, length - crcBytes)) !== given) continue
    const data = bytes.slice(headBytes, length - crcBytes)
    return { is: 'frame', length, frame: { unit, function: code ?? 0, kind, data } }
  }
  if (incomplete) return { is: 'incomplete' }
  return { is: 'refused', reason: 'checksum', why: 'the CRC is wrong at every length this function can have' }
}

export const modbusRtuFraming: Framing<ModbusFrame> = { look, frameBytesMax }
export const modbusRtuScanner = (): FrameScanner<ModbusFrame> => new FrameScanner(modbusRtuFraming)
