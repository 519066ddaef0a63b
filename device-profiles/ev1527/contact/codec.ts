import { reading } from '@anju/contract'
import { provePulses } from '../../protocols/rf433-portisch/ev1527.ts'
import type { Decoded, DeviceOptions, DriverMessages } from '../../src/profile.ts'
import { keyOf } from '../keys.ts'

/** As the Kerui contacts, the most copied ones, wire their keys. */
const KERUI = { open: 0xe, closed: 0x7, tamper: 0xb, batteryLow: 0xf }

/** Tamper and battery are said once and never taken back: they happen, they are no state. */
export function decode(code: DriverMessages['rf433-portisch'], options: DeviceOptions): Decoded<'contact'> {
  provePulses(code)
  switch (code.key) {
    case keyOf(options, 'open', KERUI.open):
      return { readings: { contact: reading(0) }, events: [] }
    case keyOf(options, 'closed', KERUI.closed):
      return { readings: { contact: reading(1) }, events: [] }
    case keyOf(options, 'tamper', KERUI.tamper):
      return { readings: {}, events: ['tamper'] }
    case keyOf(options, 'battery', KERUI.batteryLow):
      return { readings: {}, events: ['battery-low'] }
    default:
      return { readings: {}, events: [], heartbeat: true }
  }
}
