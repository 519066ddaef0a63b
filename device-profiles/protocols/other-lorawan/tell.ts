import { absent, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'
import { tellNetvox } from './netvox.ts'

/** Makers that are told apart by their port. The network server names the device; here only the port is known. */
const BY_PORT: Readonly<Record<number, (bytes: Uint8Array) => Told>> = {
  6: tellNetvox,
  8: tellYobiiq,
  100: tellBrowanDoor,
  102: tellBrowanMotion,
  106: tellBrowanLeak,
  120: tellMerryIotDoor,
}

export const otherLorawan = tellOne('other-lorawan', ({ bytes, fPort }) => {
  const read = fPort === undefined ? undefined : BY_PORT[fPort]
  if (!read)
    throw refusal('not-this-protocol', `port ${fPort ?? 'not given'}: not one of ${Object.keys(BY_PORT).join()}`)
  return read(bytes)
})

/** Yobiiq SD-1001 smoke detector: `id | 00 | value` each. Smoke and the test button are both told: which it was, policy decides. */
function tellYobiiq(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const readings = new Readings()
  const words: Record<string, unknown> = {}
  if (bytes.byteLength === 0) throw refusal('incomplete', 'empty')
  while (input.left > 0) {
    const id = input.u8()
    if (input.u8() !== 0) throw refusal('not-this-protocol', `item ${id}: no 00 behind its id`)
    const value = input.u8()
    const flag = YOBIIQ_FLAGS[id]
    if (id === 1) readings.add('battery', 'battery-level', reading(value))
    else if (id === 5) readings.add('smoke', 'smoke', value > 1 ? absent('invalid') : reading(value))
    else if (flag) words[flag] = value > 1 ? null : value === 1
    else throw refusal('not-this-protocol', `item ${id} is not known`)
  }
  return told(words, readings.list, raisedBy(readings.list))
}
const YOBIIQ_FLAGS: Readonly<Record<number, string>> = {
  2: 'mainsPower',
  3: 'batteryLow',
  4: 'fault',
  6: 'interconnectAlarm',
  7: 'testButton',
}

/** Browan: the low nibble is tenths of a volt above 2.5 V. */
const batteryOf = (raw: number): number => (25 + (raw & 0x0f)) / 10
/** Browan: seven bits, 32 below. */
const warmthOf = (raw: number): number => (raw & 0x7f) - 32

/** `status | battery | temperature | minutes u16 | count u24`, low byte first: the same for doors and motion. */
function readBrowan(bytes: Uint8Array) {
  const input = new ByteReader(bytes)
  const status = input.u8()
  const readings = new Readings()
  readings.add('battery-voltage', 'battery-voltage', reading(batteryOf(input.u8())))
  readings.add('temperature', 'temperature', reading(warmthOf(input.u8())))
  const minutes = input.u16le()
  // The published decoder, and so every record made with it, has the low two of three bytes.
  const count = input.u16le()
  input.u8()
  input.end()
  return { status, readings, minutes, count }
}

function tellBrowanMotion(bytes: Uint8Array): Told {
  const { status, readings, minutes, count } = readBrowan(bytes)
  readings.add('motion', 'motion', reading((status & 1) === 1))
  return told({ motionTimeMin: minutes, motionCount: count }, readings.list)
}

function tellBrowanDoor(bytes: Uint8Array): Told {
  const { status, readings, minutes, count } = readBrowan(bytes)
  readings.add('contact', 'contact', reading((status & 1) === 0))
  return told({ timeMin: minutes, count }, readings.list)
}

/** Two thermometers: the board's, which warms itself, and the room's. */
function tellBrowanLeak(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const readings = new Readings()
  readings.add('water-leak', 'water-leak', reading((input.u8() & 1) === 1))
  readings.add('battery-voltage', 'battery-voltage', reading(batteryOf(input.u8())))
  const boardC = warmthOf(input.u8())
  readings.add('humidity', 'relative-humidity', reading(input.u8()))
  readings.add('temperature', 'temperature', reading(warmthOf(input.u8())))
  input.end()
  return told({ boardC }, readings.list, raisedBy(readings.list))
}

/** MerryIoT DW10: `bits open, button, tamper, tilt | battery | °C i8 | % | minutes u16 | count u24`. */
function tellMerryIotDoor(bytes: Uint8Array): Told {
  const input = new ByteReader(bytes)
  const status = input.u8()
  const readings = new Readings()
  readings.add('contact', 'contact', reading((status & 1) === 0))
  readings.add('tamper', 'tamper', reading((status & 4) !== 0))
  // Tenths of a volt above 2.1 V.
  readings.add('battery-voltage', 'battery-voltage', reading((21 + (input.u8() & 0x0f)) / 10))
  readings.add('temperature', 'temperature', reading((input.u8() << 24) >> 24))
  readings.add('humidity', 'relative-humidity', reading(input.u8()))
  const timeMin = input.u16le()
  const count = input.u16le() + input.u8() * 0x1_0000
  input.end()
  const frame = { button: (status & 2) !== 0, tilt: (status & 8) !== 0, timeMin, count }
  return told(frame, readings.list, raisedBy(readings.list))
}
