import { reading } from '@anju/contract'
import type { ByteReader } from '../../src/byte-reader.ts'
import type { Readings } from '../../src/tell-one.ts'
import type { Words } from './channels.ts'

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

/** VS373, what the radar sees: a status 4 is a fall. */
export function readTarget(input: ByteReader, readings: Readings, words: Words): void {
  readStatus(input, readings, words)
  words.useTimeNow = input.u16le()
  words.useTimeToday = input.u16le()
}

/** The same since firmware 1.0.2: its times have a byte more. */
export function readTargetLong(input: ByteReader, readings: Readings, words: Words): void {
  readStatus(input, readings, words)
  words.useTimeNow = u24(input)
  words.useTimeToday = u24(input)
}

function readStatus(input: ByteReader, readings: Readings, words: Words): void {
  const detection = DETECTION[input.u8()]
  words.detectionStatus = detection ?? null
  words.targetStatus = TARGET[input.u8()] ?? null
  if (detection === undefined) return
  readings.add('fall', 'fall', reading(detection === 'fall'))
  readings.add('presence', 'presence', reading(detection !== 'vacant'))
}

const u24 = (input: ByteReader): number => input.u16le() + input.u8() * 0x1_0000

/** Firmware 1.0.2: how many regions, and a bit each, 1 when occupied. */
export function readRegionBits(input: ByteReader, _readings: Readings, words: Words): void {
  const count = input.u8()
  const bits = input.u32le()
  words.regionsOccupied = Array.from({ length: Math.min(count, 32) }, (_, region) => ((bits >>> region) & 1) === 1)
}

/** Hundredths of a breath a minute; a status beside it says whether they mean anything. */
export function readBreath(input: ByteReader, readings: Readings, words: Words): void {
  words.breathStatus = input.u8()
  readings.add('respiration-rate', 'respiration-rate', reading(input.u16le() / 100))
}

/** Firmware 1.0.1: 0 is occupied. (Firmware 1.0.2 turns it round, under another channel.) */
export function readRegions(input: ByteReader, _readings: Readings, words: Words): void {
  words.regionsOccupied = [...input.bytes(4)].map((raw) => (raw > 1 ? null : raw === 0))
}

export function readOutOfBed(input: ByteReader, _readings: Readings, words: Words): void {
  words.outOfBedMinutes = [input.u16le(), input.u16le(), input.u16le(), input.u16le()]
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
