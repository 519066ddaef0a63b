import { absent, type Quantity, type Reading, reading } from '@anju/contract'
import { type ByteReader, hexOf } from '../../src/byte-reader.ts'
import { Readings } from '../../src/tell-one.ts'

/** What is told beside readings: words of the frame. */
export type Words = Record<string, unknown>
export type Reader = (input: ByteReader, readings: Readings, words: Words) => void
export type Raw = (input: ByteReader) => number

export const u8: Raw = (input) => input.u8()
export const u16: Raw = (input) => input.u16le()
export const u32: Raw = (input) => input.u32le()
export const i16: Raw = (input) => (input.u16le() << 16) >> 16

/** `faults` are the raw values by which a sensor says that it could not measure. */
export const scaled =
  (point: string, quantity: Quantity, read: Raw, perUnit: number, faults: readonly number[] = []): Reader =>
  (input, readings) => {
    const raw = read(input)
    const given: Reading = faults.includes(raw) ? absent('device-fault') : reading(raw / perUnit)
    readings.add(point, quantity, given)
  }

export const counted =
  (name: string, read: Raw, perUnit = 1): Reader =>
  (input, _readings, words) => {
    words[name] = read(input) / perUnit
  }

/** One after the other. */
export const several =
  (...readers: Reader[]): Reader =>
  (input, readings, words) => {
    for (const read of readers) read(input, readings, words)
  }

/** The value behind an alarm is the one that its own channel may have told before in the same payload. */
export const again =
  (read: Reader): Reader =>
  (input, readings, words) => {
    const once = new Readings()
    read(input, once, words)
    for (const { point, quantity, reading: given } of once.list)
      if (!readings.list.some((item) => item.point === point)) readings.add(point, quantity, given)
  }

/** A byte that is 0 or 1, and whose meaning is the model's: contact, occupancy, light, leak, removal. */
export const digital = (channel: number): Reader => flag(`channel${channel}`)
export const flag =
  (name: string): Reader =>
  (input, _readings, words) => {
    const raw = input.u8()
    words[name] = raw > 1 ? null : raw === 1
  }

export const asHex =
  (name: string, bytes: number): Reader =>
  (input, _readings, words) => {
    words[name] = hexOf(input.bytes(bytes))
  }

/** The low bits are the states of the switches, the bits from 4 on whether one has changed. */
export const switches: Reader = (input, readings, words) => {
  const bits = input.u8()
  for (const n of [1, 2, 3]) words[`switch${n}`] = ((bits >> (n - 1)) & 1) === 1
  readings.add('switch', 'switched-on', reading((bits & 1) === 1))
}

export const angles =
  (axis: (raw: number) => number): Reader =>
  (input, _readings, words) => {
    words.anglesDeg = [i16(input), i16(input), i16(input)].map((raw) => axis(raw) / 100)
  }
