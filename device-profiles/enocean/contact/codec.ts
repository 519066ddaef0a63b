import { equipmentReadings, nothing } from '../../protocols/esp3/equipment-readings.ts'
import type { DriverMessages } from '../../src/profile.ts'

export const decode = (telegram: DriverMessages['esp3']) =>
  equipmentReadings('D5-00-01', telegram, ['contact']) ?? nothing
