import { cjt188Wire } from '../protocols/cjt188/wire.ts'
import { dlt645Wire1997, dlt645Wire2007 } from '../protocols/dlt645/wire.ts'
import { modbusRtuWire } from '../protocols/modbus-rtu/wire.ts'
import { tinyframeWire } from '../protocols/tinyframe/wire.ts'
import type { Wire } from './wire.ts'

/** Every protocol a gateway speaks on a serial line. A new one is a folder and a line here. */
export const wires = {
  cjt188: cjt188Wire,
  'dlt645-1997': dlt645Wire1997,
  'dlt645-2007': dlt645Wire2007,
  'modbus-rtu': modbusRtuWire,
  tinyframe: tinyframeWire,
} satisfies Record<string, Wire>

export type WireName = keyof typeof wires

/** The wire behind a driver's name; undefined for MQTT, which has none. */
export const wireOf = (driver: string): Wire | undefined =>
  Object.hasOwn(wires, driver) ? wires[driver as WireName] : undefined
