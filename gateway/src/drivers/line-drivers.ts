import { wireOf } from '@anju/device-profiles/wires'
import type { Device } from '../ports.ts'
import { busMaster } from './bus-master/bus-master.ts'
import type { LineDriver } from './driver.ts'
import { lineListener } from './listener/listener.ts'

/** Who serves a line with these devices: its master, or a listener; nobody where none is installed. */
export function driverFor(devices: readonly Device[]): LineDriver | undefined {
  const wire = wireOf(devices[0]?.profile.driver ?? '')
  if (!wire) return undefined
  return wire.is === 'polled' ? busMaster : lineListener
}
