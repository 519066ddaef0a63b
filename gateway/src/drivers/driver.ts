import type { Absence, Clock, Millis, Random } from '@anju/contract'
import type { Device, DeviceMessage, Heard, Log, Quarantined } from '../ports.ts'
import type { Line } from '../serial-line/line.ts'

/** What a driver tells the rest of the gateway. Every promise resolves when it is on the disk. */
export interface DeviceListener {
  hear(message: DeviceMessage): Promise<void>
  /** Asked or expected, and there is nothing. `alive`: the device did answer, with words and no value. */
  silence(device: Device, points: readonly string[], why: Absence, alive: boolean): Promise<void>
  /** A whole frame of a device that is not installed here. */
  stranger(line: string, sender: string): void
  /** Bytes that are no message of anything we know. */
  refuse(refused: Omit<Quarantined, 'at'>): Promise<void>
}

export interface DriverContext {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly listener: DeviceListener
}

/** Speaks one protocol on one line with the devices installed there. */
export interface LineDriver {
  /** How long a line with these devices, one at least, may be mute before the line itself is suspect. */
  quietMaxOf(devices: readonly Device[]): Millis
  attach(line: Line, devices: readonly Device[], context: DriverContext): RunningDriver
}
export interface RunningDriver {
  stop(): Promise<void>
}

/** What a wire hands over is the message of the driver of the same name: that is how `DriverMessages` is made. */
export const messageFrom = (device: Device, message: unknown, heard: Heard): DeviceMessage =>
  ({ device, driver: device.profile.driver, message, heard }) as DeviceMessage
