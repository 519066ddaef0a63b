import { numberIn } from '../../protocols/zigbee2mqtt/payload.ts'
import { readSensor, type SensorRow } from '../../protocols/zigbee2mqtt/sensor.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

type Point = 'motion' | 'illuminance' | 'battery' | 'battery-voltage' | 'link-quality'
const ROWS: Readonly<Record<Point, SensorRow>> = {
  motion: { key: 'occupancy', as: 'switch' },
  illuminance: { key: 'illuminance', as: 'number' },
  battery: { key: 'battery', as: 'number' },
  // Millivolts of the cell. `device_temperature` beside it is the chip's, and is not read.
  'battery-voltage': { key: 'voltage', as: 'number', perUnit: 1_000 },
  'link-quality': { key: 'linkquality', as: 'number' },
}

export function decode(message: DriverMessages['mqtt']): Decoded<Point> {
  const { readings, properties } = readSensor(message, ROWS)
  // Versions that also send `illuminance_lux` put a raw logarithm into `illuminance`.
  const lux = numberIn(properties, 'illuminance_lux')
  return { readings: lux ? { ...readings, illuminance: lux } : readings, events: [] }
}
