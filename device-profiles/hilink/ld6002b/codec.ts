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

export function decode({ type, data }: DriverMessages['tinyframe-long']): Decoded<PresencePoint> {
  switch (type) {
    case ZONES:
      return readZones(data)
    case TARGETS:
      return readTargets(data)
    default:
      if (type === CLOUD || SETTINGS.includes(type)) return alive
      throw unknownType(type)
  }
}
