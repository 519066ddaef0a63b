import { equipmentReadings, nothing } from '../../protocols/esp3/equipment-readings.ts'
import type { DeviceOptions, DriverMessages } from '../../src/profile.ts'

export const decode = (telegram: DriverMessages['esp3'], { eep = '' }: DeviceOptions) =>
  equipmentReadings(eep, telegram, ['temperature', 'humidity']) ?? nothing
