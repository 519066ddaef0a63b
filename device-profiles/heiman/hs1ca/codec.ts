import { readSensor, type SensorRow } from '../../protocols/zigbee2mqtt/sensor.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

type Point = 'carbon-monoxide' | 'tamper' | 'battery' | 'link-quality'
const ROWS: Readonly<Record<Point, SensorRow>> = {
  'carbon-monoxide': { key: 'carbon_monoxide', as: 'switch' },
  tamper: { key: 'tamper', as: 'switch' },
  battery: { key: 'battery', as: 'number' },
  'link-quality': { key: 'linkquality', as: 'number' },
}

export function decode(message: DriverMessages['mqtt']): Decoded<Point> {
  return { readings: readSensor(message, ROWS).readings, events: [] }
}
