import { bthomeClimate, bthomeDoor, bthomeSos } from './bthome-devices/devices.ts'
import type { PublishingDevice } from './device.ts'
import { esphomeMeter, esphomePresence } from './esphome-devices/devices.ts'
import {
  draginoButton,
  draginoDoor,
  milesightButton,
  milesightClimate,
  milesightDoor,
  milesightFallRadar,
  netvoxCarbonMonoxide,
  yobiiqSmoke,
} from './lorawan-devices/devices.ts'
import { shellyBluButton, shellyClimate, shellyPlug, shellySmoke } from './shelly-devices/devices.ts'
import { tasmotaPlug, tasmotaRadioButton, tasmotaZigbeeLeak } from './tasmota-devices/devices.ts'
import { vayyarRadar } from './vayyar-radar/radar.ts'
import { countingSmokeDetector, heatMeter, speakingSmokeDetector, waterMeter } from './wmbus-meters/meters.ts'
import {
  zigbeeDoor,
  zigbeeFallRadar,
  zigbeeLeak,
  zigbeeMotion,
  zigbeePlug,
  zigbeeSmoke,
  zigbeeSos,
} from './zigbee-devices/devices.ts'

interface Made<Device> {
  readonly name: string
  readonly make: () => Device
}

/** What publishes to the gateway's broker in a simulated home. */
export const publishingDevices: readonly Made<PublishingDevice>[] = [
  { name: 'bthome-climate', make: () => bthomeClimate('A4:C1:38:11:22:33') },
  { name: 'bthome-door', make: () => bthomeDoor('3C:2E:F5:11:22:33') },
  { name: 'bthome-sos', make: () => bthomeSos('B4:35:22:F5:3D:A4') },
  { name: 'dragino-button', make: () => draginoButton('a84041c18187c003') },
  { name: 'dragino-door', make: () => draginoDoor('a84041c18187c001') },
  { name: 'ei6500-smoke', make: () => countingSmokeDetector('BedroomSmoke') },
  { name: 'esphome-meter', make: () => esphomeMeter('fuse-box') },
  { name: 'esphome-presence', make: () => esphomePresence('living-room-radar') },
  { name: 'lansen-smoke', make: () => speakingSmokeDetector('HallSmoke') },
  { name: 'milesight-button', make: () => milesightButton('24e124535b310056') },
  { name: 'milesight-climate', make: () => milesightClimate('24e124136b325678') },
  { name: 'milesight-door', make: () => milesightDoor('24e124141c141234') },
  { name: 'milesight-fall-radar', make: () => milesightFallRadar('24e124798c141234') },
  { name: 'netvox-carbon-monoxide', make: () => netvoxCarbonMonoxide('00137a1000001111') },
  { name: 'shelly-blu-button', make: () => shellyBluButton('shellyblugwg3-34b7da8a1c2e') },
  { name: 'shelly-climate', make: () => shellyClimate('shellyhtg3-3030f9ec8468') },
  { name: 'shelly-plug', make: () => shellyPlug('shellyplusplugs-80646fc9f5a4') },
  { name: 'shelly-smoke', make: () => shellySmoke('shellyplussmoke-80646fd09ed4') },
  { name: 'tasmota-plug', make: () => tasmotaPlug('kettle') },
  { name: 'tasmota-radio-button', make: () => tasmotaRadioButton('rfbridge') },
  { name: 'tasmota-zigbee-leak', make: () => tasmotaZigbeeLeak('zbbridge') },
  { name: 'vayyar-radar', make: () => vayyarRadar('id_M2Y2NzA1') },
  { name: 'wmbus-heat-meter', make: () => heatMeter('Heating') },
  { name: 'wmbus-water-meter', make: () => waterMeter('ColdWaterMeter') },
  { name: 'yobiiq-smoke', make: () => yobiiqSmoke('70b3d5a4d1001001') },
  { name: 'zigbee-door', make: () => zigbeeDoor('hall door') },
  { name: 'zigbee-fall-radar', make: () => zigbeeFallRadar('bedroom radar') },
  { name: 'zigbee-leak', make: () => zigbeeLeak('kitchen leak') },
  { name: 'zigbee-motion', make: () => zigbeeMotion('hall motion') },
  { name: 'zigbee-plug', make: () => zigbeePlug('kettle') },
  { name: 'zigbee-smoke', make: () => zigbeeSmoke('hall smoke') },
  { name: 'zigbee-sos', make: () => zigbeeSos('bedside button') },
]
