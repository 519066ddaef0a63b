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

export const mqttMessage = (
  device: Device,
  { topic, payload, retained, heard, delivery }: Published,
): DeviceMessage => ({
  device,
  driver: 'mqtt',
  message: { topic, payload },
  heard,
  retained,
  ...(delivery && { delivery }),
})
