import { dialect } from '../../src/dialect.ts'
import type { DeviceOptions, MqttMessage, Option } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { shellyGen2 } from './tell.ts'

/** A Shelly that speaks for itself, under its own topic. */
export const shellyDevice = dialect(shellyGen2)

/** Which of a device's channels: `switch:1`, `em1:2`. */
export const CHANNEL: Option = { name: 'number of the channel, from 0', pattern: '[0-9]', required: false }
export const inChannel = (point: string, { channel = '0' }: DeviceOptions): string =>
  channel === '0' ? point : `${point}-${channel}`

/** A notification of a device, as an example writes it. */
export const notifies =
  (device: string, ts = 1_736_603_810.49) =>
  (params: object, { method = 'NotifyStatus' } = {}): MqttMessage =>
    publishedOn(device)(
      { src: device, dst: `${device}/events`, method, params: { ts, ...params } },
      { under: 'events/rpc' },
    )
/** Events of its components. */
export const announces =
  (device: string, ts = 1_736_605_194.11) =>
  (events: readonly object[]): MqttMessage =>
    notifies(device, ts)({ events: events.map((one) => ({ ...one, ts })) }, { method: 'NotifyEvent' })
