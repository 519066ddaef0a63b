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
 * Whose message a topic is: the topic the device is installed with (MQTT wildcards allowed), or one below it
 * (`…/availability`, `…/action`), which the profile tells apart.
 */
export function deviceOfTopic(devices: readonly Device[], topic: string): Device | undefined {
  const exact = devices.find((device) => device.topic === topic)
  if (exact) return exact
  return devices.find(
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
