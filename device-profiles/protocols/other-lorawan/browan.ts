import { reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'

/** The low nibble is tenths of a volt above 2.5 V. */
const batteryOf = (raw: number): number => (25 + (raw & 0x0f)) / 10
/** Seven bits, 32 below. */
const warmthOf = (raw: number): number => (raw & 0x7f) - 32

/** Every message begins with `status | battery`. */
function begin(bytes: Uint8Array) {
  const input = new ByteReader(bytes)
  const status = input.u8()
  const readings = new Readings()
  readings.add('battery-voltage', 'battery-voltage', reading(batteryOf(input.u8())))
  return { input, status, readings }
}

/** `… | temperature | minutes u16 | count u24`, low byte first: the same for doors, motion and the button. */
function readCounting(bytes: Uint8Array) {
  const { input, status, readings } = begin(bytes)
  readings.add('temperature', 'temperature', reading(warmthOf(input.u8())))
  const minutes = input.u16le()
  // The published decoder, and so every record made with it, has the low two of three bytes.
  const count = input.u16le()
  input.u8()
  input.end()
  return { status, readings, minutes, count }
}

export function tellBrowanMotion(bytes: Uint8Array): Told {
  const { status, readings, minutes, count } = readCounting(bytes)
  readings.add('motion', 'motion', reading((status & 1) === 1))
  return told({ motionTimeMin: minutes, motionCount: count }, readings.list)
}

export function tellBrowanDoor(bytes: Uint8Array): Told {
  const { status, readings, minutes, count } = readCounting(bytes)
  readings.add('contact', 'contact', reading((status & 1) === 0))
  return told({ timeMin: minutes, count }, readings.list)
}

/** TBPB100: a panic button has no other purpose than its press. */
export function tellBrowanButton(bytes: Uint8Array): Told {
  const { status, readings, minutes, count } = readCounting(bytes)
  const pressed = (status & 1) === 1
  return told({ pressed, timeMin: minutes, count }, readings.list, pressed ? ['sos-pressed'] : [])
}

const homeBytes = 11
/** TBHH100, and with air quality and a thermometer of its own TBHV110. The board warms itself. */
export function tellBrowanClimate(bytes: Uint8Array): Told {
  const { input, readings } = begin(bytes)
  const boardC = warmthOf(input.u8())
  readings.add('humidity', 'relative-humidity', reading(input.u8() & 0x7f))
  const words: Record<string, unknown> = {}
  if (bytes.byteLength === homeBytes) {
    words.boardC = boardC
    words.equivalentCo2Ppm = input.u16le()
    words.vocPpb = input.u16le()
    words.airQualityIndex = input.u16le()
    readings.add('temperature', 'temperature', reading(warmthOf(input.u8())))
  } else {
    readings.add('temperature', 'temperature', reading(boardC))
    // The first firmware stops here, the later one fills up with zeros.
    if (input.left > 0 && input.bytes(input.left).some((byte) => byte !== 0))
      throw refusal('not-this-protocol', 'neither the short message nor the long one')
  }
  return told(words, readings.list)
}

export function tellBrowanLight(bytes: Uint8Array): Told {
  const { input, readings } = begin(bytes)
  const boardC = warmthOf(input.u8())
  const hundredths = input.u16le() + input.u8() * 0x1_0000
  input.end()
  readings.add('illuminance', 'illuminance', reading(hundredths / 100))
  return told({ boardC }, readings.list)
}

export function tellBrowanSound(bytes: Uint8Array): Told {
  const { input, readings } = begin(bytes)
  const boardC = warmthOf(input.u8())
  const soundLevelDb = input.u8()
  input.end()
  return told({ boardC, soundLevelDb }, readings.list)
}

/** Two thermometers: the board's, which warms itself, and the room's. */
export function tellBrowanLeak(bytes: Uint8Array): Told {
  const { input, status, readings } = begin(bytes)
  readings.add('water-leak', 'water-leak', reading((status & 1) === 1))
  const boardC = warmthOf(input.u8())
  readings.add('humidity', 'relative-humidity', reading(input.u8()))
  readings.add('temperature', 'temperature', reading(warmthOf(input.u8())))
  input.end()
  return told({ boardC }, readings.list, raisedBy(readings.list))
}
