import { absent, type Quantity, type Reading, reading } from '@anju/contract'
import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import { Readings, raisedBy, refusal, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'

type Words = Record<string, unknown>
type Reader = (input: ByteReader, readings: Readings, words: Words) => void

const u8 = (input: ByteReader): number => input.u8()
const u16 = (input: ByteReader): number => input.u16be()
const u32 = (input: ByteReader): number => input.u32be()
const i16 = (input: ByteReader): number => (input.u16be() << 16) >> 16

const measured =
  (point: string, quantity: Quantity, read: (input: ByteReader) => number, perUnit = 1): Reader =>
  (input, readings) =>
    readings.add(point, quantity, reading(read(input) / perUnit))
const counted =
  (name: string, read: (input: ByteReader) => number): Reader =>
  (input, _readings, words) => {
    words[name] = read(input)
  }
const skipped =
  (name: string, bytes: number): Reader =>
  (input, _readings, words) => {
    words[name] = hexOf(input.bytes(bytes))
  }

/** 0 nobody, 2 somebody; 1 is a place that was just left or taken. */
const OCCUPANCY: Readonly<Record<number, Reading>> = { 0: reading(0), 1: absent('not-reported'), 2: reading(1) }

/** `type | value`, high byte first (the maker's payload document). Motion is a count since the last message. */
const TYPES: Readonly<Record<number, Reader>> = {
  0x01: measured('temperature', 'temperature', i16, 10),
  0x02: measured('humidity', 'relative-humidity', u8),
  0x03: skipped('acceleration', 3),
  0x04: measured('illuminance', 'illuminance', u16),
  0x05: (input, readings, words) => {
    const count = input.u8()
    words.motionCount = count
    readings.add('motion', 'motion', reading(count > 0))
  },
  0x06: measured('carbon-dioxide', 'carbon-dioxide', u16),
  0x07: measured('battery-voltage', 'battery-voltage', u16, 1_000),
  0x08: counted('analogMv', u16),
  0x09: skipped('position', 6),
  0x0a: counted('pulses', u16),
  0x0b: counted('pulsesTotal', u32),
  0x0c: measured('external-temperature', 'temperature', i16, 10),
  0x0d: counted('digital', u8),
  0x0e: measured('distance', 'distance', u16, 1_000),
  0x0f: counted('movements', u8),
  0x10: skipped('infrared', 4),
  0x11: (input, readings) => readings.add('presence', 'presence', OCCUPANCY[input.u8()] ?? absent('invalid')),
  0x12: (input, readings) => readings.add('water-leak', 'water-leak', reading(input.u8() !== 0)),
  0x14: measured('pressure', 'atmospheric-pressure', u32, 1_000),
  0x15: skipped('sound', 2),
  0x16: counted('pulses2', u16),
  0x18: counted('analog2Mv', u16),
  0x19: measured('external-temperature', 'temperature', i16, 10),
  0x1a: counted('digital2', u8),
  0x1c: counted('tvocPpb', u16),
}

/** Elsys ERS, EMS and their kin: port 5. */
export function tellElsys(bytes: Uint8Array): Told {
  if (bytes.byteLength === 0) throw refusal('incomplete', 'empty')
  const input = new ByteReader(bytes)
  const readings = new Readings()
  const words: Words = {}
  while (input.left > 0) {
    const type = input.u8()
    const read = TYPES[type]
    if (!read) {
      // Without its length nothing behind it can be read; what stood before is kept.
      if (readings.list.length === 0) throw refusal('not-this-protocol', `begins with type ${type}`)
      words.unread = hexOf(Uint8Array.of(type, ...input.bytes(input.left)))
      break
    }
    read(input, readings, words)
  }
  return told(words, readings.list, raisedBy(readings.list))
}
