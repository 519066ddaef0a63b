import { cjt188Wire } from '../protocols/cjt188/wire.ts'
import { dlt645Wire1997, dlt645Wire2007 } from '../protocols/dlt645/wire.ts'
import { dsmrP1Wire } from '../protocols/dsmr-p1/wire.ts'
import { esp3Wire } from '../protocols/esp3/wire.ts'
import { iec62056PushWire, iec62056Wire } from '../protocols/iec62056-21/wire.ts'
import { ld2410Wire } from '../protocols/ld2410/wire.ts'
import { mbusWire } from '../protocols/mbus/wire.ts'
import { modbusRtuWire } from '../protocols/modbus-rtu/wire.ts'
import { radar5359Wire } from '../protocols/radar-5359/wire.ts'
import { portischWire } from '../protocols/rf433-portisch/wire.ts'
import { rfxcomWire } from '../protocols/rfxcom/wire.ts'
import { smlWire } from '../protocols/sml/wire.ts'
import { tinyframeLongWire, tinyframeWire } from '../protocols/tinyframe/wire.ts'
import type { Wire } from './wire.ts'

/** Every protocol a gateway speaks on a serial line. A new one is a folder and a line here. */
export const wires = {
  cjt188: cjt188Wire,
  'dlt645-1997': dlt645Wire1997,
  'dlt645-2007': dlt645Wire2007,
  'dsmr-p1': dsmrP1Wire,
  esp3: esp3Wire,
  'iec62056-21': iec62056Wire,
  'iec62056-21-push': iec62056PushWire,
  ld2410: ld2410Wire,
  mbus: mbusWire,
  'modbus-rtu': modbusRtuWire,
  'radar-5359': radar5359Wire,
  'rf433-portisch': portischWire,
  rfxcom: rfxcomWire,
  sml: smlWire,
  tinyframe: tinyframeWire,
  'tinyframe-long': tinyframeLongWire,
} satisfies Record<string, Wire>

export type WireName = keyof typeof wires

/** The wire behind a driver's name; undefined for MQTT, which has none. */
export const wireOf = (driver: string): Wire | undefined =>
  Object.hasOwn(wires, driver) ? wires[driver as WireName] : undefined
