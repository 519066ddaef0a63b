import { absent, type Reading } from '@anju/contract'
import { type FallPoint, fallIn } from '../../protocols/zigbee2mqtt/fall.ts'
import type { Properties } from '../../protocols/zigbee2mqtt/payload.ts'

/** With the fall switch off the radar reports `none` whatever happens: that is no answer. */
export function fallOf(properties: Properties): Partial<Record<FallPoint, Reading>> {
  if (properties.tumble_switch === 'OFF' || properties.tumble_switch === false)
    return { fall: absent('not-supported'), 'maybe-fall': absent('not-supported') }
  return fallIn(properties, 'fall_down_status')
}
