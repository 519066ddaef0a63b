import { reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { Readings, raisedBy, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'

/**
 * `status | battery | temperature | %`: whole degrees in one byte, or in later firmware tenths in two, low byte first. The
 * length of the rest tells them apart.
 */
function begin(bytes: Uint8Array, restBytes: number) {
  const input = new ByteReader(bytes)
  const status = input.u8()
  const readings = new Readings()
  // Tenths of a volt above 2.1 V.
  readings.add('battery-voltage', 'battery-voltage', reading((21 + (input.u8() & 0x0f)) / 10))
  const inTenths = input.left === restBytes + 3
  const warmth = inTenths ? ((input.u16le() << 16) >> 16) / 10 : (input.u8() << 24) >> 24
  readings.add('temperature', 'temperature', reading(warmth))
  readings.add('humidity', 'relative-humidity', reading(input.u8()))
  return { input, status, readings }
}
const buttonOf = (status: number): boolean => (status & 2) !== 0
const addTamper = (readings: Readings, status: number): void =>
  readings.add('tamper', 'tamper', reading((status & 4) !== 0))

const countingBytes = 5
function readCounting(bytes: Uint8Array) {
  const { input, status, readings } = begin(bytes, countingBytes)
  const timeMin = input.u16le()
  const count = input.u16le() + input.u8() * 0x1_0000
  input.end()
  addTamper(readings, status)
  return { status, readings, timeMin, count }
}

/** DW10 */
export function tellMerryIotDoor(bytes: Uint8Array): Told {
  const { status, readings, timeMin, count } = readCounting(bytes)
  readings.add('contact', 'contact', reading((status & 1) === 0))
  const frame = { button: buttonOf(status), tilt: (status & 8) !== 0, timeMin, count }
  return told(frame, readings.list, raisedBy(readings.list))
}

/** MS10 */
export function tellMerryIotMotion(bytes: Uint8Array): Told {
  const { status, readings, timeMin, count } = readCounting(bytes)
  readings.add('motion', 'motion', reading((status & 1) === 1))
  return told({ button: buttonOf(status), timeMin, count }, readings.list, raisedBy(readings.list))
}

export function tellMerryIotLeak(bytes: Uint8Array): Told {
  const { input, status, readings } = begin(bytes, 0)
  input.end()
  readings.add('water-leak', 'water-leak', reading((status & 1) === 1))
  addTamper(readings, status)
  return told({ button: buttonOf(status) }, readings.list, raisedBy(readings.list))
}

const airBytes = 2
/** CD10 */
export function tellMerryIotAir(bytes: Uint8Array): Told {
  const { input, status, readings } = begin(bytes, airBytes)
  readings.add('carbon-dioxide', 'carbon-dioxide', reading(input.u16le()))
  input.end()
  const frame = { button: buttonOf(status), overThreshold: (status & 0x10) !== 0, calibrating: (status & 0x20) !== 0 }
  return told(frame, readings.list)
}
