import { absent, DomainError, type Reading, reading } from '@anju/contract'
import { ByteReader, decimal } from '../../src/byte-reader.ts'
import type { Decoded } from '../../src/profile.ts'
import type { Radar5359Frame } from './framing.ts'

/** What the radars of the family can measure; each has some of it. */
export type Radar5359Point =
  | 'presence'
  | 'motion'
  | 'body-movement'
  | 'distance'
  | 'fall'
  | 'respiration-rate'
  | 'heart-rate'

interface Report {
  readonly point: Radar5359Point
  readonly read: (input: ByteReader) => Reading
}

/** Anything but 0 and 1 is no answer: unknown must neither raise nor clear. */
const flag = (input: ByteReader): Reading => {
  const value = input.u8()
  return value <= 1 ? reading(value) : absent('invalid')
}
/** 0 nobody, 1 still, 2 active. */
const motion = (input: ByteReader): Reading => {
  const value = input.u8()
  return value <= 2 ? reading(value === 2) : absent('invalid')
}
const percent = (input: ByteReader): Reading => {
  const value = input.u8()
  return value <= 100 ? reading(value) : absent('invalid')
}
/** A rate of 0 means that there is nobody to measure, or nobody quiet enough: never that nobody breathes. */
const rate = (input: ByteReader): Reading => {
  const value = input.u8()
  return value === 0 ? absent('not-reported') : reading(value)
}

/** Whole centimetres; 0 where there is nobody to measure. */
const distance = (input: ByteReader): Reading => {
  const cm = input.u16be()
  return cm === 0 ? absent('not-reported') : reading(decimal(cm, -2))
}

/** control << 8 | command. */
const REPORTS: Readonly<Record<number, Report>> = {
  0x8001: { point: 'presence', read: flag },
  0x8002: { point: 'motion', read: motion },
  0x8003: { point: 'body-movement', read: percent },
  0x8004: { point: 'distance', read: distance },
  0x8102: { point: 'respiration-rate', read: rate },
  0x8301: { point: 'fall', read: flag },
  0x8502: { point: 'heart-rate', read: rate },
}

/** System, work state, range, open functions, presence, breath, track, fall, sleep, heart: all that the family speaks of. */
const CONTROLS: ReadonlySet<number> = new Set([0x01, 0x05, 0x07, 0x08, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85])

/**
 * What a report says to a radar that measures `points`: its reading, or no more than that the radar is alive.
 * @throws DomainError `frame-malformed` for a report cut or too long, `frame-unknown` for one that is none of the family's.
 */
export function readReport<Point extends Radar5359Point>(
  { control, command, data }: Radar5359Frame,
  points: readonly Point[],
): Decoded<Point> {
  if (!CONTROLS.has(control)) throw new DomainError('frame-unknown', `control ${control.toString(16)} is no radar's`)
  // A value that was asked for comes back under the asking command, bit 7 set.
  const report = REPORTS[(control << 8) | (command & 0x7f)]
  const point = points.find((one) => one === report?.point)
  const readings = {} as { [One in Point]?: Reading }
  if (!report || point === undefined) return { readings, events: [], heartbeat: true }
  const input = new ByteReader(data)
  readings[point] = report.read(input)
  input.end()
  return { readings, events: [] }
}
