import { chintDdsu666 } from './chint-ddsu666/meter.ts'
import { cjt188ColdWater, cjt188Gas, cjt188Heat } from './cjt188-meter/meters.ts'
import type { PolledDevice, PublishingDevice, TalkingDevice } from './device.ts'
import { dlt645Meter1997 } from './dlt645-1997-meter/meter.ts'
import { dlt645SinglePhase } from './dlt645-meter/device.ts'
import { dlt645ThreePhase } from './dlt645-three-phase/meter.ts'
import { eastronSdm120 } from './eastron-sdm120/meter.ts'
import { pzem004t } from './pzem-004t/meter.ts'

/** Every simulated device, made for the address, sender or topic it is installed with. */
export interface Maker<Device> {
  readonly name: string
  readonly make: (address: string) => Device
}

export const polledDevices: readonly Maker<PolledDevice>[] = [
  { name: 'chint-ddsu666', make: chintDdsu666 },
  { name: 'cjt188-cold-water', make: cjt188ColdWater },
  { name: 'cjt188-gas', make: cjt188Gas },
  { name: 'cjt188-heat', make: cjt188Heat },
  { name: 'dlt645-1997-meter', make: (address) => dlt645Meter1997(address) },
  { name: 'dlt645-1997-wildcard', make: (address) => dlt645Meter1997(address, 'AAAAAAAAAAAA') },
  { name: 'dlt645-single-phase', make: dlt645SinglePhase },
  { name: 'dlt645-three-phase', make: dlt645ThreePhase },
  { name: 'eastron-sdm120', make: eastronSdm120 },
  { name: 'pzem-004t', make: pzem004t },
]

export const talkingDevices: readonly Maker<TalkingDevice>[] = []

export const publishingDevices: readonly Maker<PublishingDevice>[] = []
