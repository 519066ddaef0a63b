import { readSensor, type SensorRow } from '../../protocols/zigbee2mqtt/sensor.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

type Point = 'gas' | 'tamper' | 'link-quality'
const ROWS: Readonly<Record<Point, SensorRow>> = {
  gas: { key: 'gas', as: 'switch' },
  tamper: { key: 'tamper', as: 'switch' },
  'link-quality': { key: 'linkquality', as: 'number' },
}

export function decode(message: DriverMessages['mqtt']): Decoded<Point> {
  return { readings: readSensor(message, ROWS).readings, events: [] }
}
