import { bthomeClimate, bthomeDoor, bthomeSos } from './bthome-devices/devices.ts'
import { chintDdsu666 } from './chint-ddsu666/meter.ts'
import { cjt188ColdWater, cjt188Gas, cjt188Heat } from './cjt188-meter/meters.ts'
import type { PolledDevice, PublishingDevice, TalkingDevice } from './device.ts'
import { dlt645Meter1997 } from './dlt645-1997-meter/meter.ts'
import { dlt645SinglePhase } from './dlt645-meter/device.ts'
import { dlt645ThreePhase } from './dlt645-three-phase/meter.ts'
import { eastronSdm120 } from './eastron-sdm120/meter.ts'
import * as enocean from './esp3/senders.ts'
import { esphomeMeter, esphomePresence } from './esphome-devices/devices.ts'
import { ld6002, ld6002b, ld6002c, mr60fda2 } from './hilink-radar/radars.ts'
import { IecModeCMeter, iecPushMeter } from './iec62056-meter/meter.ts'
import { ld2410 } from './ld2410/radar.ts'
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
import { mbusElectricity, mbusHeat, mbusWater } from './mbus-meter/meters.ts'
import { p1MeterWithGas } from './p1-meter/meter.ts'
import { ev1527Button, ev1527Contact } from './portisch/senders.ts'
import { pzem004t } from './pzem-004t/meter.ts'
import { mr24hpc1, mr60bha1, mr60fda1 } from './radar-5359/radars.ts'
import * as rfxcom from './rfxcom/senders.ts'
import { shellyBluButton, shellyClimate, shellyPlug, shellySmoke } from './shelly-devices/devices.ts'
import { smlMeter } from './sml-meter/meter.ts'
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
  { name: 'iec62056-meter', make: (address) => new IecModeCMeter(address) },
  { name: 'mbus-electricity', make: mbusElectricity },
  { name: 'mbus-heat', make: mbusHeat },
  { name: 'mbus-water', make: mbusWater },
  { name: 'pzem-004t', make: pzem004t },
]

/** Behind a receiver each is made with its sender; a radar has none, and is alone on its line. */
export const talkingDevices: readonly Maker<TalkingDevice>[] = [
  { name: '433 MHz button', make: ev1527Button },
  { name: '433 MHz contact', make: ev1527Contact },
  { name: 'EnOcean contact', make: enocean.doorContact },
  { name: 'EnOcean motion detector', make: enocean.motionDetector },
  { name: 'EnOcean pendant', make: enocean.pendant },
  { name: 'EnOcean thermometer and hygrometer', make: enocean.roomClimate },
  { name: 'EnOcean thermometer', make: enocean.roomThermometer },
  { name: 'EnOcean water detector', make: enocean.waterDetector },
  { name: 'iec62056-push-meter', make: () => iecPushMeter() },
  { name: 'LD2410', make: ld2410 },
  { name: 'LD6002', make: ld6002 },
  { name: 'LD6002B', make: ld6002b },
  { name: 'LD6002C', make: ld6002c },
  { name: 'MR24HPC1', make: mr24hpc1 },
  { name: 'MR60BHA1', make: mr60bha1 },
  { name: 'MR60FDA1', make: mr60fda1 },
  { name: 'MR60FDA2', make: mr60fda2 },
  { name: 'p1-meter-with-gas', make: () => p1MeterWithGas() },
  { name: 'RFXCOM 433 MHz button', make: rfxcom.lighting4Button },
  { name: 'RFXCOM motion detector', make: rfxcom.motionDetector },
  { name: 'RFXCOM panic pendant', make: rfxcom.panicPendant },
  { name: 'RFXCOM smoke detector', make: rfxcom.smokeDetector },
  { name: 'RFXCOM thermometer and hygrometer', make: rfxcom.thermometer },
  { name: 'sml-meter', make: () => smlMeter() },
]

/** By the name that its topic carries: a friendly name, an EUI, an address. */
export const publishingDevices: readonly Maker<PublishingDevice>[] = [
  { name: 'bthome-climate', make: bthomeClimate },
  { name: 'bthome-door', make: bthomeDoor },
  { name: 'bthome-sos', make: bthomeSos },
  { name: 'dragino-button', make: draginoButton },
  { name: 'dragino-door', make: draginoDoor },
  { name: 'ei6500-smoke', make: countingSmokeDetector },
  { name: 'esphome-meter', make: esphomeMeter },
  { name: 'esphome-presence', make: esphomePresence },
  { name: 'lansen-smoke', make: speakingSmokeDetector },
  { name: 'milesight-button', make: milesightButton },
  { name: 'milesight-climate', make: milesightClimate },
  { name: 'milesight-door', make: milesightDoor },
  { name: 'milesight-fall-radar', make: milesightFallRadar },
  { name: 'netvox-carbon-monoxide', make: netvoxCarbonMonoxide },
  { name: 'shelly-blu-button', make: shellyBluButton },
  { name: 'shelly-climate', make: shellyClimate },
  { name: 'shelly-plug', make: shellyPlug },
  { name: 'shelly-smoke', make: shellySmoke },
  { name: 'tasmota-plug', make: tasmotaPlug },
  { name: 'tasmota-radio-button', make: tasmotaRadioButton },
  { name: 'tasmota-zigbee-leak', make: tasmotaZigbeeLeak },
  { name: 'vayyar-radar', make: vayyarRadar },
  { name: 'wmbus-heat-meter', make: heatMeter },
  { name: 'wmbus-water-meter', make: waterMeter },
  { name: 'yobiiq-smoke', make: yobiiqSmoke },
  { name: 'zigbee-door', make: zigbeeDoor },
  { name: 'zigbee-fall-radar', make: zigbeeFallRadar },
  { name: 'zigbee-leak', make: zigbeeLeak },
  { name: 'zigbee-motion', make: zigbeeMotion },
  { name: 'zigbee-plug', make: zigbeePlug },
  { name: 'zigbee-smoke', make: zigbeeSmoke },
  { name: 'zigbee-sos', make: zigbeeSos },
]
