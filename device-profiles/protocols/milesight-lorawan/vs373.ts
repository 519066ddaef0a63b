import { reading } from '@anju/contract'
import type { ByteReader } from '../../src/byte-reader.ts'
import type { Readings } from '../../src/tell-one.ts'
import type { Words } from './readers.ts'

const DETECTION = ['normal', 'vacant', 'in_bed', 'out_of_bed', 'fall'] as const
const TARGET = ['normal', 'motionless', 'abnormal'] as const
const ALARM_TYPES = [
  'fall',
  'motionless',
  'dwell',
  'out_of_bed',
  'occupied',
  'vacant',
  'bradypnea',
  'tachypnea',
  'lying',
] as const
const FALL = 0
const DEACTIVATED = 2
const IGNORED = 3
const alarmsMax = 32

/** VS373, what the radar sees: a status 4 is a fall. Firmware 1.0.2 sends longer times under another channel. */
export const readTarget =
  (seconds: (input: ByteReader) => number) =>
  (input: ByteReader, readings: Readings, words: Words): void => {
    const detection = DETECTION[input.u8()]
    words.detectionStatus = detection ?? null
    words.targetStatus = TARGET[input.u8()] ?? null
    words.useTimeNow = seconds(input)
    words.useTimeToday = seconds(input)
    if (detection === undefined) return
    readings.add('fall', 'fall', reading(detection === 'fall'))
    readings.add('presence', 'presence', reading(detection !== 'vacant'))
  }

const regionsMax = 32

/** Firmware 1.0.2: how many regions, then one bit each, 1 is occupied. */
export function readRegionBits(input: ByteReader, _readings: Readings, words: Words): void {
  const count = Math.min(regionsMax, input.u8())
  const bits = input.u32le()
  words.regionsOccupied = Array.from({ length: count }, (_, i) => ((bits >>> i) & 1) === 1)
}

/** Firmware 1.0.1: 0 is occupied. (Firmware 1.0.2 turns it round, under another channel.) */
export function readRegions(input: ByteReader, _readings: Readings, words: Words): void {
  words.regionsOccupied = [...input.bytes(4)].map((raw) => (raw > 1 ? null : raw === 0))
}

export function readOutOfBed(input: ByteReader, _readings: Readings, words: Words): void {
  words.outOfBedTimes = [input.u16le(), input.u16le(), input.u16le(), input.u16le()]
}

/** Firmware 1.0.2: three regions from `first` on, three bytes each. */
export const readOutOfBedRegions =
  (first: number) =>
  (input: ByteReader, _readings: Readings, words: Words): void => {
    const times = (words.outOfBedTimes ??= []) as number[]
    for (let i = 0; i < 3; i++) times[first + i] = input.u16le() + input.u8() * 0x1_0000
  }

/**
 * One alarm. Decoder and manual disagree whether a triggered alarm is 0 or 1: a fall is a fall unless it is said to be
 * deactivated or ignored.
 */
export function readAlarm(input: ByteReader, readings: Readings, words: Words): void {
  const alarms = (words.alarms ??= []) as unknown[]
  const id = input.u16le()
  const type = input.u8()
  const status = input.u8()
  const region = input.u8()
  if (alarms.length < alarmsMax) alarms.push({ id, type: ALARM_TYPES[type] ?? null, status, region })
  if (type === FALL) readings.add('fall', 'fall', reading(status !== DEACTIVATED && status !== IGNORED))
}
