import { topicMatches } from '@anju/contract'
import type { Delivery, Device, DeviceMessage, Heard } from '../../ports.ts'

/** Something a device published to the gateway's broker. */
export interface Published {
  readonly topic: string
  readonly payload: Uint8Array
  /** Kept from before, by whoever sends it: what it says is old. */
  readonly retained: boolean
  readonly heard: Heard
  readonly delivery?: Delivery
}

/**
 * Whose message a topic is: the topic a device is installed with (MQTT wildcards allowed), or one below it
 * (`…/availability`, `…/action`), which the profile tells apart. Buttons behind one radio bridge share its topic: each profile
 * takes what is its own device's.
 */
export function devicesOfTopic(devices: readonly Device[], topic: string): readonly Device[] {
  const exact = devices.filter((device) => device.topic === topic)
  if (exact.length > 0) return exact
  return devices.filter(
    ({ topic: own }) => own !== undefined && (topicMatches(own, topic) || topic.startsWith(`${own}/`)),
  )
}

export const mqttMessage = (
  device: Device,
  { topic, payload, retained, heard, delivery }: Published,
): DeviceMessage => ({
  device,
  driver: 'mqtt',
  message: { topic, payload, retained },
  heard,
  ...(delivery && { delivery }),
})
