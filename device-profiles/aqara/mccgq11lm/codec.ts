import { readSensor, type SensorRow } from '../../protocols/zigbee2mqtt/sensor.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

type Point = 'contact' | 'battery' | 'battery-voltage' | 'link-quality'
const ROWS: Readonly<Record<Point, SensorRow>> = {
  contact: { key: 'contact', as: 'switch' },
  battery: { key: 'battery', as: 'number' },
  // Millivolts of the cell. `device_temperature` beside it is the chip's, and is not read.
  'battery-voltage': { key: 'voltage', as: 'number', perUnit: 1_000 },
  'link-quality': { key: 'linkquality', as: 'number' },
}

export function decode(message: DriverMessages['mqtt']): Decoded<Point> {
  return { readings: readSensor(message, ROWS).readings, events: [] }
}
