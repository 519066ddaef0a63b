import { absent, formatInstant, instant, type Quantity, type Reading, reading } from '@anju/contract'
import { type ByteReader, hexOf } from '../../src/byte-reader.ts'
import type { Readings } from '../../src/tell-one.ts'
import {
  readAlarm,
  readBreath,
  readOutOfBed,
  readRegionBits,
  readRegions,
  readTarget,
  readTargetLong,
} from './vs373.ts'

/** What is told beside readings: words of the frame. */
export type Words = Record<string, unknown>
type Reader = (input: ByteReader, readings: Readings, words: Words) => void

const scaled =
  (point: string, quantity: Quantity, read: (input: ByteReader) => number, perUnit: number): Reader =>
  (input, readings) =>
    readings.add(point, quantity, reading(read(input) / perUnit))

const u8 = (input: ByteReader) => input.u8()
const u16 = (input: ByteReader) => input.u16le()
const u32 = (input: ByteReader) => input.u32le()
const i16 = (input: ByteReader) => (input.u16le() << 16) >> 16

/** A byte that is 0 or 1, and whose meaning is the model's: contact, occupancy, light, leak, removal. */
const digital =
  (channel: number): Reader =>
  (input, _readings, words) => {
    const raw = input.u8()
    words[`channel${channel}`] = raw > 1 ? null : raw === 1
  }

const asHex =
  (name: string, bytes: number): Reader =>
  (input, _readings, words) => {
    words[name] = hexOf(input.bytes(bytes))
  }

const switchOf = (raw: number): Reading => (raw > 1 ? absent('invalid') : reading(raw))

const BUTTONS: Readonly<Record<number, string>> = { 1: 'short', 2: 'long', 3: 'double' }

/**
 * Channel and type, then the value, low byte first (the vendor's published decoders). A row is here only when all models
 * that send it agree on its length.
 */
export const CHANNELS: Readonly<Record<string, Reader>> = {
  '0175': scaled('battery', 'battery-level', u8, 1),
  '0367': scaled('temperature', 'temperature', i16, 10),
  '0468': scaled('humidity', 'relative-humidity', u8, 2),
  '0300': digital(3),
  '0400': digital(4),
  '0500': digital(5),
  '0600': digital(6),
  '0374': scaled('voltage', 'electric-potential', u16, 10),
  '0480': scaled('active-power', 'active-power', u32, 1),
  '0581': scaled('power-factor', 'power-factor', u8, 100),
  '0683': scaled('active-energy', 'active-energy-import', u32, 1_000),
  '07C9': scaled('current', 'electric-current', u16, 1_000),
  // Bit 0 is the state; bits 4 and 5 say that a change of it was reported.
  '0870': (input, readings) => readings.add('switch', 'switched-on', reading((input.u8() & 1) === 1)),
  FF2E: (input, _readings, words) => {
    words.button = BUTTONS[input.u8()] ?? null
  },
  '03F8': readTarget,
  '04F9': readRegions,
  '05FA': readOutOfBed,
  '06FB': readAlarm,
  '07B0': readTargetLong,
  '08B1': readBreath,
  '09B2': asHex('regionTypes', 6),
  '0AB3': readRegionBits,
  '0BB4': asHex('outOfBedRegions1To3', 9),
  '0CB4': asHex('outOfBedRegions4To6', 9),
  // GS101: gas, its valve and relay, and the seconds that its cell has left.
  '058E': (input, readings) => readings.add('gas', 'gas', switchOf(input.u8())),
  '0601': asHex('valve', 1),
  '0701': asHex('relay', 1),
  '0890': (input, _readings, words) => {
    words.cellLifeS = input.u32le()
  },
  FF3F: (input, _readings, words) => {
    words.alarmStatus = input.u8()
  },
  // A temperature with the word whether it crossed its threshold.
  '8367': (input, readings, words) => {
    readings.add('temperature', 'temperature', reading(i16(input) / 10))
    words.temperatureAbnormal = input.u8() === 1
  },
  '20CE': readHistory,
  FF08: asHex('serialNumber', 6),
  FFFE: asHex('resetEvent', 1),
  FF01: asHex('protocolVersion', 1),
  FF09: asHex('hardwareVersion', 2),
  FF0A: asHex('firmwareVersion', 2),
  FF0B: asHex('powerOn', 1),
  FF0F: asHex('lorawanClass', 1),
  FF16: asHex('serialNumber', 8),
  FFFF: asHex('structureVersion', 2),
  // Acknowledgements of settings, told and otherwise let be.
  FE02: asHex('settingInterval', 2),
  FF03: asHex('settingInterval', 2),
}

const historyMax = 64

/**
 * `20 CE`, a time and what was measured then: temperature and humidity, and for some models a byte that is 0 or 1. It was
 * measured in the past: told as records, never as readings of now.
 */
function readHistory(input: ByteReader, _readings: Readings, words: Words): void {
  const history = (words.history ??= []) as unknown[]
  const time = formatInstant(instant(input.u32le() * 1_000))
  const record: Words = { time, temperatureC: i16(input) / 10, humidityPct: input.u8() / 2 }
  // The next record begins with 20, so a 0 or 1 here belongs to this one.
  const next = input.peek()
  if (next === 0 || next === 1) record.state = input.u8() === 1
  if (history.length < historyMax) history.push(record)
}
