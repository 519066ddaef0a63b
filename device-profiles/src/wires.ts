import { dlt645Wire1997, dlt645Wire2007 } from '../protocols/dlt645/wire.ts'
import { dsmrP1Wire } from '../protocols/dsmr-p1/wire.ts'
import { iec62056PushWire, iec62056Wire } from '../protocols/iec62056-21/wire.ts'
import { mbusWire } from '../protocols/mbus/wire.ts'
import { smlWire } from '../protocols/sml/wire.ts'
import { tinyframeWire } from '../protocols/tinyframe/wire.ts'
import type { Wire } from './wire.ts'

/** Every protocol a gateway speaks on a serial line. A new one is a folder and a line here. */
export const wires = {
  'dlt645-1997': dlt645Wire1997,
  'dlt645-2007': dlt645Wire2007,
  'dsmr-p1': dsmrP1Wire,
  'iec62056-21': iec62056Wire,
  'iec62056-21-push': iec62056PushWire,
  mbus: mbusWire,
  sml: smlWire,
  tinyframe: tinyframeWire,
} satisfies Record<string, Wire>

export type WireName = keyof typeof wires

/** The wire behind a driver's name; undefined for MQTT, which has none. */
export const wireOf = (driver: string): Wire | undefined =>
  Object.hasOwn(wires, driver) ? wires[driver as WireName] : undefined
