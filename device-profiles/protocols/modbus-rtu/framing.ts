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
/** 248 is the PZEM's "whoever you are"; 0 is for all, and nobody answers. */
const unitMax = 248
const EXCEPTION = 0x80

type Kind = ModbusFrame['kind']
type Lengths = readonly (readonly [length: number, kind: Kind])[]
const response = (data: number): readonly [number, Kind] => [headBytes + data + crcBytes, 'response']
const request = (data: number): readonly [number, Kind] => [headBytes + data + crcBytes, 'request']

/** Functions whose request has so many bytes between function and CRC, and whose answer begins with the count of the rest. */
const COUNTED: Readonly<Record<number, { readonly asked: number; readonly even?: true }>> = {
  1: { asked: 4 },
  2: { asked: 4 },
  3: { asked: 4, even: true },
  4: { asked: 4, even: true },
  0x0c: { asked: 0 },
  0x11: { asked: 0 },
}
/** Functions whose request and answer have the same bytes (a write's answer repeats it). */
const REPEATED: Readonly<Record<number, number>> = { 5: 4, 6: 4, 8: 4, 0x16: 6 }
const WRITES_TO_ALL = new Set([5, 6, 0x0f, 0x10, 0x16])
const isFunction = (code: number): boolean =>
  COUNTED[code] !== undefined || REPEATED[code] !== undefined || OTHERS.has(code)
const OTHERS = new Set([7, 0x0b, 0x0f, 0x10, 0x14, 0x15, 0x17, 0x18, 0x2b])

/**
 * The lengths a frame of this function may have (MODBUS Application Protocol V1.1b3 §6), among them the shortest of those that
 * a byte not here yet will tell; undefined when only such are left.
 */
function lengthsOf(bytes: Uint8Array): Lengths | undefined {
  const code = bytes[1]
  const third = bytes[2]
  if (code === undefined || third === undefined) return undefined
  if ((code & EXCEPTION) !== 0)
    return isFunction(code & 0x7f) && third >= 1 && third <= 11 ? [[headBytes + 1 + crcBytes, 'exception']] : []
  const counted = COUNTED[code]
  if (counted) {
    const fits = third > 0 && third <= 250 && (!counted.even || third % 2 === 0)
    return fits ? [response(1 + third), request(counted.asked)] : [request(counted.asked)]
  }
  const repeated = REPEATED[code]
  return repeated === undefined ? otherLengths(bytes, code, third) : [request(repeated)]
}

function otherLengths(bytes: Uint8Array, code: number, third: number): Lengths | undefined {
  switch (code) {
    case 0x07:
      return [request(0), response(1)]
    case 0x0b:
      return [request(0), response(4)]
    case 0x0f:
    case 0x10: {
      const count = bytes[6]
      if (count === undefined) return undefined
      return count > 0 && count <= 246 ? [response(4), request(5 + count)] : [response(4)]
    }
    case 0x14:
    case 0x15:
      return third >= 7 && third <= 245 ? [request(1 + third), response(1 + third)] : []
    case 0x17: {
      const answer = third > 0 && third <= 250 && third % 2 === 0 ? [response(1 + third)] : []
      const count = bytes[10]
      if (count === undefined) return [...answer, request(8)]
      return count > 0 && count <= 242 ? [...answer, request(9 + count)] : answer
    }
    case 0x18: {
      const low = bytes[3]
      if (low === undefined) return undefined
      const count = (third << 8) | low
      return count >= 2 && count <= 64 ? [request(2), response(2 + count)] : [request(2)]
    }
    default:
      return identificationLengths(bytes, third)
  }
}

const DEVICE_IDENTIFICATION = 0x0e
/** 2B/0E: the answer is a list of texts, each with its number and length (§6.21). */
function identificationLengths(bytes: Uint8Array, third: number): Lengths | undefined {
  if (third !== DEVICE_IDENTIFICATION) return []
  const objects = bytes[7]
  if (objects === undefined) return [request(3), response(5)]
  let at = 8
  for (let i = 0; i < objects; i++) {
    const length = bytes[at + 1]
    if (length === undefined) return bytes.byteLength < frameBytesMax - 1 ? [request(3), [at + 4, 'response']] : []
    at += 2 + length
  }
  return at + crcBytes <= frameBytesMax ? [request(3), [at + crcBytes, 'response']] : [request(3)]
}

function look(bytes: Uint8Array): Sight<ModbusFrame> {
  const unit = bytes[0] ?? 0
  const code = bytes[1]
  if (unit > unitMax) return { is: 'noise' }
  if (code !== undefined && !isFunction(code & 0x7f)) return { is: 'noise' }
  // Only a write is for all. A 00 in front of anything else is the line turning around.
  const toAll = unit === 0
  if (toAll && (code === undefined || !WRITES_TO_ALL.has(code)))
    return { is: code === undefined ? 'incomplete' : 'noise' }
  const lengths = lengthsOf(bytes)
  if (!lengths) return { is: 'incomplete' }
  if (lengths.length === 0) return { is: 'noise' }
  let incomplete = false
  for (const [length, kind] of lengths) {
    if (length > frameBytesMax) continue
    if (bytes.byteLength < length) {
      incomplete = true
      continue
    }
    const given = (bytes[length - 2] ?? 0) | ((bytes[length - 1] ?? 0) << 8)
    if (crc16Modbus(bytes.subarray(0, length - crcBytes)) !== given) continue
    if (toAll && kind !== 'request') continue
    const data = bytes.slice(headBytes, length - crcBytes)
    return { is: 'frame', length, frame: { unit, function: code ?? 0, kind, data } }
  }
  if (incomplete) return { is: 'incomplete' }
  if (toAll) return { is: 'noise' }
  return { is: 'refused', reason: 'checksum', why: 'the CRC is wrong at every length this function can have' }
}

export const modbusRtuFraming: Framing<ModbusFrame> = { look, frameBytesMax }
/** For a master that waits for an answer: nobody answers for all, so a 00 is the line turning around, and waits for nothing. */
export const modbusAnswerFraming: Framing<ModbusFrame> = {
  look: (bytes) => (bytes[0] === 0 ? { is: 'noise' } : look(bytes)),
  frameBytesMax,
}
export const modbusRtuScanner = (): FrameScanner<ModbusFrame> => new FrameScanner(modbusRtuFraming)
