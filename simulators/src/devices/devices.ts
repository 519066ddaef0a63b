import type { PolledDevice, PublishingDevice, TalkingDevice } from './device.ts'
import { IecModeCMeter, iecPushMeter } from './iec62056-meter/meter.ts'
import { mbusElectricity, mbusHeat, mbusWater } from './mbus-meter/meters.ts'
import { p1MeterWithGas } from './p1-meter/meter.ts'
import { smlMeter } from './sml-meter/meter.ts'

/** Every simulated device, made for the address, sender or topic it is installed with. */
export interface Maker<Device> {
  readonly name: string
  readonly make: (address: string) => Device
}

export const polledDevices: readonly Maker<PolledDevice>[] = [
  { name: 'iec62056-meter', make: (address) => new IecModeCMeter(address) },
  { name: 'mbus-electricity', make: mbusElectricity },
  { name: 'mbus-heat', make: mbusHeat },
  { name: 'mbus-water', make: mbusWater },
]

export const talkingDevices: readonly Maker<TalkingDevice>[] = [
  { name: 'iec62056-push-meter', make: () => iecPushMeter() },
  { name: 'p1-meter-with-gas', make: () => p1MeterWithGas() },
  { name: 'sml-meter', make: () => smlMeter() },
]

export const publishingDevices: readonly Maker<PublishingDevice>[] = []
