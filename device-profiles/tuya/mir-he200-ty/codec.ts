import { absent, type Reading, reading } from '@anju/contract'
import type { Properties } from '../../protocols/zigbee2mqtt/payload.ts'
import { readSensor, type SensorRow } from '../../protocols/zigbee2mqtt/sensor.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

type Plain = 'presence' | 'illuminance' | 'link-quality'
type Point = Plain | 'fall' | 'maybe-fall'
const ROWS: Readonly<Record<Plain, SensorRow>> = {
  presence: { key: 'presence', as: 'switch' },
  illuminance: { key: 'illuminance', as: 'number' },
  'link-quality': { key: 'linkquality', as: 'number' },
}

export function decode(message: DriverMessages['mqtt']): Decoded<Point> {
  const { readings, properties } = readSensor(message, ROWS)
  // A retained fall was before we listened: it is not one now.
  return { readings: message.retained ? readings : { ...readings, ...fallOf(properties) }, events: [] }
}

/**
 * `maybe_fall` is what the radar suspects first; a fall is suspected too, so the suspicion does not end when it is confirmed.
 * With the fall switch off it reports `none` whatever happens: that is no answer.
 */
function fallOf(properties: Properties): Partial<Record<'fall' | 'maybe-fall', Reading>> {
  if (properties.tumble_switch === 'OFF' || properties.tumble_switch === false)
    return { fall: absent('not-supported'), 'maybe-fall': absent('not-supported') }
  const status = properties.fall_down_status
  switch (status) {
    case undefined:
      return {}
    case 'none':
      return { fall: reading(0), 'maybe-fall': reading(0) }
    case 'maybe_fall':
      return { fall: reading(0), 'maybe-fall': reading(1) }
    case 'fall':
      return { fall: reading(1), 'maybe-fall': reading(1) }
    default: {
      const unknown = absent(status === null ? 'not-reported' : 'invalid')
      return { fall: unknown, 'maybe-fall': unknown }
    }
  }
}
