import { provePulses } from '../../protocols/rf433-portisch/ev1527.ts'
import type { Decoded, DeviceOptions, DriverMessages } from '../../src/profile.ts'
import { callsForHelp } from '../keys.ts'

/** Every repeat of a press is told as a press: that twenty within a second are one is the pipeline's to say. */
export function decode(code: DriverMessages['rf433-portisch'], options: DeviceOptions): Decoded<never> {
  provePulses(code)
  return callsForHelp(code.key, options)
    ? { readings: {}, events: ['sos-pressed'] }
    : { readings: {}, events: [], heartbeat: true }
}
