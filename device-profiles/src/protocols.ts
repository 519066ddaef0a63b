import { bthomeV2 } from '../protocols/bthome-v2/tell.ts'
import { chirpstackV4 } from '../protocols/chirpstack-v4/tell.ts'
import { cjt188 } from '../protocols/cjt188/tell.ts'
import { dlt645In1997, dlt645In2007 } from '../protocols/dlt645/tell.ts'
import { draginoLorawan } from '../protocols/dragino-lorawan/tell.ts'
import { dsmrP1 } from '../protocols/dsmr-p1/tell.ts'
import { esp3 } from '../protocols/esp3/tell.ts'
import { esphome } from '../protocols/esphome/tell.ts'
import { gsmAt } from '../protocols/gsm-at/tell.ts'
import { haDiscovery } from '../protocols/ha-discovery/tell.ts'
import { iec62056 } from '../protocols/iec62056-21/tell.ts'
import { ld2410 } from '../protocols/ld2410/tell.ts'
import { mbus } from '../protocols/mbus/tell.ts'
import { milesightLorawan } from '../protocols/milesight-lorawan/tell.ts'
import { modbusRtuWith } from '../protocols/modbus-rtu/tell.ts'
import { otherLorawan } from '../protocols/other-lorawan/tell.ts'
import { radar5359 } from '../protocols/radar-5359/tell.ts'
import { rf433Portisch } from '../protocols/rf433-portisch/tell.ts'
import { rfxcom } from '../protocols/rfxcom/tell.ts'
import { shellyGen2 } from '../protocols/shelly-gen2/tell.ts'
import { sml } from '../protocols/sml/tell.ts'
import { smsPdu } from '../protocols/sms-pdu/tell.ts'
import { tasmota } from '../protocols/tasmota/tell.ts'
import { tinyframeRadar } from '../protocols/tinyframe/tell.ts'
import { vayyarCare } from '../protocols/vayyar-care/tell.ts'
import { wmbusmetersMqtt } from '../protocols/wmbusmeters-mqtt/tell.ts'
import { zigbee2mqtt } from '../protocols/zigbee2mqtt/tell.ts'
import { registerMapById } from './register-maps.ts'
import type { Protocol } from './telling.ts'

/** Every protocol that can be read without knowing the device. */
export const protocols: readonly Protocol[] = [
  dlt645In2007,
  dlt645In1997,
  cjt188,
  tinyframeRadar,
  radar5359,
  ld2410,
  iec62056,
  dsmrP1,
  modbusRtuWith(registerMapById),
  mbus,
  esp3,
  rf433Portisch,
  rfxcom,
  sml,
  zigbee2mqtt,
  bthomeV2,
  shellyGen2,
  tasmota,
  esphome,
  milesightLorawan,
  draginoLorawan,
  otherLorawan,
  chirpstackV4,
  wmbusmetersMqtt,
  vayyarCare,
  haDiscovery,
  smsPdu,
  gsmAt,
]

const byName: ReadonlyMap<string, Protocol> = new Map(protocols.map((protocol) => [protocol.name, protocol]))
export const protocolByName = (name: string): Protocol | undefined => byName.get(name)
