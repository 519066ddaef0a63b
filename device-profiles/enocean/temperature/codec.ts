import { equipmentReadings, nothing } from '../../protocols/esp3/equipment-readings.ts'
import type { DeviceOptions, DriverMessages } from '../../src/profile.ts'

/** Each type of A5-02 has a range of its own, and the byte is inverted: 255 is the lower end. */
export const decode = (telegram: DriverMessages['esp3'], { eep = '' }: DeviceOptions) =>
  equipmentReadings(eep, telegram, ['temperature']) ?? nothing
