import { callsForHelp } from '../../ev1527/keys.ts'
import { readLighting4 } from '../../protocols/rfxcom/reports.ts'
import type { Decoded, DeviceOptions, DriverMessages } from '../../src/profile.ts'

/** Every repeat of a press is told as a press: that those within a second are one is the pipeline's to say. */
export const decode = (packet: DriverMessages['rfxcom'], options: DeviceOptions): Decoded<never> =>
  callsForHelp(readLighting4(packet).key, options)
    ? { readings: {}, events: ['sos-pressed'] }
    : { readings: {}, events: [], heartbeat: true }
