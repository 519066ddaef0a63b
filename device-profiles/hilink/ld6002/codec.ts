import { absent, type Reading, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'
import { alive, unknownType } from '../presence.ts'

type Point = 'respiration-rate' | 'heart-rate' | 'distance'

const PHASES = 0x0a13
/** On the LD6002B the same number is its working mode. */
const BREATH = 0x0a14
const HEART = 0x0a15
const DISTANCE = 0x0a16
const VERSION = 0xffff

export function decode({ type, data }: DriverMessages['tinyframe']): Decoded<Point> {
  const input = new ByteReader(data)
  switch (type) {
    case BREATH:
      return one('respiration-rate', rate(input.f32le()), input)
    case HEART:
      return one('heart-rate', rate(input.f32le()), input)
    case DISTANCE: {
      const found = input.u32le() === 1
      const cm = input.f32le()
      return one('distance', found ? reading(Number((cm / 100).toFixed(3))) : absent('not-reported'), input)
    }
    case PHASES:
    case VERSION:
      return alive
    default:
      throw unknownType(type)
  }
}

function one(point: Point, value: Reading, input: ByteReader): Decoded<Point> {
  input.end()
  return { readings: { [point]: value }, events: [] }
}

/** A rate of 0 means that there is nobody to measure, or nobody quiet enough: never that nobody breathes. */
const rate = (value: number): Reading => (value === 0 ? absent('not-reported') : reading(Number(value.toFixed(2))))
