import { formatInstant, instant } from '@anju/contract'
import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import type { Readings } from '../../src/tell-one.ts'
import type { Words } from './readers.ts'

const historyMax = 64
const timeBytes = 4
const valueBytesMin = 2
const HEAD = [0x20, 0xce] as const

/**
 * `20 CE`, a time and what was measured then, until the end. It was measured in the past: told as records, never as readings
 * of now. How long a record is only the model knows, so the next `20 CE` ends it; one that fits no known layout is told as it
 * came.
 */
export function readHistory(input: ByteReader, _readings: Readings, words: Words): void {
  const history = (words.history ??= []) as unknown[]
  let rest = input.bytes(input.left)
  while (rest.byteLength > 0) {
    const record = new ByteReader(rest.subarray(0, lengthOf(rest)))
    rest = rest.subarray(record.left + HEAD.length)
    const time = formatInstant(instant(record.u32le() * 1_000))
    const values = record.bytes(Math.max(valueBytesMin, record.left))
    if (history.length < historyMax) history.push({ time, ...(layoutOf(values) ?? { raw: hexOf(values) }) })
  }
}

const yearSeconds = 366 * 24 * 3_600
/** Up to the next record: one with a time near this one's, for `20 CE` may also be a value. */
function lengthOf(rest: Uint8Array): number {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength)
  for (let i = timeBytes + 1; i + HEAD.length + timeBytes <= rest.byteLength; i++) {
    if (rest[i] !== HEAD[0] || rest[i + 1] !== HEAD[1]) continue
    if (Math.abs(view.getUint32(i + HEAD.length, true) - view.getUint32(0, true)) < yearSeconds) return i
  }
  return rest.byteLength
}

/** Undefined when the bytes are not what the layout of their length would have there. */
function layoutOf(record: Uint8Array): Words | undefined {
  const u8 = (i: number) => record[i] ?? 0
  const u16 = (i: number) => u8(i) + u8(i + 1) * 0x100
  const warmth = (i: number) => ((u16(i) << 16) >> 16) / 10
  const climate = (i: number, humidity = u8(i + 2)) =>
    Math.abs(warmth(i)) <= 100 && humidity <= 200 ? { temperatureC: warmth(i), humidityPct: humidity / 2 } : undefined
  const air = (i: number) => ({
    occupied: u8(i) === 1,
    lightLevel: u8(i + 1),
    co2Ppm: u16(i + 2),
    tvoc: u16(i + 4) / 100,
    pressureHpa: u16(i + 6) / 10,
  })
  switch (record.byteLength) {
    // EM320-TH, AM102
    case 3:
      return climate(0)
    // EM300: the last byte is the contact or the leak, and nothing where there is neither.
    case 4: {
      const measured = climate(0)
      if (!measured || u8(3) > 1) return measured
      // EM300-MLD has no thermometer: three zeros, and never frost in the driest of air.
      return u16(0) === 0 && u8(2) === 0 ? { state: u8(3) === 1 } : { ...measured, state: u8(3) === 1 }
    }
    case 5:
      return nineOf(record, climate)
    // EM500-CO2
    case 7: {
      const measured = climate(4)
      return measured && u16(2) > 3_000 && u16(2) < 12_000
        ? { co2Ppm: u16(0), pressureHpa: u16(2) / 10, ...measured }
        : undefined
    }
    // EM300-DI: a level or a pulse counter.
    case 9: {
      const measured = climate(0)
      if (!measured) return undefined
      const pulse = u16(5) + u16(7) * 0x1_0000
      return u8(3) === 2 ? { ...measured, pulse } : { ...measured, state: u8(4) === 1 }
    }
    // AM307, and with particles AM308 and AM319.
    case 12:
    case 16:
    case 18: {
      const measured = climate(0, u16(2))
      if (!measured) return undefined
      const particles = record.byteLength > 12 ? { pm25UgM3: u16(12), pm10UgM3: u16(14) } : {}
      return { ...measured, ...air(4), ...particles }
    }
    default:
      return undefined
  }
}

type Climate = (i: number, humidity?: number) => Words | undefined

/** Five bytes are an alarm of the VS373, an occupancy of the WS203 or the air of the AM103; each rules the others out. */
function nineOf(record: Uint8Array, climate: Climate): Words | undefined {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = record
  const driest = 10
  const co2Ppm = fourth + fifth * 0x100
  if (third >= driest && co2Ppm >= 300 && co2Ppm <= 5_000 && climate(0)) return { ...climate(0), co2Ppm }
  if (first <= 7 && second <= 1 && fifth >= driest && climate(2))
    return { reportType: first, occupied: second === 1, ...climate(2) }
  if (third <= 8 && fourth >= 1 && fourth <= 3 && fifth <= 16)
    return { alarmId: first + second * 0x100, alarmType: third, alarmStatus: fourth, region: fifth }
  return undefined
}
