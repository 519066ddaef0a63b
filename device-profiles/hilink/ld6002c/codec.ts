import { absent, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'
import {
  alive,
  CLOUD,
  type PresencePoint,
  readTargets,
  readZones,
  SETTINGS,
  TARGETS,
  unknownType,
  ZONES,
} from '../presence.ts'

const FALL = 0x0e02
/** User log, height, parameters, threshold, sensitivity, alarm area, height of the target. */
const FALL_SETTINGS: readonly number[] = [0x0e01, 0x0e04, 0x0e06, 0x0e08, 0x0e0a, 0x0e0c, 0x0e0e]

export function decode({ type, data }: DriverMessages['tinyframe-long']): Decoded<PresencePoint | 'fall'> {
  switch (type) {
    case FALL: {
      const input = new ByteReader(data)
      const flag = input.u8()
      input.end()
      // Anything but 0 and 1 is no answer: unknown must neither raise a fall nor clear one.
      return { readings: { fall: flag <= 1 ? reading(flag) : absent('invalid') }, events: [] }
    }
    case ZONES:
      return readZones(data)
    case TARGETS:
      return readTargets(data)
    default:
      if (type === CLOUD || SETTINGS.includes(type) || FALL_SETTINGS.includes(type)) return alive
      throw unknownType(type)
  }
}
